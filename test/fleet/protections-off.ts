import type { Store } from 'usher-bots';
import { PostgresStore } from '../../core/store/postgres/postgres-store.ts';
import { SqliteStore } from '../../core/store/sqlite/sqlite-store.ts';

/**
 * Loaded before a worker: by its store nobody learns then that a lease has ended, that somebody else has the agent, or
 * what was said before. For a test of the test.
 */
for (const { prototype } of [PostgresStore, SqliteStore] as readonly { readonly prototype: Store }[]) {
  const { join, claim, commit } = prototype;
  prototype.join = async function (...args) {
    return Object.defineProperty(await join.apply(this, args), 'ok', { value: () => true });
  };
  prototype.claim = async function (...args) {
    return (await claim.apply(this, args)).map((one) => ({ ...one, interactions: [] }));
  };
  prototype.commit = async function (...args) {
    await commit.apply(this, args);
    return 'ok';
  };
}
