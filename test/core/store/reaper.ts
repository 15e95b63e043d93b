import { parentPort, workerData } from 'node:worker_threads';
import { openSqliteStore } from '../../../core/store/sqlite/open-sqlite-store.ts';

/** What the threads of a race share: one number in each. */
export interface RaceBoard {
  /** The reaper's clock. */
  readonly now: Int32Array;
  /** The round that has begun; -1 = the race is over. */
  readonly round: Int32Array;
  /** The round the reaper is through with. */
  readonly answered: Int32Array;
  /** How many agents it freed in it. */
  readonly freed: Int32Array;
}

/** A thread with a connection of its own that reaps once in every round, as soon as the round begins. */
const { path, board } = workerData as { readonly path: string; readonly board: RaceBoard };
const store = openSqliteStore(path, { now: () => Atomics.load(board.now, 0) });
parentPort?.postMessage('ready');

for (let round = 1; ; round += 1) {
  Atomics.wait(board.round, 0, round - 1);
  if (Atomics.load(board.round, 0) === -1) break;
  Atomics.store(board.freed, 0, await store.reap());
  Atomics.store(board.answered, 0, round);
  Atomics.notify(board.answered, 0);
}
await store.close();
