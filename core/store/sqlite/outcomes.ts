import type { StatementSync } from 'node:sqlite';
import type { Json } from '../store.ts';
import type { Database } from './database.ts';

/** The keys that take effect once in the whole store. */
export class Outcomes {
  readonly #insert: StatementSync;
  readonly #find: StatementSync;

  constructor(database: Database) {
    this.#insert = database.prepare(
      'insert into once (key, body, at) values (?, ?, ?) on conflict do nothing',
    );
    this.#find = database.prepare('select key, body from once where key in (select value from json_each(?))');
  }

  insert(key: string, body: string, now: number): void {
    this.#insert.run(key, body, now);
  }

  find(keys: readonly string[]): ReadonlyMap<string, Json> {
    const rows = this.#find.all(JSON.stringify(keys)) as { key: string; body: string }[];
    return new Map(rows.map(({ key, body }) => [key, JSON.parse(body) as Json]));
  }
}
