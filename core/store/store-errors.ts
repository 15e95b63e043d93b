import { messageOf, UsherError } from '../errors.ts';
import type { Lease } from './store.ts';

/** The store did not answer, or not in time: nothing is known about the effect of the call. */
export function storeUnavailable(store: string, cause: unknown): UsherError {
  return new UsherError('USHER_STORE_UNAVAILABLE', `${store} did not answer: ${messageOf(cause)}`, { cause });
}

/** The lease has expired or was ended: its agents belong to others, or soon will. */
export function leaseLost(lease: Lease): UsherError {
  return new UsherError(
    'USHER_STORE_LEASE_LOST',
    `the lease ${lease.incarnation} (ttl ${lease.ttlMs} ms) has ended in the store`,
  );
}

/** The store cannot be used as it is. */
export function storeBroken(store: string, reason: string, cause?: unknown): UsherError {
  return new UsherError('USHER_STORE_BROKEN', `${store} ${reason}`, { cause });
}

/** Something was to be kept that a store does not take. */
export function beyondLimit(what: string, reason: string, cause?: unknown): UsherError {
  return new UsherError('USHER_STORE_LIMIT', `${what} ${reason}`, { cause });
}
