import { storeBroken } from '../store-errors.ts';
import type { Database } from './database.ts';
import { knownVersions, migrations } from './migrations.ts';

/** Where the versions are recorded. */
export const recordTable = { schema: 'usher', table: 'usher_schema' } as const;

/** What stands in a database, and what is to be done to it. */
export interface SchemaState {
  /** The newest version that is there; `undefined` while there is none. */
  readonly version: string | undefined;
  /** The versions that are missing, in order. */
  readonly pending: readonly string[];
  /** Whether the role at hand may bring the tables to the newest version. */
  readonly mayMigrate: boolean;
}

/** @throws UsherError USHER_STORE_BROKEN where a newer Usher has been at work. */
export async function schemaState(database: Database): Promise<SchemaState> {
  const { schema, table } = recordTable;
  const [found] = await database.query<{ isThere: boolean; mayMigrate: boolean }>({
    text: `select to_regclass('${schema}.${table}') is not null as "isThere", coalesce(
      (select pg_has_role(nspowner, 'usage') from pg_namespace where nspname = '${schema}'),
      has_database_privilege(current_database(), 'create')) as "mayMigrate"`,
  });
  const rows = found?.isThere
    ? await database.query<{ name: string }>({ text: `select name from ${schema}.${table} order by name` })
    : [];
  const done = rows.map(({ name }) => name);
  const newer = done.filter((name) => !knownVersions.includes(name)).at(-1);
  if (newer !== undefined) {
    throw storeBroken(
      database.name,
      `has tables of version ${newer}, and this Usher knows ${knownVersions.at(-1)}: update Usher`,
    );
  }
  return {
    version: done.at(-1),
    pending: knownVersions.filter((name) => !done.includes(name)),
    mayMigrate: found?.mayMigrate ?? false,
  };
}

/** The SQL that brings the tables from one state to the newest version, as psql takes it, in one transaction. */
export function migrationScript({ pending }: SchemaState): string {
  const record = `${recordTable.schema}.${recordTable.table}`;
  return [
    'begin;',
    `create schema if not exists ${recordTable.schema};`,
    `create table if not exists ${record} (name varchar(255) primary key, "timestamp" varchar(255) not null);`,
    ...pending.flatMap((name) => [
      `\n-- ${name}\n`,
      (migrations[name] ?? '').trim(),
      `insert into ${record} values ('${name}', to_char(now() at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'));`,
    ]),
    'commit;',
  ].join('\n');
}
