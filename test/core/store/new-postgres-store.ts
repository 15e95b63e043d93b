import { openStore, type PostgresStoreOptions, type Store } from 'usher-bots';
import { emptiedDatabase } from '../../postgres/new-database.ts';

/** An empty store in PostgreSQL. */
export async function emptyStore(options: PostgresStoreOptions = {}): Promise<Store> {
  return openStore(await emptiedDatabase(), options);
}

/** Two connections to one, as two processes have them. */
export async function emptyStoreTwice(options: PostgresStoreOptions = {}): Promise<readonly [Store, Store]> {
  const url = await emptiedDatabase();
  return [await openStore(url, options), await openStore(url, options)];
}
