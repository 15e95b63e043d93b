import { storeBroken } from '../store-errors.ts';
import { Database } from './database.ts';
import { tooOld } from './open-postgres-store.ts';
import type { PostgresPlace } from './postgres-place.ts';
import { missingRights } from './rights.ts';
import { schemaState } from './schema-state.ts';

/**
 * Finds out whether workers can use a database, and changes nothing. Returns what it is.
 *
 * @throws UsherError as `openPostgresStore`, and USHER_STORE_BROKEN for a role with too few rights.
 */
export async function inspectPostgres(place: PostgresPlace): Promise<string> {
  const database = new Database(place, { connections: 1, deadlineMs: 5_000 });
  try {
    const { version, pending, mayMigrate } = await schemaState(database);
    const server = await database.query<{ server_version: string }>({ text: 'show server_version' });
    const what = `PostgreSQL ${server[0]?.server_version.split(' ')[0]}, writable at ${database.host.host}`;
    if (pending.length > 0 && !mayMigrate) throw tooOld(place, version);
    if (pending.length > 0)
      return `${what}; its tables are made by the first start, or by usher store migrate`;
    const missing = await missingRights(database);
    if (missing.length > 0) {
      throw storeBroken(place.name, `gives ${place.user} too few rights; it lacks ${missing.join(', ')}`);
    }
    return `${what}, tables of version ${version}, rights of ${place.user} suffice`;
  } finally {
    await database.close();
  }
}
