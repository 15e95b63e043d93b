import fc from 'fast-check';
import { openSqliteStore } from 'usher-bots';
import { describe, expect, it } from 'vitest';
import { ModelStore } from './model-store.ts';
import { type Connections, storeCommands } from './store-commands.ts';
import { temporaryFile } from './temporary-file.ts';

/** Runs any commands on a new store and on the model, and compares what a heir of everything finds. */
const behavesLikeTheModel = (open: (now: () => number) => Connections) =>
  fc.asyncProperty(storeCommands, async (commands) => {
    const model = new ModelStore();
    const connections = open(() => model.now);
    const [one, other] = connections;
    try {
      await fc.asyncModelRun(() => ({ model, real: connections }), commands);
      for (const incarnation of model.workers.keys()) {
        await other.expire(incarnation);
        model.end(incarnation);
      }
      const heir = await one.join({ name: 'heir', capacity: 9, ttlMs: 1_000 });
      model.join(heir, 9);
      const claims = await one.claim(heir, Number.POSITIVE_INFINITY);
      expect(claims.map(({ agent }) => agent).sort()).toEqual([...model.agents.keys()].sort());
      for (const { agent, ...claim } of claims) expect(claim).toEqual(model.take(agent, heir));
    } finally {
      await Promise.all([one.close(), other.close()]);
    }
  });

describe('whatever is done to it, the store does what the model does', () => {
  it('in memory', { timeout: 60_000 }, async () => {
    await fc.assert(
      behavesLikeTheModel((now) => {
        const store = openSqliteStore(':memory:', { now, monotonic: now });
        return [store, store];
      }),
      { numRuns: 300 },
    );
  });

  it('in a file that two open, with batches of three', { timeout: 60_000 }, async () => {
    await fc.assert(
      behavesLikeTheModel((now) => {
        const file = temporaryFile();
        const options = { now, monotonic: now, batch: 3 };
        return [openSqliteStore(file, options), openSqliteStore(file, options)];
      }),
      { numRuns: 60 },
    );
  });
});
