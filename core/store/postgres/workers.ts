import type { Census, Incarnation, WorkerProfile } from '../store.ts';
import type { Connection, Database, Statement } from './database.ts';

const statement = (name: string, text: string): Statement => ({ name: `worker ${name}`, text });

const join = statement(
  'join',
  `insert into usher.worker (incarnation, name, capacity, expires)
   values ($1, $2, $3, usher.clock_ms() + $4)`,
);
const renew = statement(
  'renew',
  `update usher.worker set expires = usher.clock_ms() + $2, capacity = coalesce($3, capacity)
   where incarnation = $1 and expires > usher.clock_ms() returning 1`,
);
const hasExpired = statement(
  'has expired',
  'select 1 from usher.worker where expires <= (select usher.clock_ms()) limit 1',
);
/**
 * What somebody renews or claims for at this moment is passed over: nobody waits for a worker that stands still in the
 * middle of it. What was renewed just before is looked at again, and is not among them.
 */
const lockExpired = statement(
  'lock expired',
  `select incarnation from usher.worker where expires <= (select usher.clock_ms()) order by incarnation for update skip locked`,
);
const lockOne = statement(
  'lock one',
  'select incarnation from usher.worker where incarnation = $1 for update',
);
const remove = statement('remove', 'delete from usher.worker where incarnation = any($1)');
const freeAgents = statement(
  'free agents',
  `update usher.agent a set owner = null
   from (select id from usher.agent where owner = any($1) order by id for no key update) owned
   where a.id = owned.id returning 1`,
);
const census = statement(
  'census',
  `select usher.clock_ms() as at, (select agents from usher.fleet) as agents,
     coalesce((select json_agg(w order by joined) from usher.worker w), '[]') as workers`,
);

/** The workers and their leases. */
export class Workers {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  async join(incarnation: Incarnation, { name, capacity, ttlMs }: WorkerProfile): Promise<void> {
    await this.#database.query(join, [incarnation, name, capacity, ttlMs]);
  }

  /** Whether there was still something to renew. */
  async renew(incarnation: Incarnation, ttlMs: number, capacity: number | undefined): Promise<boolean> {
    return (await this.#database.query(renew, [incarnation, ttlMs, capacity])).length === 1;
  }

  async remove(incarnation: Incarnation): Promise<void> {
    await this.#removeThose(lockOne, [incarnation]);
  }

  /** Returns how many agents are free by it. */
  async reap(): Promise<number> {
    // Every worker asks all the time, and nearly always in vain: look before beginning a transaction.
    const expired = await this.#database.query(hasExpired);
    return expired.length === 0 ? 0 : this.#removeThose(lockExpired, []);
  }

  async census(): Promise<Census> {
    const [row] = await this.#database.query<Omit<Census, 'free'>>(census);
    const { at, agents, workers } = row as Omit<Census, 'free'>;
    const told = workers.map(({ incarnation, name, capacity, expires, load }) => ({
      incarnation,
      name,
      capacity,
      expires,
      load,
    }));
    // Every owner is among the workers: they go together.
    return { at, agents, free: told.reduce((rest, { load }) => rest - load, agents), workers: told };
  }

  /** In steps, because a claim that was waited for gave agents that only the next statement sees. */
  #removeThose(lock: Statement, values: readonly unknown[]): Promise<number> {
    return this.#database.transaction(async (connection: Connection) => {
      const rows = await connection.query<{ incarnation: Incarnation }>(lock, values);
      if (rows.length === 0) return 0;
      const gone = rows.map(({ incarnation }) => incarnation);
      const freed = await connection.query(freeAgents, [gone]);
      await connection.query(remove, [gone]);
      return freed.length;
    });
  }
}
