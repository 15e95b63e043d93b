import type { Database } from './database.ts';

/** What a worker does with each table: docs/operations/postgres-worker.sql grants it. */
const needed: Readonly<Record<string, readonly string[]>> = {
  usher_schema: ['select'],
  worker: ['select', 'insert', 'update', 'delete'],
  agent: ['select', 'insert', 'update'],
  interaction: ['select', 'insert', 'update', 'delete'],
  once: ['select', 'insert'],
  outbox: ['select', 'insert', 'delete'],
  outbox_part: ['select', 'update'],
  fleet: ['select'],
  allowance: ['select', 'insert', 'update'],
  shard: ['select', 'insert'],
};

/** The rights that the role at hand lacks, as in `insert on usher.once`. */
export async function missingRights(database: Database): Promise<readonly string[]> {
  const rights = Object.entries(needed).flatMap(([table, names]) =>
    names.map((right) => ({ right, what: `usher.${table}` })),
  );
  const rows = await database.query<{ missing: string }>(
    {
      text: `
      select r || ' on ' || t as missing from unnest($1::text[], $2::text[]) as n (r, t)
        where not has_table_privilege(t, r)
      union all select 'usage on usher.outbox_id' where not has_sequence_privilege('usher.outbox_id', 'usage')
      union all select 'execute on ' || f from unnest(array['usher.clock_ms()', 'usher.outbox_upkeep()']) as f
        where not has_function_privilege(f, 'execute')`,
    },
    [rights.map(({ right }) => right), rights.map(({ what }) => what)],
  );
  return rows.map(({ missing }) => missing);
}
