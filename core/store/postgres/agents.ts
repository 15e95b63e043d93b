import { Buffer } from 'node:buffer';
import type { Claim, Incarnation, Json, StoredInteraction } from '../store.ts';
import type { Database, Statement } from './database.ts';

const statement = (name: string, text: string): Statement => ({ name: `agent ${name}`, text });

/** PostgreSQL's `limit` is a 64-bit number. */
const mostAtOnce = 2 ** 31;

const enrol = statement(
  'enrol',
  `insert into usher.agent (id) select unnest($1::text[]) order by 1 on conflict do nothing`,
);
const take = (name: string, which: string): Statement =>
  statement(
    name,
    `with me as materialized (
       select from usher.worker where incarnation = $1 and expires > usher.clock_ms() for no key update
     ), free as materialized (
       select id from usher.agent where owner is null and exists (select from me) ${which}
       order by id limit $2 for no key update skip locked
     )
     update usher.agent a set owner = $1, token = token + 1 from free where a.id = free.id
     returning a.id as agent, a.token`,
  );
const takeAny = take('take any', '');
const takeSome = take('take some', 'and id = any($3)');
/** In the order in which commits lock them; it waits for those under way, and every later one finds its token gone. */
const fence = statement(
  'fence',
  `with taken as materialized (
     select * from unnest($1::text[], $2::bigint[]) as t (agent, token) order by agent collate "C"
   )
   update usher.interaction i set token = t.token from taken t where i.agent = t.agent
   returning i.agent, i.id, i.version, i.state`,
);
const release = statement(
  'release',
  `update usher.agent a set owner = null
   from (select id from usher.agent where id = any($1) and owner = $2 order by id for no key update) owned
   where a.id = owned.id`,
);

interface Taken {
  readonly agent: string;
  readonly token: number;
}

interface Fenced {
  readonly agent: string;
  readonly id: string;
  readonly version: number;
  readonly state: string;
}

/** The agents, who owns them and by which token. */
export class Agents {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  async enrol(agents: readonly string[]): Promise<void> {
    await this.#database.query(enrol, [agents]);
  }

  /** Takes free agents and loads what they were at. Nothing for a lease that has ended. */
  claim(incarnation: Incarnation, max: number, only?: readonly string[]): Promise<readonly Claim[]> {
    const limit = Math.min(Math.floor(max), mostAtOnce);
    return this.#database.transaction(async (connection) => {
      const taken =
        only === undefined
          ? await connection.query<Taken>(takeAny, [incarnation, limit])
          : await connection.query<Taken>(takeSome, [incarnation, limit, only]);
      if (taken.length === 0) return [];
      // A statement of its own: it sees also what somebody created who had the agent for a moment since the first began.
      const fenced = await connection.query<Fenced>(fence, [
        taken.map(({ agent }) => agent),
        taken.map(({ token }) => token),
      ]);
      const interactions = Map.groupBy(fenced, ({ agent }) => agent);
      return taken.map(({ agent, token }) => ({
        agent,
        token,
        interactions: inOrder(interactions.get(agent) ?? []),
      }));
    });
  }

  async release(incarnation: Incarnation, agents: readonly string[]): Promise<void> {
    await this.#database.query(release, [agents, incarnation]);
  }
}

/** By the bytes of their ids. */
function inOrder(rows: readonly Fenced[]): readonly StoredInteraction[] {
  return rows
    .map(({ id, version, state }) => ({ bytes: Buffer.from(id), id, version, state }))
    .sort((a, b) => Buffer.compare(a.bytes, b.bytes))
    .map(({ id, version, state }) => ({ id, version, state: JSON.parse(state) as Json }));
}
