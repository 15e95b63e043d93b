import fc from 'fast-check';
import { expect } from 'vitest';
import { ModelStore } from './model-store.ts';
import { type Connections, storeCommands } from './store-commands.ts';

/** Runs any commands on a new store and on the model, and compares what a heir of everything finds. */
export const behavesLikeTheModel = (open: (now: () => number) => Connections | Promise<Connections>) =>
  fc.asyncProperty(storeCommands, async (commands) => {
    const model = new ModelStore();
    const connections = await open(() => model.now);
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
