import type { StatementSync } from 'node:sqlite';
import { isDrainerGone } from '../drainer-name.ts';
import type { Json, OutboxBatch, OutboxCensus } from '../store.ts';
import type { Database } from './database.ts';

/** Milliseconds that the outbox is a drainer's own after a request of its: then it counts as dead. */
const heldFor = 30_000;

/** Events on their way out: one row for all of one transaction. */
export class Outbox {
  readonly #insert: StatementSync;
  readonly #oldest: StatementSync;
  readonly #remove: StatementSync;
  readonly #count: StatementSync;
  readonly #drainer: StatementSync;
  readonly #take: StatementSync;
  readonly #hold: StatementSync;
  readonly #giveBack: StatementSync;

  constructor(database: Database) {
    this.#insert = database.prepare('insert into outbox (events, at) values (?, ?)');
    this.#oldest = database.prepare('select id, events from outbox order by id limit 1');
    this.#remove = database.prepare('delete from outbox where id = ?');
    this.#count = database.prepare(
      'select count(*) as batches, (select at from outbox order by id limit 1) as oldest from outbox',
    );
    this.#drainer = database.prepare('select drainer, until from outbox_drainer');
    this.#take = database.prepare('update outbox_drainer set drainer = ?, until = ?');
    this.#hold = database.prepare('update outbox_drainer set until = ? where drainer = ?');
    this.#giveBack = database.prepare('update outbox_drainer set drainer = null where drainer = ?');
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

  count(now: number): OutboxCensus {
    const { batches, oldest } = this.#count.get() as { batches: number; oldest: number | null };
    return { at: now, batches, ...(oldest !== null && { oldest }) };
  }

  /** Makes it a drainer's own; false while it is another's. */
  take(drainer: string, now: number): boolean {
    const held = this.#drainer.get() as { drainer: string | null; until: number };
    if (held.drainer !== null && held.until > now && !isDrainerGone(held.drainer)) return false;
    this.#take.run(drainer, now + heldFor);
    return true;
  }

  /** False if it has become another's. */
  hold(drainer: string, now: number): boolean {
    return this.#hold.run(now + heldFor, drainer).changes === 1;
  }

  giveBack(drainer: string): void {
    this.#giveBack.run(drainer);
  }
}
