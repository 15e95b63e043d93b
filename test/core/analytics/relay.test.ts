import { type AnalyticsBatch, openSqliteStore, openStore, SinkError, type Store } from 'usher-bots';
import { describe, expect, it, onTestFinished } from 'vitest';
import { Relay, type RelayOptions } from '../../../core/analytics/relay.ts';
import type { JournalEntry } from '../../../core/model/journal-entry.ts';
import { LiveJournal } from '../../../core/session/live-journal.ts';
import { silentLog } from '../../../core/session/silent-log.ts';
import { VirtualTime } from '../../../core/testing/virtual-time.ts';
import { newDatabase } from '../../postgres/new-database.ts';
import { tunnelTo } from '../../postgres/tunnel.ts';
import { publishing } from './publishing.ts';

type Publish = (batch: AnalyticsBatch, signal: AbortSignal, nth: number) => Promise<void>;

/** A relay on a store, with a sink that does what it is told, and all that it was given. */
function relaying(store: Store, publish: Publish, now = () => 0, more: Partial<RelayOptions> = {}) {
  const given: { readonly at: number; readonly what: unknown[] }[] = [];
  const journal = new LiveJournal({ now }, silentLog);
  const entries: JournalEntry[] = [];
  journal.entries$.subscribe((entry) => entries.push(entry));
  const sink = {
    name: 'told',
    publish: (batch: AnalyticsBatch, signal: AbortSignal) => {
      given.push({ at: now(), what: batch.events.map((event) => Reflect.get(event, 'nth')) });
      return publish(batch, signal, given.length);
    },
  };
  const source = '5e1f';
  const relay = new Relay({ store, sink, journal, source, every: 1_000, jitter: () => 1, ...more });
  return { relay, given, entries, journal };
}

const stored = (time: VirtualTime) => {
  const store = openSqliteStore(':memory:', { now: () => time.now, monotonic: () => time.now });
  onTestFinished(() => store.close());
  return store;
};

