import type { ShardMark } from '../store.ts';
import { storeBroken } from '../store-errors.ts';
import { Database } from './database.ts';
import { tooOld } from './open-postgres-store.ts';
import type { PostgresPlace } from './postgres-place.ts';
import { missingRights } from './rights.ts';
import { schemaState } from './schema-state.ts';
import { Shard } from './shard.ts';

/** What a database is, for people, and which shard it says it is. */
export interface Inspected {
  readonly what: string;
  readonly mark?: ShardMark | undefined;
}

/**
 * Finds out whether workers can use a database, and changes nothing.
 *
 * @throws UsherError as `openPostgresStore`, and USHER_STORE_BROKEN for a role with too few rights.
 */
export async function inspectPostgres(place: PostgresPlace): Promise<Inspected> {
  const database = new Database(place, { connections: 1, deadlineMs: 5_000 });
  try {
    const { version, pending, mayMigrate } = await schemaState(database);
    const server = await database.query<{ server_version: string }>({ text: 'show server_version' });
    const what = `PostgreSQL ${server[0]?.server_version.split(' ')[0]}, writable at ${database.host.host}`;
    if (pending.length > 0 && !mayMigrate) throw tooOld(place, version);
    if (pending.length > 0)
      return { what: `${what}; its tables are made by the first start, or by usher store migrate` };
    const missing = await missingRights(database);
    if (missing.length > 0) {
      throw storeBroken(place.name, `gives ${place.user} too few rights; it lacks ${missing.join(', ')}`);
    }
    return {
      what: `${what}, tables of version ${version}, rights of ${place.user} suffice`,
      mark: await new Shard(database).mark(),
    };
  } finally {
    await database.close();
  }
}
