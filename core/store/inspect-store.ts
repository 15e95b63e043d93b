import { existsSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import type { StorePlace } from './open-store.ts';
import { openSqliteStore } from './sqlite/open-sqlite-store.ts';

/**
 * Finds out whether a store can be used, and says what it is. A new file is not made.
 *
 * @throws UsherError USHER_STORE_BROKEN, USHER_STORE_UNAVAILABLE
 */
export async function inspectStore(place: StorePlace): Promise<string> {
  if (typeof place !== 'string') {
    const { inspectPostgres } = await import('./postgres/inspect-postgres.ts');
    return `${place.name.replace('the store ', '')}: ${await inspectPostgres(place)}`;
  }
  if (place === ':memory:') return 'in memory: it is forgotten with the process';
  if (!existsSync(place) && existsSync(dirname(resolve(place))))
    return `${place}: it is made by the first start`;
  await openSqliteStore(place).close();
  return `${place}: SQLite, tables of the newest version`;
}