describe('the relay', () => {
  it('gives the sink one batch after the other, by ids that only grow', async () => {
    await VirtualTime.run(async (time) => {
      const store = stored(time);
      await publishing(store, 1, 2, 3);
      const ids: string[] = [];
      const { relay, given, entries } = relaying(store, async ({ id }) => void ids.push(id));
      relay.start();
      await time.advance(100);
      expect(given.map(({ what }) => what)).toEqual([[1], [2], [3]]);
      expect(ids).toEqual(['5e1f-0-1', '5e1f-0-2', '5e1f-0-3']);
      expect(entries.map((entry) => entry.kind === 'relayed' && entry.batch)).toEqual(ids);
      expect((await store.waiting()).batches).toBe(0);
      await relay.stop(0);
    });
  });

  it('waits longer after each failure, and from the first again once a batch got through', async () => {
    await VirtualTime.run(async (time) => {
      const store = stored(time);
      await publishing(store, 1, 2);
      const failing = new Set([1, 2, 3, 5]);
      const publish: Publish = async (_batch, _signal, nth) => {
        if (failing.has(nth)) throw new Error('away');
      };
      const { relay, given, journal } = relaying(store, publish, () => time.now);
      relay.start();
      await time.advance(60_000);
      expect(given).toEqual([
        { at: 0, what: [1] },
        { at: 1_000, what: [1] },
        { at: 3_000, what: [1] },
        { at: 7_000, what: [1] },
        { at: 7_000, what: [2] },
        { at: 8_000, what: [2] },
      ]);
      expect(journal.problems.get('USHER_ANALYTICS_AWAY')).toBe(4);
      await relay.stop(0);
    });
  });

  it('waits as long as the target wishes, and a minute where it does not want the batch', async () => {
    await VirtualTime.run(async (time) => {
      const store = stored(time);
      await publishing(store, 1);
      const faults = [
        new SinkError('busy', { retryAfter: 30_000 }),
        new SinkError('no such topic', { isRefusal: true }),
        new SinkError('no such topic', { isRefusal: true }),
      ];
      const publish: Publish = async (_batch, _signal, nth) => {
        const fault = faults[nth - 1];
        if (fault !== undefined) throw fault;
      };
      const { relay, given, entries } = relaying(store, publish, () => time.now);
      relay.start();
      await time.advance(300_000);
      expect(given.map(({ at }) => at)).toEqual([0, 30_000, 90_000, 150_000]);
      expect(entries.map((entry) => (entry.kind === 'problem' ? entry.message : entry.kind))).toEqual([
        'told: busy; try 1, the next in 30 s',
        'told: no such topic; try 2, the next in 60 s',
        'told: no such topic; try 3, the next in 60 s',
        'relayed',
      ]);
      await relay.stop(0);
    });
  });

  it('gives up on a sink that does not come back, and lets it know', async () => {
    await VirtualTime.run(async (time) => {
      const store = stored(time);
      await publishing(store, 1);
      const signals: AbortSignal[] = [];
      const publish: Publish = (_batch, signal, nth) => {
        signals.push(signal);
        return nth === 1 ? new Promise(() => undefined) : Promise.resolve();
      };
      const { relay, given, entries } = relaying(store, publish, () => time.now);
      relay.start();
      await time.advance(60_000);
      expect(given.map(({ at }) => at)).toEqual([0, 21_000]);
      expect(signals.map(({ aborted }) => aborted)).toEqual([true, false]);
      expect(entries[0]).toMatchObject({
        code: 'USHER_ANALYTICS_AWAY',
        message: 'told: no answer came within 20000 milliseconds; try 1, the next in 1 s',
      });
      await relay.stop(0);
    });
  });

  it('looks less often while there is nothing, and has one last go when it stops', async () => {
    await VirtualTime.run(async (time) => {
      const store = stored(time);
      const looks: number[] = [];
      const watched = {
        parts: 1,
        drain: (part: number, max: number) => {
          looks.push(time.now);
          return store.drain(part, max);
        },
      };
      const { relay, given } = relaying(store, async () => undefined, undefined, { store: watched });
      relay.start();
      await time.advance(35_000);
      expect(looks).toEqual([0, 1_000, 3_000, 7_000, 15_000, 23_000, 31_000]);
      await publishing(store, 1);
      await relay.stop(5_000);
      expect(given.map(({ what }) => what)).toEqual([[1]]);
    });
  });

  it('stops in the time that it is given, whatever the sink does, and keeps what it did not take', async () => {
    await VirtualTime.run(async (time) => {
      const store = stored(time);
      await publishing(store, 1, 2);
      const { relay, given, entries } = relaying(
        store,
        () => new Promise(() => undefined),
        () => time.now,
      );
      relay.start();
      await time.advance(100);
      let stoppedAt: number | undefined;
      void relay.stop(5_000).then(() => {
        stoppedAt = time.now;
      });
      await time.advance(20_000);
      expect(stoppedAt).toBe(5_100);
      expect(given).toHaveLength(1);
      expect(entries).toEqual([]);
      expect((await store.waiting()).batches).toBe(2);
      expect((await Array.fromAsync(store.drain(0, 1)))[0]?.events).toEqual([{ nth: 1 }]);
    });
  });

  it('goes on when the store is back that was away', { timeout: 60_000 }, async () => {
    const url = new URL(await newDatabase());
    const writer = await openStore(url.href);
    onTestFinished(() => writer.close());
    const tunnel = await tunnelTo(Number(url.port));
    onTestFinished(() => tunnel.close());
    url.port = String(tunnel.port);
    const store = await openStore(url.href, { deadlineMs: 500 });
    onTestFinished(() => store.close());
    const { relay, given } = relaying(store, async () => undefined, undefined, {
      every: 20,
      jitter: () => 0.1,
    });
    relay.start();
    const events = () => given.flatMap(({ what }) => what);
    await publishing(writer, 1, 2);
    await expect.poll(events).toEqual([1, 2]);
    tunnel.swallow();
    await publishing(writer, 3, 4);
    await expect(store.waiting()).rejects.toThrow();
    tunnel.forward();
    await expect.poll(() => [...new Set(events())], { timeout: 30_000 }).toEqual([1, 2, 3, 4]);
    await relay.stop(0);
  });
});
