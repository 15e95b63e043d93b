import { openSqliteStore, type Store } from 'usher-bots';
import { describe, expect, it } from 'vitest';
import { Analytics } from '../../../core/analytics/analytics.ts';
import { LiveJournal } from '../../../core/session/live-journal.ts';
import { silentLog } from '../../../core/session/silent-log.ts';
import { storeUnavailable } from '../../../core/store/store-errors.ts';
import { VirtualTime } from '../../../core/testing/virtual-time.ts';
import { publishing } from './publishing.ts';

/** Keeps nothing while it is away. */
const goingAway = (store: Store, isAway: () => boolean): Store =>
  new Proxy(store, {
    get(target, name) {
      const member = Reflect.get(target, name, target) as unknown;
      if (name === 'keep' && isAway()) return async () => Promise.reject(storeUnavailable('it', 'away'));
      return typeof member === 'function' ? member.bind(target) : member;
    },
  });

describe('analytics over several stores', () => {
  const told = async (count: number) =>
    VirtualTime.run(async (time) => {
      const now = () => time.now;
      const stores = Array.from({ length: count }, () =>
        openSqliteStore(':memory:', { now, monotonic: now }),
      );
      for (const [shard, store] of stores.entries()) await publishing(store, shard);
      let isAway = true;
      const given: { readonly batch: string; readonly nth: unknown }[] = [];
      let closed = 0;
      const sink = {
        name: 'told',
        publish: async ({ id, events }: { id: string; events: readonly object[] }) => {
          for (const event of events) given.push({ batch: id, nth: Reflect.get(event, 'nth') });
        },
        close: async () => {
          closed += 1;
        },
      };
      const clock = { now };
      const analytics = new Analytics({ sink }, new LiveJournal(clock, silentLog), clock);
      const last = stores.length - 1;
      await analytics.begin(
        stores.map((store, shard) => (shard === last ? goingAway(store, () => isAway) : store)),
      );
      await time.advance(5_000);
      const before = given.map(({ nth }) => nth);
      isAway = false;
      await time.advance(5_000);
      await analytics.end();
      for (const store of stores) await store.close();
      return { before, given, closed };
    });

  it('are relayed from those that answer, and from the other when it does, under names of their own', async () => {
    const { before, given, closed } = await told(2);
    expect(before).toEqual([0]);
    expect(given.map(({ nth }) => nth)).toEqual([0, 1]);
    expect(new Set(given.map(({ batch }) => batch.split('-')[0])).size).toBe(2);
    expect(closed).toBe(1);
  });

  it('do not begin where the only one does not answer', async () => {
    await expect(told(1)).rejects.toMatchObject({ code: 'USHER_STORE_UNAVAILABLE' });
  });
});
