import { openStore } from 'usher-bots';
import { describe, expect, it, onTestFinished } from 'vitest';
import { emptiedDatabase } from '../../postgres/new-database.ts';
import { chats, startedWorker, takenOver } from './killed-worker.ts';

describe('kill -9 of a worker that commits', () => {
  it('loses nothing that was acknowledged and leaves nothing half done, however often', {
    timeout: 60_000,
  }, async () => {
    const url = await emptiedDatabase();
    const store = await openStore(url);
    onTestFinished(() => store.close());
    let step = 0;
    for (let kill = 1; kill <= 5; kill += 1) {
      const victim = startedWorker(url, 'ada');
      await expect
        .poll(() => victim.steps().length, { timeout: 20_000, interval: 1 })
        .toBeGreaterThan(5 * kill);
      await victim.die();
      const acknowledged = Number(victim.steps().at(-1));
      const left = await takenOver(store, 'ada');
      step = left?.[0]?.step ?? 0;
      expect([acknowledged, acknowledged + 1]).toContain(step);
      expect(left).toEqual(chats.map((id) => ({ id, version: step, step })));
      const keys = chats.flatMap((chat) => [`${chat}:${step}`, `${chat}:${step + 1}`]);
      expect(await store.recorded(keys)).toEqual(new Map(chats.map((chat) => [`${chat}:${step}`, step])));
    }
    const events: unknown[] = [];
    for (let part = 0; part < store.parts; part += 1) {
      for await (const batch of store.drain(part, Number.POSITIVE_INFINITY)) events.push(...batch.events);
    }
    const expected = Array.from({ length: step }, (_, index) => chats.map((chat) => [chat, index + 1]));
    expect(events).toEqual(expected.flat());
  });
});
