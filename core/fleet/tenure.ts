import {
  concatMap,
  defer,
  interval,
  lastValueFrom,
  type Observable,
  repeat,
  Subject,
  type Subscription,
  takeUntil,
  takeWhile,
  timer,
} from 'rxjs';
import { asUsherError, UsherError } from '../errors.ts';
import type { Change, Claim, CommitResult, Lease, Store } from '../store/store.ts';
import { isGone, processName } from './process-name.ts';

export interface TenureOptions {
  /** Milliseconds that the agents stay this process's own without a renewal. Default: 30,000. */
  readonly ttl?: number;
  /** Something that may mend itself went wrong, for instance a renewal. */
  readonly onProblem?: (error: UsherError) => void;
}

/** Milliseconds between two tries to claim agents that somebody else still has, at most. */
const longestPause = 500;

/**
 * The hold of this process on its agents' logins: a lease, renewed as long as the process lives, and a claim on
 * each agent with what its open interactions had come to.
 */
export class Tenure {
  readonly #store: Store;
  readonly #lease: Lease;
  readonly #claims: ReadonlyMap<string, Claim>;
  readonly #lost = new Subject<UsherError>();
  readonly #renewing: Subscription;

  /** Emits once, when the agents are no longer this process's own. */
  readonly lost$: Observable<UsherError> = this.#lost.asObservable();

  private constructor(
    store: Store,
    lease: Lease,
    claims: ReadonlyMap<string, Claim>,
    options: TenureOptions,
  ) {
    this.#store = store;
    this.#lease = lease;
    this.#claims = claims;
    this.#renewing = interval(lease.ttlMs / 4)
      .pipe(concatMap(() => this.#renew(options)))
      .subscribe();
  }

  /**
   * Claims agents. What a process of this host left behind is taken over at once if the process is gone; what
   * another one holds is waited for until its lease must have ended.
   *
   * @throws UsherError USHER_SEAT_TAKEN with the agents that somebody else keeps, and what the store throws.
   */
  static async take(store: Store, agents: readonly string[], options: TenureOptions = {}): Promise<Tenure> {
    const { ttl = 30_000 } = options;
    const pause = Math.min(longestPause, ttl / 4);
    await store.enrol(agents);
    await expireTheDead(store);
    const lease = await store.join({ name: processName(), capacity: agents.length, ttlMs: ttl });
    const claims = new Map<string, Claim>();
    const claim = async (): Promise<boolean> => {
      await store.renew(lease);
      await store.reap();
      const missing = agents.filter((agent) => !claims.has(agent));
      for (const one of await store.claim(lease, missing.length, missing)) claims.set(one.agent, one);
      return claims.size === agents.length;
    };
    await lastValueFrom(
      defer(claim).pipe(
        repeat({ delay: pause }),
        takeWhile((all) => !all),
        takeUntil(timer(ttl + 2 * pause)),
      ),
      { defaultValue: true },
    );
    if (claims.size < agents.length) {
      const missing = agents.filter((agent) => !claims.has(agent));
      await store.leave(lease);
      throw new UsherError('USHER_SEAT_TAKEN', `another process runs ${missing.join(', ')}`);
    }
    return new Tenure(store, lease, claims, options);
  }

  /** What the open interactions of an agent had come to. */
  interactionsOf(agent: string): Claim['interactions'] {
    return this.#claims.get(agent)?.interactions ?? [];
  }

  /** Whether the agents will still be this process's own in so many milliseconds. */
  holds(needMs: number): boolean {
    return this.#lease.ok(needMs);
  }

  commit(agent: string, change: Omit<Change, 'agent' | 'token'>): Promise<CommitResult> {
    const token = this.#claims.get(agent)?.token ?? 0;
    return this.#store.commit({ ...change, agent, token });
  }

  /** Gives the agents back at once. */
  async end(): Promise<void> {
    this.#renewing.unsubscribe();
    this.#lost.complete();
    if (this.#lease.ok()) await this.#store.leave(this.#lease);
  }

  async #renew({ onProblem }: TenureOptions): Promise<void> {
    try {
      await this.#store.renew(this.#lease);
    } catch (thrown) {
      const error = asUsherError(thrown, 'USHER_STORE_UNAVAILABLE');
      if (this.#lease.ok()) return onProblem?.(error);
      this.#renewing.unsubscribe();
      this.#lost.next(
        new UsherError('USHER_SEAT_TAKEN', `the lease on the agents has ended: ${error.message}`, {
          cause: thrown,
        }),
      );
    }
  }
}

/** Nobody has to wait for the lease of a process that can be seen to be gone. */
async function expireTheDead(store: Store): Promise<void> {
  const { workers } = await store.census();
  for (const { name, incarnation } of workers) if (isGone(name)) await store.expire(incarnation);
}
