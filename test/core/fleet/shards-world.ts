import { firstValueFrom, Subject, timer } from 'rxjs';
import { openSqliteStore, type Store } from 'usher-bots';
import type { Crew } from '../../../core/fleet/crew.ts';
import type { Holding } from '../../../core/fleet/holding.ts';
import { ShardedWorker } from '../../../core/fleet/sharded-worker.ts';
import { shardOf } from '../../../core/store/shard-of.ts';
import { storeUnavailable } from '../../../core/store/store-errors.ts';
import type { VirtualTime } from '../../../core/testing/virtual-time.ts';

export interface ShardsOptions {
  readonly shards: number;
  readonly agents: number;
  readonly loginsPerSecond: number;
  readonly ttl: number;
  /** Milliseconds that an operation may take until it has had its effect. */
  readonly sending: number;
}

interface Member {
  readonly worker: ShardedWorker;
  readonly running: Map<string, Holding>;
  /** Those whose work is being ended. */
  readonly leaving: Set<string>;
  readonly capacity: number;
  /** The shards that this one cannot reach, and until when it had been so. */
  readonly lost: Set<number>;
  readonly lostUntil: number[];
  isGone: boolean;
}

/** Milliseconds until a request to a lost store is given up. */
const deadline = 1_000;

/** Workers on several stores, in virtual time: any of which may be lost to some of them, or to all. */
export class ShardsWorld {
  /** Two who may act for one agent, more agents than a capacity, agents stopped by what is not their store's. */
  readonly violations: string[] = [];
  readonly logins: number[] = [];
  /** Agents that were given up, dropped or handed on, since it was last emptied. */
  readonly stopped: string[] = [];
  readonly problems: string[] = [];
  known: ReadonlySet<string>;
  readonly #options: ShardsOptions;
  readonly #time: VirtualTime;
  readonly #members: Member[] = [];
  readonly #stores: readonly Store[];
  readonly #lostToAll = new Set<number>();
  readonly #acts = new Map<string, { readonly member: Member; readonly until: number }>();

