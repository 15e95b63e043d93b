import type { StatementSync } from 'node:sqlite';
import type { Json, OnceEntry } from '../store.ts';
import type { Database } from './database.ts';

/** The last of all characters, in the order of UTF-8 bytes, that a key can hold. */
const behindAll = '\u{10ffff}';

/** The keys that take effect once in the whole store. */
export class Outcomes {
  readonly #insert: StatementSync;
  readonly #find: StatementSync;
  readonly #page: StatementSync;

  constructor(database: Database) {
    this.#insert = database.prepare(
      'insert into once (key, body, at) values (?, ?, ?) on conflict do nothing',
    );
    this.#find = database.prepare('select key, body from once where key in (select value from json_each(?))');
    this.#page = database.prepare(
      'select key, body from once where key > ?1 and key >= ?2 and key < ?3 order by key limit ?4',
    );
  }

  insert(key: string, body: string, now: number): void {
    this.#insert.run(key, body, now);
  }

  find(keys: readonly string[]): ReadonlyMap<string, Json> {
    const rows = this.#find.all(JSON.stringify(keys)) as { key: string; body: string }[];
    return new Map(rows.map(({ key, body }) => [key, JSON.parse(body) as Json]));
  }

  /** The next keys of a prefix, at most `max`, behind one of them. */
  after(key: string, prefix: string, max: number): readonly OnceEntry[] {
    const rows = this.#page.all(key, prefix, `${prefix}${behindAll}`, max) as { key: string; body: string }[];
    return rows.map(({ key: found, body }) => ({ key: found, body: JSON.parse(body) as Json }));
  }
}
