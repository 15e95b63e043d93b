import { DatabaseSync } from 'node:sqlite';
import { parentPort, workerData } from 'node:worker_threads';

/** A thread that writes to a file for a moment, as whoever creates it does. */
const { path, ms } = workerData as { readonly path: string; readonly ms: number };
const database = new DatabaseSync(path);
database.exec('begin immediate');
parentPort?.postMessage('holds it');
Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms);
database.exec('rollback');
database.close();
