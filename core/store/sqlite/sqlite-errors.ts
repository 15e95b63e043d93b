import { messageOf, type UsherError } from '../../errors.ts';
import { storeBroken, storeUnavailable } from '../store-errors.ts';

/** Primary result codes, https://sqlite.org/rescode.html: what passes by itself, or when there is room again. */
const passing = new Map([
  [5, 'SQLITE_BUSY'],
  [6, 'SQLITE_LOCKED'],
  [7, 'SQLITE_NOMEM'],
  [10, 'SQLITE_IOERR'],
  [13, 'SQLITE_FULL'],
]);

/** What does not pass: the file must be mended or moved. */
const lasting = new Map([
  [3, 'SQLITE_PERM'],
  [8, 'SQLITE_READONLY'],
  [11, 'SQLITE_CORRUPT'],
  [14, 'SQLITE_CANTOPEN'],
  [26, 'SQLITE_NOTADB'],
]);

export const isBusy = (error: unknown): boolean => primaryCode(error) === 5;

/** An error of SQLite as one of the store; anything else, a programming error above all, as it is. */
export function sqliteError(store: string, error: unknown): unknown {
  const code = primaryCode(error);
  if (code === undefined) return error;
  if (passing.has(code)) return storeUnavailable(store, error);
  return lasting.has(code) ? cannotBeUsed(store, error) : error;
}

/** An error at opening: what passes while a store runs is no good start either. */
export function openingError(store: string, error: unknown): unknown {
  if (isBusy(error)) return storeBroken(store, 'is locked by another program', error);
  const code = primaryCode(error);
  const known = code !== undefined && (passing.has(code) || lasting.has(code));
  return known ? cannotBeUsed(store, error) : error;
}

function cannotBeUsed(store: string, error: unknown): UsherError {
  return storeBroken(store, `cannot be used: ${messageOf(error)}`, error);
}

/** The low byte; the others say where in SQLite it happened. */
function primaryCode(error: unknown): number | undefined {
  if (!(error instanceof Error && 'errcode' in error)) return undefined;
  return typeof error.errcode === 'number' ? error.errcode & 0xff : undefined;
}
