import { merge, type Observable, of, retry, Subscription, switchMap, take, timer } from 'rxjs';
import { asUsherError, type UsherError } from '../errors.ts';
import type { Store } from '../store/store.ts';
import { AgentSpread } from './agent-spread.ts';
import { capacitySplit, roundingStart } from './capacity-split.ts';
import { usualCapacity, usualLogins, usualTick, usualTtl } from './fleet-options.ts';
import { LoopWatch } from './loop-watch.ts';
import { processName } from './process-name.ts';
import { Worker, type WorkerOptions } from './worker.ts';

export interface ShardedWorkerOptions
  extends Omit<WorkerOptions, 'store' | 'isAlone' | 'capacity' | 'loop' | 'name'> {
  /** The shards, in their order. */
  readonly stores: readonly Store[];
  /** Default: host and process. */
  readonly name?: string | undefined;
  /** How many agents the process takes at most, of all shards together. Default: 1,000. */
  readonly capacity?: number | undefined;
}

/** Milliseconds from one try to join in a shard that did not answer to the next. */
const betweenTries = 1_000;

/**
 * A worker in each of several stores that the agents are spread over. They have nothing in common but the process: its
 * crew, its capacity, and whether it keeps up. So a store that is lost stops its own agents and nobody else's.
 */
export class ShardedWorker {
  readonly #options: ShardedWorkerOptions;
  readonly #spread: AgentSpread;
  readonly #workers: readonly Worker[];
  /** The shards that have not been joined in yet. */
  readonly #absent = new Set<number>();
  readonly #joining = new Subscription();
  readonly #tries = new Set<Promise<void>>();
  readonly #start: number;

  /** Emits when somebody asks, through any of the stores, that the process gives its agents to others and leaves. */
  readonly drainRequested$: Observable<void>;

  constructor(options: ShardedWorkerOptions) {
    this.#options = options;
    const { stores, known, name = processName(), ttl = usualTtl, tick = usualTick } = options;
    const { loginsPerSecond = usualLogins } = options;
    this.#spread = new AgentSpread(known, stores.length);
    this.#start = roundingStart(name);
    const loop = new LoopWatch(Math.min(tick, ttl / 4), ttl);
    this.#workers = stores.map(
      (store, shard) =>
        new Worker({
          ...options,
          store,
          name,
          loop,
          known: () => this.#spread.of(shard),
          capacity: () => this.#capacityIn(shard),
          loginsPerSecond: loginsPerSecond / stores.length,
        }),
    );
    // Whoever asks does so in every shard.
    this.drainRequested$ = merge(...this.#workers.map(({ drainRequested$ }) => drainRequested$)).pipe(
      take(1),
    );
  }

  get agents(): readonly string[] {
    return this.#workers.flatMap(({ agents }) => agents);
  }

  /** Under which names it is known to the stores, where it has joined. */
  get incarnations(): readonly (string | undefined)[] {
    return this.#workers.map(({ incarnation }) => incarnation);
  }

  /** The agents of the shards that do not answer: nobody can run them for longer than a lease. */
  get strandedAgents(): readonly string[] {
    return this.#workers.flatMap((_, shard) => (this.answers(shard) ? [] : [...this.#spread.of(shard)]));
  }

  /** Whether a shard answered when it was last asked. */
  answers(shard: number): boolean {
    return this.#workers[shard]?.answers() === true && !this.#absent.has(shard);
  }

  /**
   * Joins in every shard. One that does not answer is tried again and again, and joined in when it does.
   *
   * @throws UsherError what a store throws that does answer; USHER_STORE_UNAVAILABLE if none does.
   */
  async join(): Promise<void> {
    const results = await Promise.allSettled(this.#workers.map((worker) => worker.join()));
    const errors = results.flatMap((one, shard) =>
      one.status === 'rejected'
        ? [{ shard, error: asUsherError(one.reason, 'USHER_STORE_UNAVAILABLE') }]
        : [],
    );
    const vital =
      errors.find(({ error }) => error.code !== 'USHER_STORE_UNAVAILABLE') ??
      (errors.length === this.#workers.length ? errors[0] : undefined);
    if (vital !== undefined) {
      await this.leave();
      throw vital.error;
    }
    for (const { shard, error } of errors) this.#joinLater(shard, error);
  }

  /** Lets the agents that it holds, or comes to hold, log in. */
  async start(): Promise<void> {
    await this.#each((worker) => worker.start());
  }

  lose(agent: string): void {
    this.#workers[this.#spread.shardOf(agent)]?.lose(agent);
  }

  handOn(agent: string): void {
    this.#workers[this.#spread.shardOf(agent)]?.handOn(agent);
  }

  /** In all shards at once; returns the agents that nobody could take. */
  async drain(within: number): Promise<readonly string[]> {
    return (await Promise.all(this.#workers.map((worker) => worker.drain(within)))).flat();
  }

  end(): void {
    for (const worker of this.#workers) worker.end();
  }

  /** In a shard that does not answer, its leases end by themselves. */
  async leave(): Promise<void> {
    this.#joining.unsubscribe();
    await Promise.all(this.#tries);
    await this.#each((worker) => worker.leave());
  }

  /** Of its share, as much as what it still has in other shards leaves: their agents may have become fewer just now. */
  #capacityIn(shard: number): number {
    const { capacity = usualCapacity } = this.#options;
    const share = capacitySplit(capacity, this.#spread.counts, this.#start)[shard] ?? 0;
    const held = this.#workers.map(({ agents }) => agents.length);
    const elsewhere = held.reduce((sum, count, at) => (at === shard ? sum : sum + count), 0);
    return Math.min(share, Math.max(held[shard] ?? 0, capacity - elsewhere));
  }

  async #each(does: (worker: Worker) => Promise<void>): Promise<void> {
    const results = await Promise.allSettled(this.#workers.map(does));
    for (const one of results) if (one.status === 'rejected') this.#tell(one.reason);
  }

  #joinLater(shard: number, why: UsherError): void {
    this.#absent.add(shard);
    let told = '';
    const tellOnce = (error: UsherError): void => {
      // What is wrong with it when it answers is news, and that it still does not answer is none.
      if (error.code !== told) this.#tell(error);
      told = error.code;
    };
    tellOnce(why);
    this.#joining.add(
      timer(betweenTries)
        .pipe(
          switchMap(() => this.#try(shard)),
          retry({
            delay: (thrown) => {
              tellOnce(asUsherError(thrown, 'USHER_STORE_UNAVAILABLE'));
              return of(undefined);
            },
          }),
        )
        .subscribe(),
    );
  }

  /** Whoever leaves has to wait for it, or would leave a lease behind. */
  #try(shard: number): Promise<void> {
    const trying = this.#workers[shard]?.join() ?? Promise.resolve();
    const settled = trying.then(
      () => void this.#absent.delete(shard),
      () => undefined,
    );
    this.#tries.add(settled);
    void settled.then(() => this.#tries.delete(settled));
    return trying;
  }

  #tell(thrown: unknown): void {
    this.#options.onProblem?.(asUsherError(thrown, 'USHER_STORE_UNAVAILABLE'));
  }
}
