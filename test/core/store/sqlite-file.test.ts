import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { promisify } from 'node:util';
import { Worker } from 'node:worker_threads';
import { openSqliteStore, UsherError } from 'usher-bots';
import { describe, expect, it, onTestFinished } from 'vitest';
import { refuseOldSqlite } from '../../../core/store/sqlite/sqlite-version.ts';
import { temporaryFile } from './temporary-file.ts';

const run = promisify(execFile);
const script = new URL('./open-file.ts', import.meta.url).pathname;

/** What a process that opens the file says, and whatever else it prints. */
async function openedElsewhere(path: string, args: readonly string[] = [], flags: readonly string[] = []) {
  const { stdout, stderr } = await run(process.execPath, [...flags, script, path, ...args]);
  return { stdout, stderr };
}

function refusal(path: string, options = {}): string {
  try {
    openSqliteStore(path, options);
  } catch (error) {
    if (error instanceof UsherError && error.code === 'USHER_STORE_BROKEN') return error.message;
    throw error;
  }
  throw new Error('it was opened');
}

function rawly<Result>(path: string, work: (database: DatabaseSync) => Result): Result {
  const database = new DatabaseSync(path);
  try {
    return work(database);
  } finally {
    database.close();
  }
}

async function newStore(path: string): Promise<void> {
  const store = openSqliteStore(path);
  await store.enrol(['ada']);
  await store.close();
}

describe('a file', () => {
  it('keeps what was committed when it is closed and opened again', async () => {
    const path = temporaryFile();
    const before = openSqliteStore(path);
    await before.enrol(['ada']);
    const lease = await before.join({ name: 'w', capacity: 1, ttlMs: 60_000 });
    const [claim] = await before.claim(lease, 1);
    const token = claim?.token ?? 0;
    await before.commit({
      agent: 'ada',
      token,
      interaction: 'chat',
      version: 0,
      state: { step: 1 },
      once: [{ key: 'greeted', body: true }],
      publish: ['greeted'],
    });
    await before.close();

    const after = openSqliteStore(path);
    onTestFinished(() => after.close());
    expect((await after.census()).workers).toMatchObject([{ incarnation: lease.incarnation, load: 1 }]);
    await after.expire(lease.incarnation);
    const next = await after.join({ name: 'w', capacity: 1, ttlMs: 60_000 });
    expect(await after.claim(next, 1)).toEqual([
      { agent: 'ada', token: token + 1, interactions: [{ id: 'chat', version: 1, state: { step: 1 } }] },
    ]);
    expect(await after.recorded(['greeted'])).toEqual(new Map([['greeted', true]]));
    expect(await Array.fromAsync(after.drain(0, 9))).toMatchObject([{ events: ['greeted'] }]);
  });

  it('can be read by its owner only, with all that belongs to it', async () => {
    const path = temporaryFile();
    const store = openSqliteStore(path);
    onTestFinished(() => store.close());
    await store.enrol(['ada']);
    const files = readdirSync(dirname(path));
    expect(files.sort()).toEqual(['usher.db', 'usher.db-shm', 'usher.db-wal']);
    for (const file of files) expect(statSync(join(dirname(path), file)).mode & 0o777).toBe(0o600);
  });

  it('keeps the rights somebody has given it', async () => {
    const path = temporaryFile();
    await newStore(path);
    chmodSync(path, 0o640);
    await openSqliteStore(path).close();
    expect(statSync(path).mode & 0o777).toBe(0o640);
  });

  it('is a write-ahead log and its database', async () => {
    const path = temporaryFile();
    await newStore(path);
    expect(rawly(path, (database) => database.prepare('pragma journal_mode').get())).toEqual({
      journal_mode: 'wal',
    });
  });

  it('is opened by several processes at once, the first time too', async () => {
    const path = temporaryFile();
    const said = await Promise.all([1, 2, 3, 4].map(() => openedElsewhere(path)));
    expect(said).toEqual(said.map(() => ({ stdout: 'open, with 0 agents', stderr: '' })));
  });

  it('is waited for while another process creates it', async () => {
    const path = temporaryFile();
    const holder = new Worker(new URL('./holder.ts', import.meta.url), { workerData: { path, ms: 100 } });
    const gone = once(holder, 'exit');
    await once(holder, 'message');
    const store = openSqliteStore(path);
    await store.enrol(['ada']);
    await store.close();
    await gone;
  });

  it('is opened without a word about SQLite being experimental', async () => {
    const path = temporaryFile();
    await newStore(path);
    expect(await openedElsewhere(path)).toEqual({ stdout: 'open, with 1 agents', stderr: '' });
  });
});

