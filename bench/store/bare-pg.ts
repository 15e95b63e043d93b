import pg from 'pg';
import { bodyOf } from './body.ts';
import type { Contender, Figures, Load } from './contender.ts';
import { perSecond } from './pace.ts';

const tables = `
  drop table if exists bare; drop table if exists bare_event; drop table if exists bare_lease;
  create table bare (id int primary key, version int not null, state text not null) with (fillfactor = 60);
  create table bare_event (id bigserial, event text not null);
  create table bare_lease (id int primary key, expires timestamptz not null);
  insert into bare_lease values (1, now())`;

const step = {
  name: 'step',
  text: `with change as (select * from unnest($1::int[], $2::int[], $3::text[]) as c (id, version, state)), done as (
      update bare b set version = b.version + 1, state = c.state from change c
      where b.id = c.id and b.version = c.version returning 1)
    insert into bare_event (event) select 'event' from done`,
};

/**
 * The bar: what a loop by hand does with `pg`, so many rows a statement. It compares versions and nothing else: no
 * token, no once key, no lease that is checked, nobody who waits for a single answer.
 */
export function barePg(name: string, url: string, rowsAtOnce: number): Contender {
  return {
    name,
    measure: async (load) => {
      const pool = new pg.Pool({ connectionString: url, max: 4 });
      try {
        return await figuresOf(pool, load, rowsAtOnce);
      } finally {
        await pool.end();
      }
    },
  };
}

async function figuresOf(pool: pg.Pool, { interactions, duration }: Load, rows: number): Promise<Figures> {
  await pool.query(tables);
  await pool.query("insert into bare select n, 0, repeat('x', 1000) from generate_series(0, $1 - 1) n", [
    interactions,
  ]);
  const versions = new Int32Array(interactions);
  const lanes = 1;
  const statements = await perSecond(lanes, duration, async (_, turn) => {
    const ids = Array.from({ length: rows }, (_each, at) => (turn * rows + at) % interactions);
    await pool.query({
      ...step,
      values: [ids, ids.map((id) => versions[id]), ids.map((id) => bodyOf(turn + id))],
    });
    for (const id of ids) versions[id] = (versions[id] ?? 0) + 1;
  });
  const renewals = await perSecond(1, duration, () =>
    pool.query({
      name: 'renew',
      text: "update bare_lease set expires = now() + interval '10 s' where id = $1",
      values: [1],
    }),
  );
  return { commits: statements * rows, renewals, claims: Number.NaN };
}
