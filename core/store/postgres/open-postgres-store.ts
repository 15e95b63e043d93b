import { storeBroken } from '../store-errors.ts';
import { Database } from './database.ts';
import { migrate } from './migrate.ts';
import { partsIn } from './outbox.ts';
import type { PostgresPlace } from './postgres-place.ts';
import { PostgresStore } from './postgres-store.ts';
import type { PostgresStoreOptions } from './postgres-store-options.ts';
import { schemaState } from './schema-state.ts';

/**
 * A store in a database of PostgreSQL. Its tables are made, or brought forward, where the role may do that.
 *
 * @throws UsherError USHER_STORE_UNAVAILABLE if no host answers that takes writes; USHER_STORE_BROKEN if the role is
 *   refused, the server not trusted, or its tables are missing or newer.
 */
export async function openPostgresStore(
  place: PostgresPlace,
  options: PostgresStoreOptions = {},
): Promise<PostgresStore> {
  const { monotonic = () => performance.now(), deadlineMs = 5_000, connections = 4, batch = 100 } = options;
  const database = new Database(place, { deadlineMs, connections });
  try {
    const state = await schemaState(database);
    if (state.pending.length > 0) {
      if (!state.mayMigrate) throw tooOld(place, state.version);
      await migrate(place, database.host);
    }
    return new PostgresStore(database, { monotonic, batch, parts: await partsIn(database) });
  } catch (thrown) {
    await database.close();
    throw thrown;
  }
}

/** For a role that may not bring the tables to the newest version. */
export function tooOld({ name, user }: PostgresPlace, version: string | undefined): Error {
  const what =
    version === undefined ? 'has no tables of Usher' : `has tables of version ${version}, which is too old`;
  return storeBroken(
    name,
    `${what}, and ${user} may not make them: run usher store migrate --owner ROLE, with a role that may`,
  );
}