  constructor(time: VirtualTime, options: ShardsOptions) {
    this.#time = time;
    this.#options = options;
    const clock = (): number => time.now;
    this.#stores = Array.from({ length: options.shards }, () =>
      openSqliteStore(':memory:', { now: clock, monotonic: clock }),
    );
    this.known = new Set(Array.from({ length: options.agents }, (_, nth) => `agent-${nth}`));
  }

  get living(): readonly Member[] {
    return this.#members.filter(({ isGone }) => !isGone);
  }

  shardOf(agent: string): number {
    return shardOf(agent, this.#options.shards);
  }

  async join(capacity = 100): Promise<void> {
    const { ttl, loginsPerSecond } = this.#options;
    const lost = new Set(this.#lostToAll);
    const worker = new ShardedWorker({
      stores: this.#stores.map((store, shard) => this.#wayTo(store, shard, () => member)),
      crew: this.#crewOf(() => member),
      known: () => this.known,
      name: `worker-${this.#members.length}`,
      capacity,
      ttl,
      loginsPerSecond,
      monotonic: () => this.#time.now,
      onProblem: ({ code, message }) => this.problems.push(`${code}: ${message}`),
    });
    const member: Member = {
      worker,
      running: new Map(),
      leaving: new Set(),
      capacity,
      lost,
      lostUntil: this.#stores.map(() => Number.NEGATIVE_INFINITY),
      isGone: false,
    };
    this.#members.push(member);
    await worker.join();
    await worker.start();
  }

  /** Without warning; with a supervisor, its leases are ended at once, in all shards that answer. */
  async kill(nth: number, isSupervised: boolean): Promise<void> {
    const member = this.#pick(nth);
    if (member === undefined) return;
    member.isGone = true;
    member.running.clear();
    for (const [agent, act] of this.#acts) if (act.member === member) this.#acts.delete(agent);
    if (!isSupervised) return;
    for (const [shard, incarnation] of member.worker.incarnations.entries())
      if (incarnation !== undefined && !this.#lostToAll.has(shard))
        await this.#stores[shard]?.expire(incarnation);
  }

  /** A shard is lost, to one or, without, to all. */
  lose(shard: number, nth?: number): void {
    if (nth === undefined) this.#lostToAll.add(shard);
    for (const member of nth === undefined ? this.living : [this.#pick(nth)]) member?.lost.add(shard);
  }

  /** All can be reached again. */
  restore(): void {
    this.#lostToAll.clear();
    for (const { lost, lostUntil } of this.#members) {
      for (const shard of lost) lostUntil[shard] = this.#time.now;
      lost.clear();
    }
  }

  async drain(nth: number): Promise<void> {
    const member = this.#pick(nth);
    if (member === undefined || this.living.length < 2) return;
    await member.worker.drain(10_000);
    await member.worker.leave();
    member.isGone = true;
    member.running.clear();
  }

  async pass(milliseconds: number): Promise<void> {
    for (let passed = 0; passed < milliseconds; passed += 50) {
      await this.#time.advance(50);
      this.#watch();
    }
  }

  /** Who runs how many, and which agents nobody runs, or too many do. */
  state(): { readonly shares: readonly number[]; readonly wrong: readonly string[] } {
    const wrong = [...this.known].filter(
      (agent) => this.living.filter(({ running }) => running.has(agent)).length !== 1,
    );
    return { shares: this.living.map(({ running }) => running.size), wrong };
  }

  async close(): Promise<void> {
    this.restore();
    await Promise.all(this.living.map(({ worker }) => worker.leave()));
    for (const store of this.#stores) await store.close();
  }

  #watch(): void {
    const { sending } = this.#options;
    for (const member of this.living) {
      const working = member.running.size - member.leaving.size;
      if (working > member.capacity)
        this.violations.push(`${working} of at most ${member.capacity} at ${this.#time.now}`);
      for (const [agent, holding] of member.running) {
        if (!holding.holds(sending + 1_000)) continue;
        const last = this.#acts.get(agent);
        if (last !== undefined && last.member !== member && last.until > this.#time.now)
          this.violations.push(`${agent} at ${this.#time.now}: two may act`);
        this.#acts.set(agent, { member, until: this.#time.now + sending });
      }
    }
  }

  #pick(nth: number): Member | undefined {
    return this.living[nth % Math.max(1, this.living.length)];
  }

  #crewOf(memberOf: () => Member): Crew {
    const end = async (agent: string): Promise<void> => {
      this.stopped.push(agent);
      const { running, leaving } = memberOf();
      leaving.add(agent);
      await firstValueFrom(timer(agent.endsWith('3') ? 500 : 0));
      running.delete(agent);
      leaving.delete(agent);
      this.#acts.delete(agent);
    };
    return {
      begin: (holding) => {
        this.logins.push(this.#time.now);
        memberOf().running.set(holding.agent, holding);
      },
      renew: (holding) => void memberOf().running.set(holding.agent, holding),
      handOn: end,
      retire: end,
      drop: (agent) => {
        const { running, lost, lostUntil, isGone } = memberOf();
        if (isGone) return;
        running.delete(agent);
        this.stopped.push(agent);
        const shard = this.shardOf(agent);
        const since = this.#time.now - (lostUntil[shard] ?? 0);
        if (!lost.has(shard) && since > this.#options.ttl)
          this.violations.push(`${agent} was dropped at ${this.#time.now}: shard ${shard} was there`);
      },
      openChats: (agent) => agent.length % 3,
      loggingIn: 0,
      isCutOff: false,
    };
  }

  /** A store as a member reaches it: a request to a lost one is given up, the dead get no answer. */
  #wayTo(store: Store, shard: number, memberOf: () => Member): Store {
    const restored = new Subject<void>();
    let wasLost = false;
    const ask = async (name: string | symbol, call: () => unknown): Promise<unknown> => {
      const { lost, isGone } = memberOf();
      if (isGone) return new Promise(() => undefined);
      if (lost.has(shard)) {
        wasLost = true;
        await firstValueFrom(timer(deadline));
        throw storeUnavailable(`shard ${shard}`, 'lost');
      }
      const answer = await call();
      if (wasLost && name !== 'leave') {
        wasLost = false;
        restored.next();
      }
      return answer;
    };
    return new Proxy(store, {
      get(target, name) {
        if (name === 'restored$') return restored;
        const member = Reflect.get(target, name, target) as unknown;
        if (typeof member !== 'function') return member;
        return (...args: unknown[]) => ask(name, () => Reflect.apply(member, target, args));
      },
    });
  }
}
