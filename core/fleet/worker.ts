import {
  BehaviorSubject,
  defer,
  exhaustMap,
  filter,
  firstValueFrom,
  lastValueFrom,
  merge,
  type Observable,
  repeat,
  Subject,
  Subscription,
  switchMap,
  take,
  takeUntil,
  takeWhile,
  timer,
} from 'rxjs';
import { asUsherError, UsherError } from '../errors.ts';
import type { Allowance, Incarnation, Store } from '../store/store.ts';
import type { Crew } from './crew.ts';
import { usualCapacity, usualLogins, usualTick, usualTtl } from './fleet-options.ts';
import { LoopWatch } from './loop-watch.ts';
import { processName } from './process-name.ts';
import { seatTaken } from './seat-taken.ts';
import { Term } from './term.ts';
import { expireTheDead } from './the-dead.ts';

export interface WorkerOptions {
  readonly store: Store;
  readonly crew: Crew;
  /** The agents that may be run; another set whenever they change. */
  readonly known: () => ReadonlySet<string>;
  /**
   * All agents are to be this worker's: it waits for those that somebody else has, gives none away, and does not come
   * back once it has lost its lease. Default: false.
   */
  readonly isAlone?: boolean;
  /** Default: host and process. */
  readonly name?: string;
  /** How many agents it takes at most; a function, where that changes. Default: 1,000. */
  readonly capacity?: number | (() => number) | undefined;
  /** Milliseconds that its agents stay its own without a renewal. Default: 30,000. */
  readonly ttl?: number | undefined;
  /** Milliseconds from one turn to the next, at most a quarter of the ttl. Default: 200. */
  readonly tick?: number | undefined;
  /** How many agents may log in in a second, of all workers together. Default: 100; alone: as many as there are. */
  readonly loginsPerSecond?: number | undefined;
  /** Milliseconds of a clock that nobody sets. Default: performance.now. */
  readonly monotonic?: () => number;
  /** Whether the process keeps up, where others watch it too. Default: one of its own. */
  readonly loop?: LoopWatch;
  /** Something that may mend itself went wrong, for instance a renewal. */
  readonly onProblem?: (error: UsherError, agent?: string) => void;
}

/**
 * One of those who share the agents of a store: it holds a lease as long as it lives, claims its fair share of the
 * agents, gives to others what is more, and drops everything when its lease has ended.
 */
export class Worker {
  readonly #options: WorkerOptions;
  readonly #ttl: number;
  readonly #tick: number;
  readonly #monotonic: () => number;
  readonly #loop: LoopWatch;
  readonly #terms = new BehaviorSubject<Term | undefined>(undefined);
  readonly #stepped = new Subject<void>();
  readonly #drainRequested = new Subject<void>();
  readonly #running = new Subscription();
  #isDraining = false;
  #isOpen = false;
  /** The store did not answer: told once, until it does. */
  #isStoreAway = false;

  /** Emits when somebody asks, through the store, that the worker gives its agents to the others and leaves. */
  readonly drainRequested$: Observable<void> = this.#drainRequested.asObservable();

  constructor(options: WorkerOptions) {
    this.#options = options;
    const { ttl = usualTtl, tick = usualTick, monotonic = () => performance.now() } = options;
    this.#ttl = ttl;
    this.#tick = Math.min(tick, ttl / 4);
    this.#monotonic = monotonic;
    this.#loop = options.loop ?? new LoopWatch(this.#tick, ttl);
  }

  /** Under which name it is known to the store; another one after each loss of its lease. */
  get incarnation(): Incarnation | undefined {
    return this.#terms.value?.lease.incarnation;
  }

  get agents(): readonly string[] {
    return this.#terms.value?.agents ?? [];
  }

  /** Whether the store answered when it was last asked. */
  answers(): boolean {
    return !this.#isStoreAway;
  }

  /**
   * Joins. What a process of this host left behind is free at once if the process is gone. Alone, it resolves when all
   * agents are its own.
   *
   * @throws UsherError USHER_SEAT_TAKEN with the agents that somebody else keeps, and what the store throws.
   */
  async join(): Promise<void> {
    const { store, isAlone = false, known } = this.#options;
    await store.enrol([...known()]);
    await expireTheDead(store);
    const term = await this.#join();
    if (isAlone) await this.#takeAll(term);
    this.#terms.next(term);
    this.#running.add(store.restored$.subscribe(() => this.#terms.value?.doubt()));
    this.#running.add(
      this.#terms
        .pipe(
          switchMap((current) =>
            timer(0, this.#tick).pipe(
              filter(() => this.#guard(current)),
              exhaustMap(() => this.#turn(current)),
            ),
          ),
        )
        .subscribe(),
    );
  }

  /** Lets the agents that it holds, or comes to hold, log in. Resolves when the first of them have begun to. */
  async start(): Promise<void> {
    this.#isOpen = true;
    await this.#terms.value?.open();
  }

  /** A commit was refused: the agent, or what was believed of its chats, is not this worker's any more. */
  lose(agent: string): void {
    this.#terms.value?.lose(agent);
  }

  /** Gives an agent away, for whoever wants it: it is to begin anew. */
  handOn(agent: string): void {
    this.#terms.value?.handOn(agent);
  }

  /**
   * Gives the agents to other workers, as quickly as these can take them, and the rest at once when the time is over.
   * Returns those that nobody could take.
   *
   * @param within Milliseconds.
   */
  async drain(within: number): Promise<readonly string[]> {
    this.#isDraining = true;
    const term = this.#terms.value;
    if (term === undefined) return [];
    term.isDraining = true;
    const done$ = this.#stepped.pipe(
      // The first look at the others is not older than the wish.
      filter(() => term.lost !== undefined || term.agents.length === 0 || term.heirs === 0),
      take(1),
    );
    await firstValueFrom(merge(done$, timer(within)).pipe(take(1)), { defaultValue: undefined });
    if (term.heirs > 0) await term.handOnAll();
    return term.agents;
  }

