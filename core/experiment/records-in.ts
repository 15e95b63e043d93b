import type { Store } from '../store/store.ts';
import { MemoryRecords } from './memory-records.ts';
import type { Records } from './records.ts';
import { ShardedRecords } from './sharded-records.ts';

/**
 * Where experiments are recorded: in the store, or spread over several, or in memory where there is none.
 *
 * @param answers Whether a store answered when it was last asked.
 */
export function recordsIn(stores: readonly Store[], answers?: (shard: number) => boolean): Records {
  const [store, ...more] = stores;
  if (store === undefined) return new MemoryRecords();
  return more.length === 0 ? store : new ShardedRecords(stores, answers);
}
