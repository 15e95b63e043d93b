import type { Incarnation, Lease } from './store.ts';

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
    this.#deadline = askedAt + ttlMs;
  }

  ok(needMs = 0): boolean {
    return !this.#ended && this.#monotonic() + needMs < this.#deadline;
  }

  /** A renewal that left at `askedAt` was granted. Answers may come in another order than the requests left. */
  extend(askedAt: number): void {
    this.#deadline = Math.max(this.#deadline, askedAt + this.ttlMs);
  }

  /** For good: an answer that is still under way does not bring it back. */
  end(): void {
    this.#ended = true;
  }
}

/** The lease as the store that made it knows it. */
export function localLease(lease: Lease): LocalLease {
  if (lease instanceof LocalLease) return lease;
  throw new TypeError('a lease comes from `join` of a store');
}
