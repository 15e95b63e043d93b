import type { Store } from '../store/store.ts';
import { allowanceChecks } from './store-checks/allowances.ts';
import { commitChecks } from './store-checks/commits.ts';
import { leaseChecks } from './store-checks/leases.ts';
import { limitChecks } from './store-checks/limits.ts';
import { outcomeChecks } from './store-checks/outcomes.ts';
import { ownershipChecks } from './store-checks/ownership.ts';
import { shardChecks } from './store-checks/shards.ts';

/** One promise of the store's contract. */
export interface StoreCheck {
  /** In the present tense, the store being the subject: `never revives a lease that has expired`. */
  readonly promise: string;
  /** Opens a store, checks it and closes it. Rejects with what was found instead. */
  readonly check: () => Promise<void>;
}

/**
 * The promises every store keeps, for a test of one's own store. No test runner is needed, and any will do. The
 * stores run on their own clock; some checks wait for leases of some 25 ms.
 *
 * @param open Opens a new, empty store; or the same one twice, as two processes would.
 *
 * @example
 * it.each(storeContract(() => openSqliteStore(':memory:')))('$promise', ({ check }) => check());
 */
export function storeContract(
  open: () => Store | Promise<Store> | readonly [Store, Store] | Promise<readonly [Store, Store]>,
): readonly StoreCheck[] {
  const checks = {
    ...ownershipChecks,
    ...leaseChecks,
    ...commitChecks,
    ...outcomeChecks,
    ...allowanceChecks,
    ...shardChecks,
    ...limitChecks,
  };
  return Object.entries(checks).map(([promise, check]) => ({
    promise,
    check: async () => {
      const opened = await open();
      const [one, other] = 'commit' in opened ? [opened, opened] : opened;
      try {
        await check(one, other);
      } finally {
        await Promise.all([one.close(), other.close()]);
      }
    },
  }));
}
