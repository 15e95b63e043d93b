import { Kysely, PostgresDialect, sql } from 'kysely';
import { type Migration, Migrator } from 'kysely/migration';
import pg from 'pg';
import { migrations } from './migrations.ts';
import { postgresError } from './postgres-errors.ts';
import type { PostgresPlace } from './postgres-place.ts';
import { recordTable } from './schema-state.ts';

/** How long making the tables may take, in ms: a new index on a full table is no matter of seconds. */
const longest = 600_000;

/**
 * Brings the tables to the newest version, in one transaction, with a lock that lets one at a time do it. Workers of
 * the version before may run meanwhile. Returns the versions that were added.
 *
 * @throws UsherError USHER_STORE_BROKEN, USHER_STORE_UNAVAILABLE; nothing has changed then.
 */
export async function migrate(
  place: PostgresPlace,
  host: PostgresPlace['hosts'][number],
): Promise<readonly string[]> {
  const { user, password, database, ssl, applicationName } = place;
  const pool = new pg.Pool({
    ...host,
    user,
    ...(password !== undefined && { password }),
    database,
    ssl,
    application_name: applicationName,
    max: 1,
    statement_timeout: longest,
    connectionTimeoutMillis: 10_000,
  });
  // What is lost is told by the request that needs it.
  pool.on('error', () => {});
  const migrator = new Migrator({
    db: new Kysely<object>({ dialect: new PostgresDialect({ pool }) }),
    migrationTableSchema: recordTable.schema,
    migrationTableName: recordTable.table,
    migrationLockTableName: `${recordTable.table}_lock`,
    provider: { getMigrations: async () => asMigrations() },
  });
  try {
    const { error, results = [] } = await migrator.migrateToLatest();
    if (error !== undefined) throw postgresError(place.name, error);
    return results.map(({ migrationName }) => migrationName);
  } finally {
    await pool.end();
  }
}

/** Forward only: none has a way back. */
function asMigrations(): Record<string, Migration> {
  return Object.fromEntries(
    Object.entries(migrations).map(([name, text]) => [
      name,
      { up: async (connection) => void (await sql.raw(text).execute(connection)) },
    ]),
  );
}
