import type { KeptChange } from '../kept-change.ts';
import type { Json, OnceEntry } from '../store.ts';
import type { Database, Statement } from './database.ts';

const statement = (name: string, text: string): Statement => ({ name: `once ${name}`, text });

/** The last of all characters, in the order of UTF-8 bytes, that a key can hold. */
const behindAll = '\u{10ffff}';

const insert = statement(
  'insert',
  `insert into usher.once (key, body, at)
   select distinct on (key) key collate "C", body, usher.clock_ms()
   from unnest($1::text[], $2::text[]) with ordinality as e (key, body, n) order by key, n
   on conflict do nothing`,
);
const find = statement('find', 'select key, body from usher.once where key = any($1)');
const page = statement(
  'page',
  'select key, body from usher.once where key > $1 and key >= $2 and key < $3 order by key limit $4',
);

interface Row {
  readonly key: string;
  readonly body: string;
}

/** The keys that take effect once in the whole store. */
export class Outcomes {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  async insert(entries: KeptChange['once']): Promise<void> {
    await this.#database.query(insert, [entries.map(({ key }) => key), entries.map(({ body }) => body)]);
  }

  async find(keys: readonly string[]): Promise<ReadonlyMap<string, Json>> {
    const rows = await this.#database.query<Row>(find, [keys]);
    return new Map(rows.map(({ key, body }) => [key, JSON.parse(body) as Json]));
  }

  /** The next keys of a prefix, at most `max`, behind one of them. */
  async after(key: string, prefix: string, max: number): Promise<readonly OnceEntry[]> {
    const rows = await this.#database.query<Row>(page, [key, prefix, `${prefix}${behindAll}`, max]);
    return rows.map(({ key: found, body }) => ({ key: found, body: JSON.parse(body) as Json }));
  }
}