  /** Takes no agents any more, and keeps those that it has until they have been stopped. */
  end(): void {
    this.#isDraining = true;
    const term = this.#terms.value;
    if (term !== undefined) term.isEnding = true;
  }

  /** Gives back at once what it still holds, and stops. */
  async leave(): Promise<void> {
    this.#running.unsubscribe();
    this.#drainRequested.complete();
    const { lease } = this.#terms.value ?? {};
    if (lease?.ok()) await this.#options.store.leave(lease);
  }

  async #join(): Promise<Term> {
    const { store, crew, known, isAlone = false, name = processName() } = this.#options;
    const { capacity: given = isAlone ? known().size : usualCapacity } = this.#options;
    const capacity = typeof given === 'function' ? given : () => given;
    const lease = await store.join({
      name,
      capacity: this.#isDraining ? 0 : capacity(),
      ttlMs: this.#ttl,
    });
    const logins = this.#logins;
    const perTick = Math.floor(((logins?.perSecond ?? Number.POSITIVE_INFINITY) * this.#tick) / 1_000);
    const term = new Term({
      store,
      lease,
      crew,
      known,
      capacity,
      logins,
      lot: Math.max(1, perTick),
      isAlone,
      loop: this.#loop,
      monotonic: this.#monotonic,
      onProblem: (error, agent) => this.#options.onProblem?.(error, agent),
    });
    term.isDraining = this.#isDraining;
    if (this.#isOpen) await term.open();
    return term;
  }

  get #logins(): Allowance | undefined {
    const { isAlone = false } = this.#options;
    const perSecond = this.#options.loginsPerSecond ?? (isAlone ? undefined : usualLogins);
    return perSecond === undefined ? undefined : { name: 'logins', perSecond, burst: Math.max(1, perSecond) };
  }

  /** Waits for what somebody else has until its lease must have ended. */
  async #takeAll(term: Term): Promise<void> {
    const pause = Math.min(500, this.#ttl / 4);
    await lastValueFrom(
      defer(() => term.step()).pipe(
        repeat({ delay: pause }),
        takeWhile(() => term.missing.length > 0),
        takeUntil(timer(this.#ttl + 2 * pause)),
      ),
      { defaultValue: undefined },
    );
    const { missing } = term;
    if (missing.length > 0) {
      await this.#options.store.leave(term.lease);
      throw seatTaken(`another process runs ${missing.join(', ')}`);
    }
  }

  /** Looks at the lease, whatever the store is doing. Tells whether there is something to do. */
  #guard(term: Term | undefined): boolean {
    this.#loop.beat(this.#monotonic());
    term?.guard();
    if (term?.lost !== undefined) this.#fenced(term.lost);
    return term?.lost === undefined;
  }

  #turn(term: Term | undefined): Observable<void> {
    return defer(async () => {
      try {
        if (term === undefined) this.#terms.next(await this.#join());
        else await term.step();
        this.#isStoreAway = false;
        if (term?.isDrainRequested === true && !this.#isDraining) this.#drainRequested.next();
      } catch (thrown) {
        this.#failed(term, asUsherError(thrown, 'USHER_STORE_UNAVAILABLE'));
      }
      this.#stepped.next();
    });
  }

  #failed(term: Term | undefined, error: UsherError): void {
    if (error.code === 'USHER_STORE_LEASE_LOST' && term !== undefined) {
      // What came of it is seen at the next look at the lease.
      return term.end(error.message, error);
    }
    if (!this.#isStoreAway) this.#options.onProblem?.(error);
    this.#isStoreAway = true;
  }

  #fenced(error: UsherError): void {
    if (this.#options.isAlone === true) return this.#running.unsubscribe();
    this.#options.onProblem?.(new UsherError('USHER_STORE_LEASE_LOST', error.message, { cause: error }));
    // As a stranger, at the next turn.
    this.#terms.next(undefined);
  }
}
