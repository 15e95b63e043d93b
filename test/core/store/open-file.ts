import { openSqliteStore } from '../../../core/store/sqlite/open-sqlite-store.ts';

/**
 * A process that opens a store, says how it went, and closes it. As root nothing is read-only, so with `nobody` it
 * gives its rights up first.
 */
const [path = '', as = ''] = process.argv.slice(2);

if (as === 'nobody' && process.geteuid?.() === 0) process.seteuid?.(65_534);
try {
  const store = openSqliteStore(path);
  process.stdout.write(`open, with ${(await store.census()).agents} agents`);
  await store.close();
} catch (error) {
  const { code, message } = error as { code?: string; message: string };
  process.stdout.write(`${code}: ${message}`);
}
