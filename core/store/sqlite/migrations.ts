import type { DatabaseSync } from 'node:sqlite';
import { storeBroken } from '../store-errors.ts';

/**
 * The versions of the tables, from the first on: what is here has been opened by somebody and is never changed;
 * a new version is one more entry.
 */
const migrations: readonly string[] = [
  `create table worker (
     incarnation text primary key,
     name text not null,
     capacity integer not null,
     expires integer not null
   ) strict;

   create table agent (
     id text primary key,
     owner text references worker (incarnation),
     token integer not null default 0
   ) strict;
   create index agent_owner on agent (owner, id);

   create table interaction (
     agent text not null,
     id text not null,
     version integer not null,
     state text not null,
     primary key (agent, id)
   ) strict;

   create table once (
     key text primary key,
     body text not null,
     at integer not null
   ) strict;

   -- One row for the events of one batch. Autoincrement: an id that was drained is never given again.
   create table outbox (
     id integer primary key autoincrement,
     events text not null,
     at integer not null
   ) strict;`,

  `create table allowance (
     name text primary key,
     rest real not null,
     at integer not null
   ) strict;`,

  `-- Who drains the outbox, and until when it is nobody else's.
   create table outbox_drainer (
     part integer primary key,
     drainer text,
     until integer not null
   ) strict;
   insert into outbox_drainer values (0, null, 0);`,

  `-- Which of a fleet's stores this is, from 0, and of how many. One that has agents by now has been alone.
   create table shard (
     only_one integer primary key check (only_one = 1),
     shard integer not null,
     shards integer not null
   ) strict;
   insert into shard select 1, 0, 1 where exists (select 1 from agent);`,
];

/**
 * Brings the tables to the newest version.
 *
 * @param at Milliseconds since 1970, for the record.
 * @throws UsherError USHER_STORE_BROKEN if a newer Usher, or somebody else, has written the file.
 */
export function migrate(store: string, connection: DatabaseSync, at: number): void {
  connection.exec('begin immediate');
  try {
    const version = versionOf(store, connection);
    if (version > migrations.length) {
      const reason = `has tables of version ${version}, and this Usher knows ${migrations.length}: update Usher`;
      throw storeBroken(store, reason);
    }
    const record = connection.prepare('insert into usher_schema values (?, ?)');
    migrations.slice(version).forEach((migration, behind) => {
      connection.exec(migration);
      record.run(version + behind + 1, at);
    });
    connection.exec('commit');
  } finally {
    if (connection.isTransaction) connection.exec('rollback');
  }
}

function versionOf(store: string, connection: DatabaseSync): number {
  const tables = connection.prepare("select name from sqlite_schema where type = 'table'").all();
  if (tables.length === 0) {
    connection.exec(
      'create table usher_schema (version integer primary key, migrated integer not null) strict',
    );
  } else if (!tables.some(({ name }) => name === 'usher_schema')) {
    throw storeBroken(store, 'is a database of another program');
  }
  return Number(
    connection.prepare('select max(version) as version from usher_schema').get()?.['version'] ?? 0,
  );
}
