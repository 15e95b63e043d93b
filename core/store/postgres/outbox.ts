import { crc32 } from 'node:zlib';
import { drainerName, isDrainerGone } from '../drainer-name.ts';
import type { Json, OutboxBatch, OutboxCensus } from '../store.ts';
import type { Database, Statement } from './database.ts';

const statement = (name: string, text: string): Statement => ({ name: `outbox ${name}`, text });

/** Milliseconds that a part is a drainer's own after a request of its: then it counts as dead. */
const heldFor = 60_000;
/** Milliseconds from one making and dropping of partitions to the next; they are made two hours ahead. */
const upkeepEvery = 600_000;

const take = statement(
  'take',
  `update usher.outbox_part set drainer = $2, until = usher.clock_ms() + ${heldFor}
   where part = $1 and (drainer is null or drainer = $3 or until <= usher.clock_ms()) returning 1`,
);
const whoDrains = statement('drainer', 'select drainer from usher.outbox_part where part = $1');
/**
 * Removes the batch that was asked to be ($3, its number), and gives the one at hand, or else the oldest, which thereby
 * gets the next number: transactions end in another order than they get their ids, and numbers must only grow. An agent's
 * changes are one after the other, so its ids are in their order.
 */
const next = statement(
  'next',
  `with mine as materialized (
     select *, at_hand is not null and batch is distinct from $3::bigint as again
     from usher.outbox_part where part = $1 and drainer = $2 for no key update
   ), removed as (
     delete from usher.outbox o using mine m where o.part = m.part and o.id = m.at_hand and not m.again
   ), oldest as materialized (
     select o.id, o.events, case when m.again then m.batch else m.batch + 1 end as batch
     from mine m cross join lateral (
       (select id, events from usher.outbox where part = m.part and id = m.at_hand and m.again)
       union all
       (select id, events from usher.outbox
        where part = m.part and id is distinct from m.at_hand and not m.again order by id limit 1)
     ) o
   ), held as (
     update usher.outbox_part s set until = usher.clock_ms() + ${heldFor},
       at_hand = (select id from oldest), batch = coalesce((select batch from oldest), s.batch),
       drainer = case when exists (select from oldest) then s.drainer end
     from mine m where s.part = m.part
   )
   select batch as id, events from oldest`,
);
const giveBack = statement(
  'give back',
  'update usher.outbox_part set drainer = null where part = $1 and drainer = $2',
);
const count = statement(
  'count',
  'select usher.clock_ms() as at, count(*) as batches, min(at) as oldest from usher.outbox',
);
const upkeep = statement('upkeep', 'select usher.outbox_upkeep()');
const countParts = statement('parts', 'select count(*) as parts from usher.outbox_part');

/** The same for every process that ever shares the store. */
export const partOf = (agent: string, parts: number): number => crc32(agent) % parts;

/** How many parts the tables were made with. */
export async function partsIn(database: Database): Promise<number> {
  const [row] = await database.query<{ parts: number }>(countParts);
  return row?.parts ?? 0;
}

/** Events on their way out: one row for those of one batch in each part. */
export class Outbox {
  readonly #database: Database;
  readonly #monotonic: () => number;
  #keptUpAt = Number.NEGATIVE_INFINITY;

  constructor(database: Database, monotonic: () => number) {
    this.#database = database;
    this.#monotonic = monotonic;
  }

  /** Makes partitions ahead and drops what is drained, if it is time. Whoever adds or takes events calls it. */
  async keepUp(): Promise<void> {
    const now = this.#monotonic();
    if (now - this.#keptUpAt < upkeepEvery) return;
    this.#keptUpAt = now;
    await this.#database.query(upkeep);
  }

  /** False while the part is another's, unless that one's process is gone. */
  async #take(part: number, drainer: string): Promise<boolean> {
    if ((await this.#database.query(take, [part, drainer, null])).length > 0) return true;
    const [held] = await this.#database.query<{ drainer: string | null }>(whoDrains, [part]);
    if (held?.drainer == null || !isDrainerGone(held.drainer)) return false;
    return (await this.#database.query(take, [part, drainer, held.drainer])).length > 0;
  }

  async count(): Promise<OutboxCensus> {
    const [row] = await this.#database.query<{ at: number; batches: number; oldest: number | null }>(count);
    const { at, batches, oldest } = row as { at: number; batches: number; oldest: number | null };
    return { at, batches, ...(oldest !== null && { oldest }) };
  }

  /** The oldest batches of a part, at most `max`; none while somebody else drains it. */
  async *drain(part: number, max: number): AsyncGenerator<OutboxBatch, void> {
    if (max < 1) return;
    const drainer = drainerName();
    if (!(await this.#take(part, drainer))) return;
    try {
      for (let drained = 0, done: number | undefined; ; drained += 1) {
        const [row] = await this.#database.query<{ id: number; events: string }>(next, [part, drainer, done]);
        if (row === undefined || drained >= max) return;
        yield { id: row.id, events: JSON.parse(row.events) as Json[] };
        done = row.id;
      }
    } finally {
      await this.#database.query(giveBack, [part, drainer]);
    }
  }
}
