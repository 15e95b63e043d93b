import { openSqliteStore } from 'usher-bots';
import { describe, expect, it } from 'vitest';
import type { Crew } from '../../../core/fleet/crew.ts';
import { Worker } from '../../../core/fleet/worker.ts';
import { VirtualTime } from '../../../core/testing/virtual-time.ts';

describe('the logins of a worker whose process is slow', () => {
  it('are no more than 50 at a time, whatever the budget has, and go on as they come to an end', async () => {
    const counts = await VirtualTime.run(async (time) => {
      const now = () => time.now;
      const store = openSqliteStore(':memory:', { now, monotonic: now });
      const known = new Set(Array.from({ length: 120 }, (_, at) => `agent${at}`));
      let begun = 0;
      let done = 0;
      const crew: Crew = {
        begin: () => {
          begun += 1;
        },
        renew: () => undefined,
        handOn: async () => undefined,
        retire: async () => undefined,
        drop: () => undefined,
        openChats: () => 0,
        get loggingIn() {
          return begun - done;
        },
        isCutOff: false,
      };
      const worker = new Worker({ store, crew, known: () => known, loginsPerSecond: 1_000, monotonic: now });
      await worker.join();
      await worker.start();
      const seen = [];
      for (const ended of [0, 30, 50, 120]) {
        done = Math.min(begun, ended);
        await time.advance(5_000);
        seen.push(begun);
      }
      await worker.leave();
      await store.close();
      return seen;
    });
    expect(counts).toEqual([50, 80, 100, 120]);
  });
});
