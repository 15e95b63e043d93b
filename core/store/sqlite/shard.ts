import type { StatementSync } from 'node:sqlite';
import type { ShardMark } from '../store.ts';
import type { Database } from './database.ts';

/** Which of a fleet's stores this is. */
export class Shard {
  readonly #insert: StatementSync;
  readonly #find: StatementSync;

  constructor(database: Database) {
    this.#insert = database.prepare('insert into shard values (1, ?, ?) on conflict do nothing');
    this.#find = database.prepare('select shard, shards as "of" from shard');
  }

  get mark(): ShardMark | undefined {
    const row = this.#find.get() as unknown as ShardMark | undefined;
    return row && { shard: row.shard, of: row.of };
  }

  /** Whoever was first is right. */
  keep({ shard, of }: ShardMark): ShardMark | undefined {
    this.#insert.run(shard, of);
    return this.mark;
  }
}
