import { openSqliteStore } from 'usher-bots';
import { describe, expect, it, onTestFinished } from 'vitest';
import { chats, startedWorker, takenOver } from './killed-worker.ts';
import { temporaryFile } from './temporary-file.ts';

describe('kill -9 of a worker that commits', () => {
  it('loses nothing that was acknowledged and leaves nothing half done, however often', {
    timeout: 60_000,
  }, async () => {
    const path = temporaryFile();
    const store = openSqliteStore(path);
    onTestFinished(() => store.close());
    let step = 0;
    for (let kill = 1; kill <= 8; kill += 1) {
      const victim = startedWorker(path, 'ada');
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
    const batches = await Array.fromAsync(store.drain(0, Number.POSITIVE_INFINITY));
    const events = batches.flatMap((batch) => batch.events);
    const expected = Array.from({ length: step }, (_, index) => chats.map((chat) => [chat, index + 1]));
    expect(events).toEqual(expected.flat());
  });

  it('does not hold up those who use the same file', { timeout: 180_000 }, async () => {
    const path = temporaryFile();
    const store = openSqliteStore(path, { busyMs: 60_000 });
    onTestFinished(() => store.close());
    await store.enrol(['bob']);
    const lease = await store.join({ name: 'survivor', capacity: 1, ttlMs: 600_000 });
    const [claim] = await store.claim(lease, 1, ['bob']);
    const token = claim?.token ?? 0;
    const victims = [startedWorker(path, 'ada'), startedWorker(path, 'cyd')];
    let version = 0;
    const commit = async (): Promise<void> => {
      const change = { agent: 'bob', token, interaction: 'chat', version, state: version };
      expect(await store.commit(change)).toBe('ok');
      version += 1;
    };
    const behind = async (): Promise<number> => {
      await commit();
      return Math.min(...victims.map((victim) => victim.steps().length));
    };
    await expect.poll(behind, { timeout: 150_000, interval: 5 }).toBeGreaterThan(20);
    for (const victim of victims) await victim.die();
    for (let more = 0; more < 20; more += 1) await commit();
    for (const [index, agent] of ['ada', 'cyd'].entries()) {
      const acknowledged = Number(victims[index]?.steps().at(-1));
      const [chat] = (await takenOver(store, agent)) ?? [];
      expect([acknowledged, acknowledged + 1]).toContain(chat?.step);
    }
    await store.renew(lease);
  });
});
