import { UsherError } from '../../errors.ts';
import { type StorePlace, storeName } from '../../store/open-store.ts';
import { openSqliteStore } from '../../store/sqlite/open-sqlite-store.ts';
import { environment, loadConfig } from '../load-config.ts';

export interface MigrateFlags {
  readonly config: string;
  readonly owner?: string;
  readonly dryRun: boolean;
}

/** `usher store migrate`: brings the tables of a store to the newest version, by the role that may. */
export async function migrateStore({ config, owner, dryRun }: MigrateFlags): Promise<void> {
  const { stores } = await loadConfig(config);
  if (stores.length === 0) throw new UsherError('USHER_USAGE', `${config} names no \`store\``);
  for (const store of stores) {
    if (dryRun && stores.length > 1) process.stdout.write(`-- for ${storeName(store)}\n`);
    await migrateOne(store, owner, dryRun);
  }
}

async function migrateOne(store: StorePlace, owner: string | undefined, dryRun: boolean): Promise<void> {
  if (typeof store === 'string') return migrateFile(store, dryRun);
  const { migratePlace } = await import('../../store/postgres/migrate-place.ts');
  const place =
    owner === undefined ? store : { ...store, user: owner, password: environment()['PGPASSWORD'] };
  const { script, added } = await migratePlace(place, dryRun);
  if (dryRun) process.stdout.write(`${script}\n`);
  else
    process.stderr.write(
      `${place.name}: ${added.length === 0 ? 'nothing to do' : `added ${added.join(', ')}`}\n`,
    );
}

/** A file is brought forward by whoever opens it. */
async function migrateFile(file: string, dryRun: boolean): Promise<void> {
  if (!dryRun && file !== ':memory:') await openSqliteStore(file).close();
  process.stderr.write(`${file}: SQLite, which is brought forward whenever it is opened\n`);
}
