import { chmodSync, existsSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import type { DatabaseSync } from 'node:sqlite';
import { asyncScheduler } from 'rxjs';
import { storeBroken } from '../store-errors.ts';
import { Database } from './database.ts';
import { migrate } from './migrations.ts';
import { nodeSqlite } from './node-sqlite.ts';
import { isBusy, openingError } from './sqlite-errors.ts';
import { SqliteStore } from './sqlite-store.ts';
import { refuseOldSqlite } from './sqlite-version.ts';

export interface SqliteStoreOptions {
  /**
   * The clock by which leases expire, in ms since 1970: one for all who open the file, so the host's. Default:
   * that of RxJS, which is the host's outside a test scheduler's run.
   */
  readonly now?: () => number;
  /** The clock by which a lease is counted in this process, in ms, never set. Default: performance.now. */
  readonly monotonic?: () => number;
  /** How long to wait for another writer, in ms. The process stands still meanwhile. Default: 2,000. */
  readonly busyMs?: number;
  /** The most changes in one transaction. Default: 100. */
  readonly batch?: number;
}

/**
 * A store in a file, for any number of processes of one host, or in memory (`:memory:`) for this process alone
 * and until it is closed. The folder must exist and be on a disk of this host. A new file can be read by its owner
 * only.
 *
 * @throws UsherError USHER_STORE_BROKEN if the file is no store, is newer, read-only or locked.
 */
export function openSqliteStore(path: string, options: SqliteStoreOptions = {}): SqliteStore {
  const clock = options.now ?? (() => asyncScheduler.now());
  const now = (): number => Math.floor(clock());
  const { monotonic = () => performance.now(), busyMs = 2_000, batch = 100 } = options;
  const inMemory = path === ':memory:';
  const name = inMemory ? 'the store in memory' : `the store ${resolve(path)}`;
  if (!inMemory && !existsSync(dirname(resolve(path)))) throw storeBroken(name, 'has no folder to be in');
  const { DatabaseSync } = nodeSqlite();
  let connection: DatabaseSync | undefined;
  try {
    const isNew = !inMemory && !existsSync(path);
    connection = new DatabaseSync(inMemory ? path : resolve(path), { timeout: busyMs });
    if (isNew) chmodSync(path, 0o600);
    if (!inMemory) {
      refuseOldSqlite(name, String(ask(connection, 'select sqlite_version()')));
      makeDurable(name, connection);
    }
    migrate(name, connection, now());
    return new SqliteStore(new Database(name, connection), { now, monotonic, batch });
  } catch (error) {
    connection?.close();
    throw openingError(name, error);
  }
}

/** Write-ahead log, and every commit on the disk before it is acknowledged. */
function makeDurable(name: string, connection: DatabaseSync): void {
  const mode = writeAheadLog(connection);
  if (mode !== 'wal') throw storeBroken(name, `is on a disk that takes no write-ahead log, but '${mode}'`);
  connection.exec('pragma synchronous = full');
}

/**
 * SQLite does not wait for its turn when two processes change the mode of a new file at once: it fails. So wait for
 * the other one by a transaction, and look again.
 */
function writeAheadLog(connection: DatabaseSync, attempts = 10): unknown {
  try {
    return ask(connection, 'pragma journal_mode = wal');
  } catch (error) {
    if (!isBusy(error) || attempts === 1) throw error;
    connection.exec('begin immediate; commit');
    return writeAheadLog(connection, attempts - 1);
  }
}

/** The one value a statement answers. */
function ask(connection: DatabaseSync, sql: string): unknown {
  return Object.values(connection.prepare(sql).get() ?? {})[0];
}
