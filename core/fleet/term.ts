import { asUsherError, type UsherError } from '../errors.ts';
import type { Allowance, Census, Claim, Lease, Store } from '../store/store.ts';
import type { Crew } from './crew.ts';
import { isDrainRequested } from './drain-request.ts';
import { sharesOf, surplusOf } from './fair-share.ts';
import { Holding } from './holding.ts';
import type { LoopWatch } from './loop-watch.ts';
import { seatTaken } from './seat-taken.ts';

export interface TermOptions {
  readonly store: Store;
  readonly lease: Lease;
  readonly crew: Crew;
  /** The agents that may be run; another set whenever they change. */
  readonly known: () => ReadonlySet<string>;
  readonly capacity: () => number;
  /** How many agents of all workers together may log in; absent: as many as there are. */
  readonly logins?: Allowance | undefined;
  /** How many agents are given to others at a time. */
  readonly lot: number;
  /** All agents are to be this worker's, and none is another's. */
  readonly isAlone: boolean;
  readonly loop: LoopWatch;
  /** Milliseconds of a clock that nobody sets. */
  readonly monotonic: () => number;
  readonly onProblem: (error: UsherError, agent?: string) => void;
}

/** How many logins' worth of agents may wait for their turn: what is more is better claimed by somebody else. */
const mostWaiting = 2;

/** A process that is slow would have all of more at once time out, and then begin all of them again. */
const mostLoggingIn = 50;

/** One life of a worker, from joining to losing or ending its lease, and the agents that it holds. */
export class Term {
  readonly lease: Lease;
  readonly #options: TermOptions;
  readonly #holdings = new Map<string, Holding>();
  /** Those that have not been let log in yet, in the order of their claims. */
  readonly #waiting = new Map<string, Holding>();
  /** Those whose work is being ended here. */
  readonly #leaving = new Set<string>();
  /** What this process is not to run again, since somebody else does. */
  readonly #forsaken = new Set<string>();
  #enrolled: ReadonlySet<string> = new Set();
  #renewedAt: number;
  #offered: number;
  #heirs = 0;
  #lost: UsherError | undefined;
  #isDoubtful = false;
  #isOpen = false;
  /** Everything is to be given to the others. */
  isDraining = false;
  /** What it has stays here until it has ended, and nothing is taken any more. */
  isEnding = false;
  /** Somebody has asked for that through the store. */
  isDrainRequested = false;

  constructor(options: TermOptions) {
    this.#options = options;
    this.lease = options.lease;
    this.#renewedAt = options.monotonic();
    this.#offered = options.capacity();
  }

  /** Why it is over; `undefined` while the lease holds. */
  get lost(): UsherError | undefined {
    return this.#lost;
  }

