import type { StatementSync } from 'node:sqlite';
import type { Census, Incarnation, WorkerCensus, WorkerProfile } from '../store.ts';
import type { Database } from './database.ts';

/** The workers and their leases. Every time is in ms since 1970, by the store's clock. */
export class Workers {
  readonly #join: StatementSync;
  readonly #renew: StatementSync;
  readonly #holds: StatementSync;
  readonly #expired: StatementSync;
  readonly #freeAgentsOf: StatementSync;
  readonly #remove: StatementSync;
  readonly #count: StatementSync;
  readonly #list: StatementSync;

  constructor(database: Database) {
    this.#join = database.prepare(
      'insert into worker (incarnation, name, capacity, expires) values (?, ?, ?, ?)',
    );
    this.#renew = database.prepare(
      'update worker set expires = ?, capacity = coalesce(?, capacity) where incarnation = ? and expires > ?',
    );
    this.#holds = database.prepare('select 1 from worker where incarnation = ? and expires > ?');
    this.#expired = database.prepare('select incarnation from worker where expires <= ?');
    this.#freeAgentsOf = database.prepare('update agent set owner = null where owner = ?');
    this.#remove = database.prepare('delete from worker where incarnation = ?');
    this.#count = database.prepare('select count(*) as agents, count(owner) as owned from agent');
    this.#list = database.prepare(
      `select incarnation, name, capacity, expires, (select count(*) from agent where owner = incarnation) as load
       from worker order by rowid`,
    );
  }

  join(incarnation: Incarnation, { name, capacity, ttlMs }: WorkerProfile, now: number): void {
    this.#join.run(incarnation, name, capacity, now + ttlMs);
  }

  /** Whether there was still something to renew. */
  renew(incarnation: Incarnation, ttlMs: number, capacity: number | undefined, now: number): boolean {
    return this.#renew.run(now + ttlMs, capacity ?? null, incarnation, now).changes === 1;
  }

  holds(incarnation: Incarnation, now: number): boolean {
    return this.#holds.get(incarnation, now) !== undefined;
  }

  expired(now: number): readonly Incarnation[] {
    return this.#expired.all(now).map(({ incarnation }) => incarnation as Incarnation);
  }

  /** Returns how many agents are free by it. */
  remove(incarnation: Incarnation): number {
    const { changes } = this.#freeAgentsOf.run(incarnation);
    this.#remove.run(incarnation);
    return Number(changes);
  }

  census(now: number): Census {
    const { agents, owned } = this.#count.get() as { agents: number; owned: number };
    const workers = this.#list.all().map((row) => ({ ...row }) as unknown as WorkerCensus);
    return { at: now, agents, free: agents - owned, workers };
  }
}
