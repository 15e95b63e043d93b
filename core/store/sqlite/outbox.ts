import type { StatementSync } from 'node:sqlite';
import type { Json, OutboxBatch } from '../store.ts';
import type { Database } from './database.ts';

/** Events on their way out: one row for all of one transaction. */
export class Outbox {
  readonly #insert: StatementSync;
  readonly #oldest: StatementSync;
  readonly #remove: StatementSync;

  constructor(database: Database) {
    this.#insert = database.prepare('insert into outbox (events, at) values (?, ?)');
    this.#oldest = database.prepare('select id, events from outbox order by id limit 1');
    this.#remove = database.prepare('delete from outbox where id = ?');
  }

  insert(events: readonly string[], now: number): void {
    if (events.length > 0) this.#insert.run(`[${events.join()}]`, now);
  }

  oldest(): OutboxBatch | undefined {
    const row = this.#oldest.get() as { id: number; events: string } | undefined;
    return row && { id: row.id, events: JSON.parse(row.events) as Json[] };
  }

  remove(id: number): void {
    this.#remove.run(id);
  }
}
