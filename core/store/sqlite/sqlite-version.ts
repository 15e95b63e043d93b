import { storeBroken } from '../store-errors.ts';

/**
 * The first version with the fix of the WAL-reset bug: in older ones two connections that write to one file can
 * corrupt it. https://sqlite.org/wal.html#walresetbug
 */
const fixed = [3, 51, 3] as const;

/** @throws UsherError USHER_STORE_BROKEN for a version, `3.51.2` say, that is no place for a file. */
export function refuseOldSqlite(store: string, version: string): void {
  const parts = version.split('.').map(Number);
  const at = fixed.findIndex((part, index) => part !== (parts[index] ?? 0));
  if (at === -1 || (parts[at] ?? 0) > (fixed[at] ?? 0)) return;
  throw storeBroken(
    store,
    `needs SQLite ${fixed.join('.')}, and this Node.js has ${version}: a file that two connections write can be ` +
      'corrupted by its WAL-reset bug; update Node.js, or keep the store in memory',
  );
}
