import {
  isPostgresUrl,
  type PostgresPlace,
  type PostgresTls,
  postgresPlace,
} from './postgres/postgres-place.ts';
import type { PostgresStoreOptions } from './postgres/postgres-store-options.ts';
import { openSqliteStore } from './sqlite/open-sqlite-store.ts';
import type { Store } from './store.ts';

/** A database of PostgreSQL, where a URL alone does not say enough. */
export interface StoreDatabase {
  /** `postgres://user@host:5432/database`; several hosts by commas. docs/store.md lists the parameters. */
  readonly url: string;
  /** Where the URL has none. Default: `PGPASSWORD`. */
  readonly password?: string | undefined;
  readonly tls?: PostgresTls | undefined;
}

/** Where a store is: a file of SQLite, `:memory:`, or a database of PostgreSQL. */
export type StorePlace = string | PostgresPlace;

/**
 * Reads where a store is; nothing is opened.
 *
 * @throws UsherError USHER_CONFIG_INVALID if the URL is none, or names certificates that cannot be read.
 */
export function storePlace(store: string | StoreDatabase): StorePlace {
  if (typeof store !== 'string') return postgresPlace(store.url, store);
  return isPostgresUrl(store) ? postgresPlace(store) : store;
}

/** A store's name for people: without its user and password. */
export function storeName(place: StorePlace): string {
  return typeof place === 'string' ? place : place.name;
}

/** Where a store is, for a line of a table. */
export function placeText(place: StorePlace): string {
  return storeName(place).replace('the store ', '');
}

/**
 * Opens the store of a path, of `:memory:`, or of a URL of PostgreSQL.
 *
 * @throws UsherError USHER_STORE_BROKEN if it cannot be used as it is, USHER_STORE_UNAVAILABLE if it does not answer,
 *   USHER_CONFIG_INVALID if the URL is none.
 */
export async function openStore(
  store: string | StoreDatabase | PostgresPlace,
  options: PostgresStoreOptions = {},
): Promise<Store> {
  const place = typeof store !== 'string' && 'hosts' in store ? store : storePlace(store);
  if (typeof place === 'string') return openSqliteStore(place);
  // Whoever keeps a file need not load what speaks to a server.
  const { openPostgresStore } = await import('./postgres/open-postgres-store.ts');
  return openPostgresStore(place, options);
}
