import { Database } from './database.ts';
import { migrate } from './migrate.ts';
import { tooOld } from './open-postgres-store.ts';
import type { PostgresPlace } from './postgres-place.ts';
import { migrationScript, schemaState } from './schema-state.ts';

/** What was done to a database, or would be. */
export interface Migrated {
  /** The SQL of all that was missing; empty if nothing was. */
  readonly script: string;
  /** The versions that were added. */
  readonly added: readonly string[];
}

/**
 * Brings a database to the newest version on whichever host takes writes, or only says how.
 *
 * @throws UsherError USHER_STORE_BROKEN, USHER_STORE_UNAVAILABLE
 */
export async function migratePlace(place: PostgresPlace, dryRun: boolean): Promise<Migrated> {
  const database = new Database(place, { connections: 1, deadlineMs: 10_000 });
  try {
    const state = await schemaState(database);
    if (state.pending.length === 0) return { script: '-- nothing to do', added: [] };
    const script = migrationScript(state);
    if (dryRun) return { script, added: [] };
    if (!state.mayMigrate) throw tooOld(place, state.version);
    return { script, added: await migrate(place, database.host) };
  } finally {
    await database.close();
  }
}
