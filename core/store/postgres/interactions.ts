import type { KeptChange } from '../kept-change.ts';
import type { CommitResult } from '../store.ts';
import type { Database, Statement } from './database.ts';
import { partOf } from './outbox.ts';

/**
 * A batch of changes in one statement; returns those that took effect, by their place in the batch.
 *
 * The row of an interaction carries its owner's token, so its lock is the fence: a change that has to wait for a claim
 * looks at the row again and finds another token. That the agent is owned at all, and by this token, is looked up
 * without a lock: a release that this does not see yet has not ended either. Where there is no row yet, the agent's is
 * locked in its place. Agents are locked before interactions, and both in the order of their ids, as claims do it.
 */
const commit: Statement = {
  name: 'commit',
  text: `
    with change as materialized (
      select * from unnest($1::int[], $2::text[], $3::bigint[], $4::text[], $5::bigint[], $6::text[], $7::text[],
        $8::text[], $9::int[]) as c (place, agent, token, id, version, state, once, events, part)
      order by agent collate "C", id collate "C"
    ), begun as materialized (
      select c.* from change c cross join lateral (
        select from usher.agent a where a.id = c.agent and a.token = c.token and a.owner is not null for share
      ) held
      where c.version = 0
        and not exists (select from usher.interaction i where i.agent = c.agent and i.id = c.id)
    ), due as materialized (
      select c.* from change c
      join usher.agent a on a.id = c.agent and a.token = c.token and a.owner is not null
      where c.version > 0 and (select count(*) from begun) >= 0
    ), changed as (
      update usher.interaction i set version = i.version + 1, state = d.state from due d
      where i.agent = d.agent and i.id = d.id and i.version = d.version and i.token = d.token and d.state is not null
      returning d.place, d.once, d.events, d.part
    ), closed as (
      delete from usher.interaction i using due d
      where i.agent = d.agent and i.id = d.id and i.version = d.version and i.token = d.token and d.state is null
      returning d.place, d.once, d.events, d.part
    ), created as (
      insert into usher.interaction (agent, id, version, token, state)
      select agent, id, 1, token, state from begun where state is not null
    ), done as materialized (
      select place, once, events, part from begun
      union all select * from changed
      union all select * from closed
    ), kept as (
      insert into usher.once (key, body, at)
      select distinct on (key) key, body, usher.clock_ms() from (
        select (entry ->> 0) collate "C" as key, entry ->> 1 as body, place, n
        from done, json_array_elements(once::json) with ordinality as e (entry, n)
      ) entries order by key, place, n
      on conflict do nothing
    ), published as (
      insert into usher.outbox (part, events)
      select part, '[' || string_agg(events, ',' order by place) || ']' from done
      where events is not null group by part
    )
    select place from done`,
};

/** Which of the changes that took no effect were by the owner. */
const stillOwned: Statement = {
  name: 'still owned',
  text: `
    select c.place from unnest($1::int[], $2::text[], $3::bigint[]) as c (place, agent, token)
    join usher.agent a on a.id = c.agent and a.token = c.token and a.owner is not null`,
};

interface Placed {
  readonly place: number;
}

/** The documents of the open interactions: compare-and-set by version and token. */
export class Interactions {
  readonly #database: Database;
  readonly #parts: number;

  constructor(database: Database, parts: number) {
    this.#database = database;
    this.#parts = parts;
  }

  /** Writes a batch that holds each interaction once. */
  async write(batch: readonly KeptChange[]): Promise<readonly CommitResult[]> {
    const places = batch.map((_, place) => place);
    const done = await this.#database.query<Placed>(commit, [
      places,
      batch.map(({ agent }) => agent),
      batch.map(({ token }) => token),
      batch.map(({ interaction }) => interaction),
      batch.map(({ version }) => version),
      batch.map(({ state }) => state),
      batch.map(({ once }) =>
        once.length === 0 ? null : JSON.stringify(once.map(({ key, body }) => [key, body])),
      ),
      batch.map(({ publish }) => (publish.length === 0 ? null : publish.join())),
      batch.map(({ agent }) => partOf(agent, this.#parts)),
    ]);
    const results = new Map<number, CommitResult>(done.map(({ place }) => [place, 'ok']));
    const others = places.filter((place) => !results.has(place));
    if (others.length > 0) {
      const owned = await this.#database.query<Placed>(stillOwned, [
        others,
        others.map((place) => batch[place]?.agent),
        others.map((place) => batch[place]?.token),
      ]);
      for (const { place } of owned) results.set(place, 'conflict');
    }
    return places.map((place) => results.get(place) ?? 'fenced');
  }
}
