import { storeBroken } from '../store-errors.ts';

type NodeSqlite = typeof import('node:sqlite');

/**
 * Node's own SQLite, without the warning of Node 22 that it is experimental: whoever starts a bot can do nothing
 * about it. Every other warning passes.
 *
 * @throws UsherError USHER_STORE_BROKEN where Node was started with --no-experimental-sqlite.
 */
export function nodeSqlite(): NodeSqlite {
  const { emitWarning } = process;
  process.emitWarning = (...warning: unknown[]) => {
    const [message, type] = warning;
    const isIt = type === 'ExperimentalWarning' && String(message).startsWith('SQLite ');
    if (!isIt) Reflect.apply(emitWarning, process, warning);
  };
  try {
    // Not imported: an import would be loaded, and the warning printed, before this line.
    const sqlite = process.getBuiltinModule('node:sqlite') as NodeSqlite | undefined;
    if (sqlite === undefined)
      throw storeBroken('the store', 'needs node:sqlite, which this Node.js leaves out');
    return sqlite;
  } finally {
    process.emitWarning = emitWarning;
  }
}