describe('a file that is refused', () => {
  it('is no database', () => {
    const path = temporaryFile();
    const text = 'these are the notes of somebody, and they are to stay as they are\n'.repeat(20);
    writeFileSync(path, text);
    expect(refusal(path)).toBe(`the store ${path} cannot be used: file is not a database`);
    expect(readFileSync(path, 'utf8')).toBe(text);
  });

  it('is cut short', async () => {
    const path = temporaryFile();
    await newStore(path);
    writeFileSync(path, readFileSync(path).subarray(0, 5_000));
    expect(refusal(path)).toMatch(/cannot be used: database disk image is malformed/);
  });

  it('is the database of another program', () => {
    const path = temporaryFile();
    rawly(path, (database) => database.exec('create table invoice (id)'));
    expect(refusal(path)).toBe(`the store ${path} is a database of another program`);
    const tables = rawly(path, (database) => database.prepare('select name from sqlite_schema').all());
    expect(tables).toEqual([{ name: 'invoice' }]);
  });

  it('has tables of a newer version', async () => {
    const path = temporaryFile();
    await newStore(path);
    rawly(path, (database) => database.exec('insert into usher_schema values (99, 0)'));
    expect(refusal(path)).toBe(
      `the store ${path} has tables of version 99, and this Usher knows 4: update Usher`,
    );
    // Nothing holds it any more: what belongs to an open file is gone.
    expect(readdirSync(dirname(path))).toEqual(['usher.db']);
  });

  it('is a folder, or has none', () => {
    const path = temporaryFile();
    mkdirSync(path);
    expect(refusal(path)).toBe(`the store ${path} cannot be used: unable to open database file`);
    const nowhere = join(path, 'nowhere', 'usher.db');
    expect(refusal(nowhere)).toBe(`the store ${nowhere} has no folder to be in`);
  });

  it('is locked by another program', async () => {
    const path = temporaryFile();
    await newStore(path);
    const message = rawly(path, (database) => {
      database.exec('begin exclusive');
      return refusal(path, { busyMs: 20 });
    });
    expect(message).toBe(`the store ${path} is locked by another program`);
    await openSqliteStore(path).close();
  });

  it('may not be written', async () => {
    const path = temporaryFile();
    await newStore(path);
    chmodSync(path, 0o444);
    chmodSync(dirname(path), 0o555);
    onTestFinished(() => chmodSync(dirname(path), 0o755));
    const { stdout } = await openedElsewhere(path, ['nobody']);
    expect(stdout).toMatch(/^USHER_STORE_BROKEN: the store \S+ cannot be used: /);
  });

  it('would be kept by an SQLite that can corrupt it', () => {
    for (const version of ['3.51.2', '3.50.9', '3.9.99', '2.99.99']) {
      expect(() => refuseOldSqlite('the store x', version)).toThrow(
        `the store x needs SQLite 3.51.3, and this Node.js has ${version}: a file that two connections`,
      );
    }
    for (const version of ['3.51.3', '3.51.10', '3.52.0', '3.100.0', '4.0.0', '3.52']) {
      expect(() => refuseOldSqlite('the store x', version)).not.toThrow();
    }
  });

  it('is opened by a Node.js without SQLite', async () => {
    const { stdout } = await openedElsewhere(temporaryFile(), [], ['--no-experimental-sqlite']);
    expect(stdout).toBe('USHER_STORE_BROKEN: the store needs node:sqlite, which this Node.js leaves out');
  });
});

describe('a file that another program holds', () => {
  it('is unavailable until it is let go, and nothing is half done', async () => {
    const path = temporaryFile();
    const store = openSqliteStore(path, { busyMs: 20 });
    onTestFinished(() => store.close());
    await store.enrol(['ada']);
    const lease = await store.join({ name: 'w', capacity: 1, ttlMs: 60_000 });
    const [claim] = await store.claim(lease, 1);
    const change = { agent: 'ada', token: claim?.token ?? 0, interaction: 'chat', version: 0, state: 1 };
    const holder = new DatabaseSync(path);
    onTestFinished(() => holder.close());
    holder.exec('begin immediate');
    const unavailable = { code: 'USHER_STORE_UNAVAILABLE', message: expect.stringContaining(path) };
    await expect(store.commit(change)).rejects.toMatchObject(unavailable);
    await expect(store.renew(lease)).rejects.toMatchObject(unavailable);
    expect((await store.census()).agents).toBe(1);
    expect(lease.ok()).toBe(true);
    holder.exec('rollback');
    await store.renew(lease);
    expect(await store.commit(change)).toBe('ok');
  });
});
