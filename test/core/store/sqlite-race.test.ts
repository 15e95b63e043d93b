import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { openSqliteStore } from 'usher-bots';
import { expect, it, onTestFinished } from 'vitest';
import type { RaceBoard } from './reaper.ts';
import { temporaryFile } from './temporary-file.ts';

const rounds = 1_000;

it('lets a renewal or the reaping of another thread win, never both and never neither', {
  timeout: 60_000,
}, async () => {
  const path = temporaryFile();
  const shared = (): Int32Array => new Int32Array(new SharedArrayBuffer(4));
  const board: RaceBoard = { now: shared(), round: shared(), answered: shared(), freed: shared() };
  let time = 0;
  const store = openSqliteStore(path, { now: () => time });
  await store.enrol(['ada']);
  const reaper = new Worker(new URL('./reaper.ts', import.meta.url), { workerData: { path, board } });
  const gone = once(reaper, 'exit');
  onTestFinished(async () => {
    Atomics.store(board.round, 0, -1);
    Atomics.notify(board.round, 0);
    await gone;
    await store.close();
  });
  await once(reaper, 'message');

  const won = { renewal: 0, reaper: 0, both: 0, neither: 0 };
  // Whoever lost a round gets a head start in the next, so that they meet in the middle.
  let headStart = 0;
  for (let round = 1; round <= rounds; round += 1) {
    time = 0;
    const lease = await store.join({ name: 'w', capacity: 1, ttlMs: 10 });
    const [claim] = await store.claim(lease, 1);
    // For its owner the lease has a moment left; the reaper looks a moment later.
    time = 9;
    Atomics.store(board.now, 0, 10);
    Atomics.store(board.round, 0, round);
    Atomics.notify(board.round, 0);
    for (let spin = 0; spin < headStart; spin += 1) Atomics.load(board.answered, 0);
    const renewed = await store.renew(lease).then(
      () => true,
      () => false,
    );
    Atomics.wait(board.answered, 0, round - 1);
    const reaped = Atomics.load(board.freed, 0) === 1;
    won[renewed ? (reaped ? 'both' : 'renewal') : reaped ? 'reaper' : 'neither'] += 1;
    headStart = Math.max(0, headStart + (renewed ? 500 : -500));

    const token = claim?.token ?? 0;
    const change = { agent: 'ada', token, interaction: `chat-${round}`, version: 0, state: round };
    expect(await store.commit(change)).toBe(renewed ? 'ok' : 'fenced');
    await store.expire(lease.incarnation);
  }
  expect(won).toMatchObject({ both: 0, neither: 0 });
  expect(won.renewal).toBeGreaterThan(0);
  expect(won.reaper).toBeGreaterThan(0);
});
