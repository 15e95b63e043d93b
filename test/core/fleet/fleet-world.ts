import { firstValueFrom, timer } from 'rxjs';
import { openSqliteStore, type Store } from 'usher-bots';
import type { Crew } from '../../../core/fleet/crew.ts';
import type { Holding } from '../../../core/fleet/holding.ts';
import { Worker } from '../../../core/fleet/worker.ts';
import type { VirtualTime } from '../../../core/testing/virtual-time.ts';

export interface WorldOptions {
  readonly file: string;
  readonly agents: number;
  readonly loginsPerSecond: number;
  readonly ttl: number;
  /** Milliseconds that an operation may take until it has had its effect. */
  readonly sending: number;
  /** Whether a worker looks at its lease before it acts; without, the test must find violations. */
  readonly isProtected: boolean;
}

/** A worker as the world sees it: it may be frozen, killed, or cut off from the server. */
interface Member {
  readonly worker: Worker;
  readonly store: Store;
  readonly capacity: number;
  /** What it runs. */
  readonly running: Map<string, Holding>;
  /** Frozen since when; the process itself does not notice. */
  frozenAt: number | undefined;
  isGone: boolean;
  isDraining: boolean;
  isCutOff: boolean;
}

/** Workers on one store, in virtual time, and somebody who watches what they might do. */
export class FleetWorld {
  readonly violations: string[] = [];
  readonly logins: number[] = [];
  readonly #options: WorldOptions;
  readonly #time: VirtualTime;
  readonly #members: Member[] = [];
  readonly #supervisor: Store;
  /** By agent: who may have acted last, and until when that may take effect. */
  readonly #acts = new Map<string, { readonly member: Member; readonly until: number }>();
  known: ReadonlySet<string>;

  constructor(time: VirtualTime, options: WorldOptions) {
    this.#time = time;
    this.#options = options;
    this.#supervisor = openSqliteStore(options.file, { now: () => time.now, monotonic: () => time.now });
    this.known = new Set(Array.from({ length: options.agents }, (_, nth) => `agent-${nth}`));
  }

  /** Those that live and take agents. */
  get able(): readonly Member[] {
    return this.#members.filter(({ isGone, frozenAt }) => !isGone && frozenAt === undefined);
  }

  async join(capacity = 100): Promise<void> {
    const { file, ttl, loginsPerSecond } = this.#options;
    const clock = (): number => member?.frozenAt ?? this.#time.now;
    const store = openSqliteStore(file, { now: () => this.#time.now, monotonic: clock });
    const running = new Map<string, Holding>();
    let member: Member | undefined;
    const worker = new Worker({
      store: frozenWith(store, () => member?.frozenAt !== undefined || member?.isGone === true),
      crew: this.#crewOf(running, () => member?.isCutOff === true),
      known: () => this.known,
      name: `worker-${this.#members.length}`,
      capacity,
      ttl,
      loginsPerSecond,
      monotonic: clock,
    });
    member = {
      worker,
      store,
      capacity,
      running,
      frozenAt: undefined,
      isGone: false,
      isDraining: false,
      isCutOff: false,
    };
    this.#members.push(member);
    await worker.join();
    await worker.start();
  }

  /** Kills one without warning; with a supervisor, its lease is ended at once. */
  async kill(nth: number, isSupervised: boolean): Promise<void> {
    const member = this.#pick(nth);
    if (member === undefined) return;
    member.isGone = true;
    member.running.clear();
    // What is in the socket of the dead is a matter of the transcript.
    for (const [agent, act] of this.#acts) if (act.member === member) this.#acts.delete(agent);
    const { incarnation } = member.worker;
    if (isSupervised && incarnation !== undefined) await this.#supervisor.expire(incarnation);
  }

  freeze(nth: number): void {
    const member = this.#pick(nth);
    if (member !== undefined) member.frozenAt = this.#time.now;
  }

  /** All that are frozen go on, and the first thing that they do may be to act. */
  thaw(): void {
    for (const member of this.#members) member.frozenAt = undefined;
    this.watch();
  }

  cutOff(nth: number, isCutOff: boolean): void {
    const member = this.#pick(nth);
    if (member !== undefined) member.isCutOff = isCutOff;
  }

  /** One gives its agents to the others and ends. */
  async drain(nth: number): Promise<void> {
    const member = this.#pick(nth);
    if (member === undefined || this.#staying.length < 2) return;
    member.isDraining = true;
    await member.worker.drain(10_000);
    await member.worker.leave();
    member.isGone = true;
    member.running.clear();
  }

  /** Looks at who may act now. An operation that is sent now may have its effect until it is given up. */
  watch(): void {
    const { sending, isProtected } = this.#options;
    for (const member of this.able) {
      for (const [agent, holding] of member.running) {
        if (isProtected && !holding.holds(sending + 1_000)) continue;
        const last = this.#acts.get(agent);
        if (last !== undefined && last.member !== member && last.until > this.#time.now)
          this.violations.push(`${agent} at ${this.#time.now}: two may act`);
        this.#acts.set(agent, { member, until: this.#time.now + sending });
      }
    }
  }

  /** Lets time pass under watch. */
  async pass(milliseconds: number): Promise<void> {
    for (let passed = 0; passed < milliseconds; passed += 50) {
      await this.#time.advance(50);
      this.watch();
    }
  }

  /** Who runs how many, and which agents nobody runs, or too many do. */
  state(): { readonly shares: readonly number[]; readonly wrong: readonly string[] } {
    const wrong = [...this.known].filter(
      (agent) => this.able.filter(({ running }) => running.has(agent)).length !== 1,
    );
    return { shares: this.able.map(({ running }) => running.size), wrong };
  }

  async close(): Promise<void> {
    await Promise.all(this.#members.filter(({ isGone }) => !isGone).map(({ worker }) => worker.leave()));
    for (const member of this.#members) {
      member.isGone = false;
      await member.store.close();
    }
    await this.#supervisor.close();
  }

  /** Whether somebody is left who takes agents. */
  get isStaffed(): boolean {
    return this.#staying.length > 0;
  }

  get #staying(): readonly Member[] {
    return this.able.filter(({ isDraining }) => !isDraining);
  }

  #pick(nth: number): Member | undefined {
    const staying = this.#staying;
    return staying[nth % Math.max(1, staying.length)];
  }

  #crewOf(running: Map<string, Holding>, isCutOff: () => boolean): Crew {
    const end = async (agent: string): Promise<void> => {
      // Half a second, or nothing: the work of some agents takes a while to end.
      await firstValueFrom(timer(agent.endsWith('3') ? 500 : 0));
      running.delete(agent);
      // Nothing more is under way.
      this.#acts.delete(agent);
    };
    return {
      begin: (holding) => {
        this.logins.push(this.#time.now);
        running.set(holding.agent, holding);
      },
      renew: (holding) => void running.set(holding.agent, holding),
      handOn: end,
      retire: end,
      drop: (agent) => void running.delete(agent),
      openChats: (agent) => agent.length % 3,
      loggingIn: 0,
      get isCutOff() {
        return isCutOff();
      },
    };
  }
}

/** A store whose calls never come back while the process is frozen, or once it is dead. */
function frozenWith(store: Store, isFrozen: () => boolean): Store {
  return new Proxy(store, {
    get(target, name) {
      const member = Reflect.get(target, name, target) as unknown;
      if (typeof member !== 'function') return member;
      return (...args: unknown[]) =>
        isFrozen() ? new Promise(() => undefined) : Reflect.apply(member, target, args);
    },
  });
}
