import pg from 'pg';
import { afterAll, inject, onTestFinished } from 'vitest';
import type { PostgresServer } from './postgres-server.ts';
import { sharedServer } from './shared-server.ts';

let created = 0;

/** The URL of a new, empty database on the server of this run; it goes with the test. */
export async function newDatabase(): Promise<string> {
  const on = await sharedServer(inject('postgres'));
  const name = await createDatabase(on);
  onTestFinished(() => administer(on.url(), `drop database ${name} with (force)`));
  return on.url(name);
}

let ofThisFile: Promise<{ readonly server: PostgresServer; readonly name: string }> | undefined;

afterAll(async () => {
  const there = await ofThisFile;
  ofThisFile = undefined;
  if (there) await administer(there.server.url(), `drop database ${there.name} with (force)`);
});

/** The URL of a database whose tables are there and empty: the same one for each test of a file, emptied in between. */
export async function emptiedDatabase(): Promise<string> {
  ofThisFile ??= sharedServer(inject('postgres')).then(async (server) => ({
    server,
    name: await createDatabase(server),
  }));
  const { server, name } = await ofThisFile;
  await administer(server.url(name), emptied);
  return server.url(name);
}

/** SQL by the role that may do everything. */
export async function administer(url: string, sql: string): Promise<void> {
  await asked(url, sql);
}

/** The rows that SQL gives to the role of a URL. */
export async function asked(url: string, sql: string): Promise<Record<string, unknown>[]> {
  const client = new pg.Client(url);
  await client.connect();
  try {
    return (await client.query<Record<string, unknown>>(sql)).rows;
  } finally {
    await client.end();
  }
}

async function createDatabase(server: PostgresServer): Promise<string> {
  created += 1;
  const name = `test_${process.pid}_${created}`;
  await administer(server.url(), `create database ${name}`);
  return name;
}

const emptied = `
  do $$ begin if to_regclass('usher.outbox_part') is not null then
    delete from usher.worker; delete from usher.agent; delete from usher.interaction; delete from usher.once;
    delete from usher.allowance; delete from usher.outbox; delete from usher.shard;
    update usher.outbox_part set batch = 0, at_hand = null, drainer = null;
  end if; end $$`;
