import { equal, ok } from 'node:assert/strict';
import type { Store } from '../../store/store.ts';
import type { StoreChecks } from './check.ts';

/** Hardly anything comes in while a check runs. */
const scarce = { name: 'scarce', perSecond: 0.000_1, burst: 3 };

/** What all workers together may do in a time. */
export const allowanceChecks: StoreChecks = {
  'gives no more of an allowance than there is, whoever draws': async (one, other) => {
    const drawn = await Promise.all(
      Array.from({ length: 10 }, (_, nth) => (nth % 2 ? one : other).draw(scarce, 1)),
    );
    equal(
      drawn.reduce((sum, count) => sum + count, 0),
      3,
    );
    equal(await other.draw(scarce, 5), 0);
  },

  'gives a part of what is asked for where there is less': async (one, other) => {
    equal(await one.draw(scarce, 2), 2);
    equal(await other.draw(scarce, 2), 1);
  },

  'keeps an allowance for each name': async (one, other) => {
    equal(await one.draw(scarce, 9), 3);
    equal(await other.draw({ ...scarce, name: 'another' }, 9), 3);
    for (const max of [0, -1, 0.5, Number.NaN]) equal(await one.draw({ ...scarce, name: 'third' }, max), 0);
    equal(await one.draw({ ...scarce, name: 'third' }, Number.POSITIVE_INFINITY), 3);
  },

  'fills an allowance steadily, and no further than it holds': async (one, other) => {
    const quick = { name: 'quick', perSecond: 1_000, burst: 4 };
    equal(await one.draw(quick, 9), 4);
    const emptied = await at(one);
    while ((await at(other)) < emptied + 10);
    equal(await other.draw(quick, 9), 4);
    const slow = { name: 'slow', perSecond: 20, burst: 4 };
    const before = await at(one);
    equal(await one.draw(slow, 9), 4);
    let more = 0;
    while (more < 2) more += await other.draw(slow, 9);
    ok((await at(one)) - before >= 99);
  },
};

async function at(store: Store): Promise<number> {
  return (await store.census()).at;
}