  get agents(): readonly string[] {
    return [...this.#holdings.keys()];
  }

  /** Those that are to be run, and are not held. */
  get missing(): readonly string[] {
    return [...this.#options.known()].filter((agent) => !this.#holdings.has(agent));
  }

  /** How many others could take agents, when it was last looked. */
  get heirs(): number {
    return this.#heirs;
  }

  /** Past the deadline everything is dropped at once: it may be somebody else's. */
  guard(): void {
    if (!this.lease.ok()) this.end('it was not renewed in time');
  }

  end(why: string, cause?: UsherError): void {
    if (this.#lost !== undefined) return;
    const lost = seatTaken(`the lease on the agents has ended: ${why}`, cause);
    this.#lost = lost;
    for (const holding of this.#holdings.values()) holding.end();
    for (const agent of this.#holdings.keys())
      if (!this.#waiting.has(agent)) this.#options.crew.drop(agent, lost);
    this.#holdings.clear();
    this.#waiting.clear();
  }

  /** Nobody logs in before. */
  async open(): Promise<void> {
    this.#isOpen = true;
    await this.#logIn();
  }

  /** A commit has shown that the agent, or what was believed of its chats, is not this worker's any more. */
  lose(agent: string): void {
    const holding = this.#holdings.get(agent);
    if (holding === undefined) return;
    this.#forget(holding);
    if (this.#options.isAlone) this.#forsaken.add(agent);
    this.#options.crew.drop(agent, seatTaken(`another process runs ${agent} now`));
  }

  /** The store was away: what was committed last may be lost, so everything is claimed anew before anything is sent. */
  doubt(): void {
    this.#isDoubtful = true;
  }

  /** One turn of the talk with the store. */
  async step(): Promise<void> {
    const { store, known, isAlone } = this.#options;
    await this.#enrol(known());
    await this.#renew();
    await store.reap();
    if (this.#isDoubtful) await this.#retake();
    this.#retire();
    if (!isAlone) await this.#balance(await store.census());
    else if (!this.isEnding && this.#holdings.size < known().size) await this.#claim(known().size);
    if (this.#isOpen && !this.isEnding && !this.isDraining) await this.#logIn();
  }

  /** Gives an agent to whoever wants it, this worker included. */
  handOn(agent: string): void {
    if (this.#holdings.has(agent) && !this.#leaving.has(agent)) void this.#handOn(agent);
  }

  /** Gives the agents to whoever wants them, at once. */
  async handOnAll(): Promise<void> {
    await Promise.all(
      this.agents.filter((agent) => !this.#leaving.has(agent)).map((agent) => this.#handOn(agent)),
    );
  }

  async #enrol(known: ReadonlySet<string>): Promise<void> {
    if (known === this.#enrolled) return;
    await this.#options.store.enrol([...known].filter((agent) => !this.#enrolled.has(agent)));
    this.#enrolled = known;
  }

  async #renew(): Promise<void> {
    const { store, monotonic } = this.#options;
    const now = monotonic();
    const offer = this.#offer();
    if (offer === this.#offered && now - this.#renewedAt < this.lease.ttlMs / 4) return;
    await store.renew(this.lease, offer);
    this.#offered = offer;
    this.#renewedAt = now;
  }

  /** What the others are to reckon with. */
  #offer(): number {
    const { capacity, crew, loop } = this.#options;
    return this.isDraining || this.isEnding || crew.isCutOff || loop.isSick ? 0 : capacity();
  }

  async #balance(census: Census): Promise<void> {
    const { store, known } = this.#options;
    const { incarnation } = this.lease;
    this.isDrainRequested ||= await isDrainRequested(store, incarnation);
    const offering = census.workers.filter(({ capacity, expires }) => capacity > 0 && expires > census.at);
    this.#heirs = offering.filter((worker) => worker.incarnation !== incarnation).length;
    await this.#tidy(census);
    // One that cannot work has nothing to gain by keeping its agents, unless nobody else could do better.
    const able = this.#offered > 0 ? offering : offering.filter((one) => one.incarnation !== incarnation);
    const share =
      this.#offered === 0 && this.#heirs === 0
        ? this.#holdings.size
        : (sharesOf(known().size, able).get(incarnation) ?? 0);
    const unowned = known().size - census.workers.reduce((sum, { load }) => sum + load, 0);
    if (!this.isEnding) this.#part(share, unowned);
    if (unowned > 0 && this.#offered > 0 && !this.#options.loop.isSlow) await this.#claim(share);
  }

  /** What this worker owns without knowing, because an answer was lost, is nobody's. */
  async #tidy({ workers }: Census): Promise<void> {
    const own = workers.find(({ incarnation }) => incarnation === this.lease.incarnation);
    if (this.#lost !== undefined || (own?.load ?? 0) <= this.#holdings.size) return;
    await this.#options.store.release(this.lease, this.missing);
  }

  /** Ends the work of those that are not to be run any more. */
  #retire(): void {
    const { known, crew } = this.#options;
    for (const agent of this.agents) {
      if (known().has(agent) || this.#leaving.has(agent)) continue;
      void this.#leave(agent, this.#waiting.has(agent) ? Promise.resolve() : crew.retire(agent));
    }
  }

  /** Gives away what is too much: what has no session yet at once, the rest as quickly as the others can take it. */
  #part(share: number, unowned: number): void {
    const { crew, lot } = this.#options;
    const staying = this.agents.filter((agent) => !this.#leaving.has(agent));
    const surplus = surplusOf(staying, staying.length - share, (agent) =>
      this.#waiting.has(agent) ? -1 : crew.openChats(agent),
    );
    const idle = surplus.filter((agent) => this.#waiting.has(agent));
    const room = Math.max(0, lot - Math.max(0, unowned) - this.#leaving.size);
    const working = surplus.filter((agent) => !this.#waiting.has(agent)).slice(0, room);
    for (const agent of [...idle, ...working]) void this.#handOn(agent);
  }

  #handOn(agent: string): Promise<void> {
    const work = this.#waiting.has(agent) ? Promise.resolve() : this.#options.crew.handOn(agent);
    return this.#leave(agent, work);
  }

  /** The agent is this worker's until its work has ended, and free then. */
  async #leave(agent: string, work: Promise<void>): Promise<void> {
    const { store, onProblem } = this.#options;
    this.#leaving.add(agent);
    this.#waiting.delete(agent);
    try {
      await work;
      this.#holdings.get(agent)?.end();
      if (this.#lost === undefined) await store.release(this.lease, [agent]);
    } catch (thrown) {
      // If it is still owned, that is found at the next turn.
      onProblem(asUsherError(thrown), agent);
    } finally {
      this.#leaving.delete(agent);
      this.#holdings.delete(agent);
    }
  }

  async #claim(share: number): Promise<void> {
    const { store, logins, known } = this.#options;
    const room = logins === undefined ? share : Math.ceil(mostWaiting * logins.burst) - this.#waiting.size;
    const wanted = Math.min(share - (this.#holdings.size - this.#leaving.size), room);
    const free = [...known()].filter((agent) => !this.#holdings.has(agent) && !this.#forsaken.has(agent));
    if (wanted < 1 || free.length === 0) return;
    for (const claim of await store.claim(this.lease, wanted, free)) this.#take(claim);
  }

  #take(claim: Claim): void {
    if (this.#lost !== undefined) return;
    const holding = new Holding(this.#options.store, this.lease, claim);
    this.#holdings.set(claim.agent, holding);
    this.#waiting.set(claim.agent, holding);
  }

  async #logIn(): Promise<void> {
    const { store, crew, logins } = this.#options;
    if (this.#lost !== undefined) return;
    const room = logins === undefined ? this.#waiting.size : mostLoggingIn - crew.loggingIn;
    const wanted = Math.min(this.#waiting.size, room);
    if (wanted < 1) return;
    const count = logins === undefined ? wanted : await store.draw(logins, wanted);
    for (const [agent, holding] of [...this.#waiting].slice(0, count)) {
      this.#waiting.delete(agent);
      crew.begin(holding);
    }
  }

  async #retake(): Promise<void> {
    const { store, crew } = this.#options;
    const held = this.agents.filter((agent) => !this.#leaving.has(agent));
    // First of all, nothing more is sent under the old claims.
    for (const agent of held) this.#holdings.get(agent)?.end();
    await store.release(this.lease, held);
    const claims = await store.claim(this.lease, held.length, held);
    this.#isDoubtful = false;
    if (this.#lost !== undefined) return;
    const claimed = new Map(claims.map((claim) => [claim.agent, claim]));
    for (const agent of held) {
      const claim = claimed.get(agent);
      const isWaiting = this.#waiting.has(agent);
      if (claim === undefined) this.#forget(this.#holdings.get(agent));
      else this.#take(claim);
      if (isWaiting) continue;
      const holding = this.#holdings.get(agent);
      this.#waiting.delete(agent);
      if (holding === undefined) crew.drop(agent, seatTaken(`another process runs ${agent} now`));
      else crew.renew(holding);
    }
  }

  #forget(holding: Holding | undefined): void {
    if (holding === undefined) return;
    holding.end();
    this.#holdings.delete(holding.agent);
    this.#waiting.delete(holding.agent);
  }
}
