import { deepEqual, equal } from 'node:assert/strict';
import type { StoreChecks } from './check.ts';

/** Which of a fleet's stores it is. */
export const shardChecks: StoreChecks = {
  'is no shard until it is told, and then that one for good': async (one, other) => {
    equal(await one.mark(), undefined);
    deepEqual(await one.mark({ shard: 1, of: 3 }), { shard: 1, of: 3 });
    deepEqual(await other.mark(), { shard: 1, of: 3 });
    deepEqual(await other.mark({ shard: 0, of: 1 }), { shard: 1, of: 3 });
    deepEqual(await one.mark(), { shard: 1, of: 3 });
  },

  'is the shard that one of many tells it': async (one, other) => {
    const told = await Promise.all(
      Array.from({ length: 12 }, (_, n) => (n % 2 ? one : other).mark({ shard: n, of: 12 })),
    );
    const stands = await one.mark();
    for (const mark of told) deepEqual(mark, stands);
  },
};
