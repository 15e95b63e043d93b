import type { StatementSync } from 'node:sqlite';
import type { Claim, Incarnation, Json, StoredInteraction } from '../store.ts';
import type { Database } from './database.ts';

/** SQLite's `limit` is a 64-bit number, and everything below zero means no limit: that is never what is meant. */
const mostAtOnce = 2 ** 31;

/** The agents, who owns them and by which token. */
export class Agents {
  readonly #enrol: StatementSync;
  readonly #claim: StatementSync;
  readonly #claimSome: StatementSync;
  readonly #interactions: StatementSync;
  readonly #release: StatementSync;
  readonly #valid: StatementSync;

  constructor(database: Database) {
    this.#enrol = database.prepare('insert into agent (id) values (?) on conflict do nothing');
    const claim = (which: string): StatementSync =>
      database.prepare(
        `update agent set owner = ?, token = token + 1
         where id in (select id from agent where owner is null ${which} order by id limit ?) returning id, token`,
      );
    this.#claim = claim('');
    this.#claimSome = claim('and id in (select value from json_each(?))');
    this.#interactions = database.prepare(
      'select id, version, state from interaction where agent = ? order by id',
    );
    this.#release = database.prepare('update agent set owner = null where id = ? and owner = ?');
    this.#valid = database.prepare('select 1 from agent where id = ? and token = ? and owner is not null');
  }

  enrol(agent: string): void {
    this.#enrol.run(agent);
  }

  /** Takes free agents and loads what they were at. */
  claim(incarnation: Incarnation, max: number, only: readonly string[] | undefined): readonly Claim[] {
    const limit = Math.min(Math.floor(max), mostAtOnce);
    const rows =
      only === undefined
        ? this.#claim.all(incarnation, limit)
        : this.#claimSome.all(incarnation, JSON.stringify(only), limit);
    return rows.map((row) => {
      const { id, token } = row as { id: string; token: number };
      return { agent: id, token, interactions: this.#interactionsOf(id) };
    });
  }

  release(agent: string, incarnation: Incarnation): void {
    this.#release.run(agent, incarnation);
  }

  /** Whether the token is that of the present owner. */
  isValid(agent: string, token: number): boolean {
    return this.#valid.get(agent, token) !== undefined;
  }

  #interactionsOf(agent: string): readonly StoredInteraction[] {
    return this.#interactions.all(agent).map((row) => {
      const { id, version, state } = row as { id: string; version: number; state: string };
      return { id, version, state: JSON.parse(state) as Json };
    });
  }
}
