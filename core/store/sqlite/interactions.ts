import type { StatementSync } from 'node:sqlite';
import type { KeptChange } from '../kept-change.ts';
import type { Database } from './database.ts';

/** The documents of the open interactions: compare-and-set by version. */
export class Interactions {
  readonly #exists: StatementSync;
  readonly #create: StatementSync;
  readonly #change: StatementSync;
  readonly #close: StatementSync;

  constructor(database: Database) {
    this.#exists = database.prepare('select 1 from interaction where agent = ? and id = ?');
    this.#create = database.prepare(
      'insert into interaction (agent, id, version, state) values (?, ?, 1, ?) on conflict do nothing',
    );
    this.#change = database.prepare(
      'update interaction set version = version + 1, state = ? where agent = ? and id = ? and version = ?',
    );
    this.#close = database.prepare('delete from interaction where agent = ? and id = ? and version = ?');
  }

  /** Whether the interaction was at the version of the change. */
  write({ agent, interaction, version, state }: KeptChange): boolean {
    if (version === 0) {
      if (state === null) return this.#exists.get(agent, interaction) === undefined;
      return this.#create.run(agent, interaction, state).changes === 1;
    }
    if (state === null) return this.#close.run(agent, interaction, version).changes === 1;
    return this.#change.run(state, agent, interaction, version).changes === 1;
  }
}
