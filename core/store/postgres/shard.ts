import type { ShardMark } from '../store.ts';
import type { Database } from './database.ts';

const insert = 'insert into usher.shard (shard, shards) values ($1, $2) on conflict do nothing';
const find = 'select shard, shards as "of" from usher.shard';

/** Which of a fleet's stores this is. */
export class Shard {
  readonly #database: Pick<Database, 'query'>;

  constructor(database: Pick<Database, 'query'>) {
    this.#database = database;
  }

  async mark(): Promise<ShardMark | undefined> {
    return (await this.#database.query<ShardMark>({ text: find }))[0];
  }

  /** Whoever was first is right. */
  async keep({ shard, of }: ShardMark): Promise<ShardMark | undefined> {
    await this.#database.query({ text: insert }, [shard, of]);
    return this.mark();
  }
}
