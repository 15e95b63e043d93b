import { existsSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { asUsherError, type UsherError } from '../errors.ts';
import { placeText, type StorePlace } from './open-store.ts';
import type { Inspected } from './postgres/inspect-postgres.ts';
import { checkMarks, textOf } from './shard-marks.ts';
import { openSqliteStore } from './sqlite/open-sqlite-store.ts';

/**
 * Finds out whether the stores can be used, and says what each of them is, or what is wrong with it; last, if they are
 * not those that the list takes them for. A new file is not made.
 */
export async function inspectStores(
  places: readonly StorePlace[],
): Promise<readonly (string | UsherError)[]> {
  const found = await Promise.all(
    places.map((place) => inspectStore(place).catch((thrown: unknown) => asUsherError(thrown))),
  );
  const seen = found.map((one, at) => ({
    name: nameOf(places[at] ?? ''),
    at,
    mark: 'what' in one ? one.mark : undefined,
  }));
  const texts = found.map((one, at) => {
    if (!('what' in one)) return one;
    const shard = places.length > 1 ? `; ${textOf(seen[at]?.mark)}` : '';
    return `${seen[at]?.name}: ${one.what}${shard}`;
  });
  try {
    checkMarks(seen, places.length);
    return texts;
  } catch (thrown) {
    return [...texts, asUsherError(thrown)];
  }
}

/** @throws UsherError USHER_STORE_BROKEN, USHER_STORE_UNAVAILABLE */
async function inspectStore(place: StorePlace): Promise<Inspected> {
  if (typeof place !== 'string')
    return (await import('./postgres/inspect-postgres.ts')).inspectPostgres(place);
  if (place === ':memory:') return { what: 'it is forgotten with the process' };
  if (!existsSync(place) && existsSync(dirname(resolve(place))))
    return { what: 'it is made by the first start' };
  const store = openSqliteStore(place);
  try {
    return { what: 'SQLite, tables of the newest version', mark: await store.mark() };
  } finally {
    await store.close();
  }
}

function nameOf(place: StorePlace): string {
  return place === ':memory:' ? 'in memory' : placeText(place);
}
