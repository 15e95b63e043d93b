import {
  catchError,
  EMPTY,
  exhaustMap,
  firstValueFrom,
  interval,
  retry,
  Subject,
  type Subscription,
  timer,
} from 'rxjs';
import { exitCodes, messageOf, UsherError } from '../../errors.ts';
import { usualTtl } from '../../fleet/fleet-options.ts';
import { processName } from '../../fleet/process-name.ts';
import { expireTheDead } from '../../fleet/the-dead.ts';
import type { Clock } from '../../ports.ts';
import { type DrainReport, nothingToDrain, sumOf } from '../../session/draining.ts';
import type { Census, Store } from '../../store/store.ts';
import { Restarts } from './restarts.ts';
import type { WorkerProcess } from './worker-process.ts';

export interface SupervisorOptions {
  /** How many workers are to run. */
  readonly count: number;
  /** Those that the agents are spread over, or the one. */
  readonly stores: readonly Store[];
  readonly clock: Clock;
  /** Starts one; `generation` tells it from its predecessors in its place. */
  readonly spawn: (nth: number, generation: number) => WorkerProcess;
  /** Milliseconds that a worker's chats may take when it is replaced. */
  readonly within: number;
  /** Milliseconds that a worker may be without a renewal of its lease. Default: 30,000. */
  readonly ttl?: number | undefined;
  /** Something to tell whoever looks on. */
  readonly tell: (line: string) => void;
  readonly onProblem: (error: UsherError) => void;
}

/** Milliseconds from one try of a store that did not answer to the next. */
const betweenTries = 1_000;

interface Slot {
  readonly nth: number;
  worker: WorkerProcess | undefined;
  restarts: Restarts;
  generation: number;
}

/** Keeps a number of workers running on this host: starts them again, replaces them one by one, and has them end. */
export class Supervisor {
  readonly #options: SupervisorOptions;
  readonly #slots: readonly Slot[];
  readonly #exhausted = new Subject<void>();
  /** All that have not ended, the new ones of a replacement included. */
  readonly #living = new Set<WorkerProcess>();
  #isStopping = false;
  #rolling: Promise<void> | undefined;
  #isRollWanted = false;
  #looking: Subscription | undefined;
  /** The stores that have to be told of a death, and did not answer. */
  readonly #asking = new Map<Store, Subscription>();
  #report = nothingToDrain;

  /** Emits when no worker is left that is to run. */
  readonly exhausted$ = this.#exhausted.asObservable();

