import type { Incarnation, Lease } from './store.ts';

/** A store's clock may show whole milliseconds only: what it takes for the start can be this much too early. */
const clockGrainMs = 1;

/** A lease with its local deadline, as every store hands it out and keeps it up to date. */
export class LocalLease implements Lease {
  readonly incarnation: Incarnation;
  readonly ttlMs: number;
  readonly #monotonic: () => number;
  #deadline: number;
  #ended = false;

  /**
   * @param monotonic Milliseconds of a clock that nobody sets.
   * @param askedAt What that clock showed before the request left: the store began to count no earlier.
   */
  constructor(incarnation: Incarnation, ttlMs: number, monotonic: () => number, askedAt: number) {
    this.incarnation = incarnation;
    this.ttlMs = ttlMs;
    this.#monotonic = monotonic;
    this.#deadline = this.#deadlineFrom(askedAt);
  }

  ok(needMs = 0): boolean {
    return !this.#ended && this.#monotonic() + needMs < this.#deadline;
  }

  /** A renewal that left at `askedAt` was granted. Answers may come in another order than the requests left. */
  extend(askedAt: number): void {
    this.#deadline = Math.max(this.#deadline, this.#deadlineFrom(askedAt));
  }

  /** For good: an answer that is still under way does not bring it back. */
  end(): void {
    this.#ended = true;
  }

  #deadlineFrom(askedAt: number): number {
    return askedAt + this.ttlMs - clockGrainMs;
  }
}

/** The lease as the store that made it knows it. */
export function localLease(lease: Lease): LocalLease {
  if (lease instanceof LocalLease) return lease;
  throw new TypeError('a lease comes from `join` of a store');
}
