import { openSqliteStore } from 'usher-bots';
import { describe, expect, it } from 'vitest';
import type { Crew } from '../../../core/fleet/crew.ts';
import { Worker } from '../../../core/fleet/worker.ts';
import { VirtualTime } from '../../../core/testing/virtual-time.ts';

describe('a worker that ends with all others', () => {
  it('takes none of the agents that they leave, and gives none of its own away', async () => {
    const runs = await VirtualTime.run(async (time) => {
      const now = () => time.now;
      const store = openSqliteStore(':memory:', { now, monotonic: now });
      const known = new Set(['ada', 'bea', 'cleo', 'dora']);
      const team = [new Set<string>(), new Set<string>(), new Set<string>()].map((running) => {
        const crew: Crew = {
          begin: ({ agent }) => void running.add(agent),
          renew: () => undefined,
          handOn: async (agent) => void running.delete(agent),
          retire: async (agent) => void running.delete(agent),
          drop: (agent) => void running.delete(agent),
          openChats: () => 0,
          loggingIn: 0,
          isCutOff: false,
        };
        return { running, worker: new Worker({ store, crew, known: () => known, monotonic: now }) };
      });
      const [first, second, third] = team;
      for (const one of [first, second]) {
        await one?.worker.join();
        await one?.worker.start();
      }
      await time.advance(2_000);
      first?.worker.end();
      second?.worker.end();
      await time.advance(1_000);
      await first?.worker.leave();
      await third?.worker.join();
      await third?.worker.start();
      await time.advance(2_000);
      const sizes = team.map(({ running }) => running.size);
      await second?.worker.leave();
      await third?.worker.leave();
      await store.close();
      return sizes;
    });
    // The third one has what the first has left.
    expect(runs).toEqual([2, 2, 2]);
  });
});