  constructor(options: SupervisorOptions) {
    this.#options = options;
    this.#slots = Array.from({ length: options.count }, (_, at) => ({
      nth: at + 1,
      worker: undefined,
      restarts: new Restarts(),
      generation: 0,
    }));
  }

  get workers(): readonly WorkerProcess[] {
    return [...this.#living];
  }

  start(): void {
    for (const slot of this.#slots) this.#run(slot);
    this.#looking = interval((this.#options.ttl ?? usualTtl) / 2)
      .pipe(exhaustMap(() => this.#killTheFrozen()))
      .subscribe();
  }

  /**
   * Replaces the workers one by one, each by a new one that has joined before it passes its agents on. If a new one ends
   * instead of joining, those that are left stay as they are.
   */
  async roll(): Promise<void> {
    this.#isRollWanted = true;
    this.#rolling ??= this.#rollWhileWanted().finally(() => {
      this.#rolling = undefined;
    });
    await this.#rolling;
  }

  /** Has all workers end. Where there are others elsewhere, these go on with the chats. */
  async stop(within: number): Promise<DrainReport> {
    this.#isStopping = true;
    this.#looking?.unsubscribe();
    for (const asking of this.#asking.values()) asking.unsubscribe();
    const { workers } = this;
    const passOn = await this.#areOthersThere();
    for (const worker of workers) worker.drain({ within, passOn });
    await Promise.all(workers.map(({ ended }) => ended));
    await this.#freeTheAgentsOfTheDead();
    return this.#report;
  }

  /** Without any order. */
  kill(): void {
    for (const worker of this.workers) worker.kill();
  }

  #run(slot: Slot): void {
    slot.worker = this.#spawn(slot);
  }

  #spawn(slot: Slot): WorkerProcess {
    const { spawn, clock } = this.#options;
    slot.generation += 1;
    const startedAt = clock.now();
    const worker = spawn(slot.nth, slot.generation);
    this.#living.add(worker);
    void worker.ended.then((how) => this.#ended(slot, worker, how, clock.now() - startedAt));
    return worker;
  }

  async #ended(slot: Slot, worker: WorkerProcess, how: number | string, ranFor: number): Promise<void> {
    this.#living.delete(worker);
    this.#report = sumOf([this.#report, worker.report]);
    if (!this.#isStopping) await this.#freeTheAgentsOfTheDead();
    if (slot.worker !== worker) return;
    slot.worker = undefined;
    if (this.#isStopping || worker.isLeaving) return;
    const { tell, onProblem } = this.#options;
    if (how === exitCodes.ok) {
      tell(`worker ${slot.nth} has ended, as somebody asked it to`);
      return this.#look();
    }
    const pause = how === exitCodes.usage ? undefined : slot.restarts.next(ranFor);
    if (pause === undefined) {
      const why = `worker ${slot.nth} is given up: it ends at once, again and again, last with ${how}`;
      onProblem(new UsherError('USHER_WORKER_GIVEN_UP', why));
      return this.#look();
    }
    tell(`worker ${slot.nth} ended with ${how}; it is started again in ${pause / 1_000} s`);
    await firstValueFrom(timer(pause));
    if (!this.#isStopping && slot.worker === undefined) this.#run(slot);
  }

  #look(): void {
    if (this.#slots.every(({ worker }) => worker === undefined)) this.#exhausted.next();
  }

  async #rollWhileWanted(): Promise<void> {
    while (this.#isRollWanted && !this.#isStopping) {
      this.#isRollWanted = false;
      for (const slot of this.#slots) if (!this.#isStopping && !(await this.#replace(slot))) return;
      if (!this.#isStopping) this.#options.tell('all workers are new');
    }
  }

  /** Whether the new one is there. */
  async #replace(slot: Slot): Promise<boolean> {
    const { within, tell, onProblem } = this.#options;
    const old = slot.worker;
    slot.restarts = new Restarts();
    const fresh = this.#spawn(slot);
    if (old === undefined) slot.worker = fresh;
    const how = await Promise.race([fresh.joined, fresh.ended]);
    if (how !== undefined) {
      if (this.#isStopping) return false;
      const why = `the new worker ${slot.nth} ended with ${how}; those that are left go on as they were`;
      onProblem(new UsherError('USHER_WORKER_GIVEN_UP', why));
      return false;
    }
    slot.worker = fresh;
    if (this.#isStopping) return false;
    old?.drain({ within, passOn: true });
    await old?.ended;
    tell(`worker ${slot.nth} is new`);
    return true;
  }

  async #freeTheAgentsOfTheDead(): Promise<void> {
    await Promise.all(this.#options.stores.map((store) => this.#freeThoseIn(store)));
  }

  async #freeThoseIn(store: Store): Promise<void> {
    try {
      await expireTheDead(store);
    } catch (thrown) {
      this.#options.onProblem(
        new UsherError('USHER_STORE_UNAVAILABLE', messageOf(thrown), { cause: thrown }),
      );
      if (!this.#isStopping) this.#freeLater(store);
    }
  }

  /** One that does not answer is asked again for as long as a lease in it may last: then it has ended by itself. */
  #freeLater(store: Store): void {
    const { ttl = usualTtl } = this.#options;
    this.#asking.get(store)?.unsubscribe();
    const asking = timer(betweenTries)
      .pipe(
        exhaustMap(() => expireTheDead(store)),
        retry(Math.ceil(ttl / betweenTries)),
        catchError(() => EMPTY),
      )
      .subscribe();
    this.#asking.set(store, asking);
  }

  /**
   * One that stands still gets no lease, and yet may hold a lock of the store's file, so that nobody gets anything: its
   * lease has ended long since, and nobody could take its agents.
   */
  async #killTheFrozen(): Promise<void> {
    const { ttl = usualTtl, tell } = this.#options;
    const late = new Set<string>();
    const wellOff = new Set<string>();
    for (const { at, workers } of await this.#censuses())
      for (const { name, expires } of workers) (expires + ttl < at ? late : wellOff).add(name);
    for (const worker of this.workers) {
      const name = processName(worker.pid);
      // One that has a lease in any store does not stand still: it is cut off from another.
      if (!late.has(name) || wellOff.has(name)) continue;
      tell(`worker ${worker.nth} stands still, and in the way of the others: it is killed`);
      worker.kill();
    }
  }

  /** A store that cannot be read says nothing of the workers. */
  async #censuses(): Promise<readonly Census[]> {
    const results = await Promise.allSettled(this.#options.stores.map((store) => store.census()));
    return results.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []));
  }

  async #areOthersThere(): Promise<boolean> {
    const own = new Set(this.workers.map(({ pid }) => processName(pid)));
    return (await this.#censuses()).some(({ at, workers }) =>
      workers.some(({ name, capacity, expires }) => capacity > 0 && expires > at && !own.has(name)),
    );
  }
}
