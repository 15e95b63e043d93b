import { Buffer } from 'node:buffer';
import { defer, lastValueFrom, type ObservableInput, timeout } from 'rxjs';
import { shardOf } from '../store/shard-of.ts';
import type { Json, OnceEntry, Store } from '../store/store.ts';
import { storeUnavailable } from '../store/store-errors.ts';
import type { Records } from './records.ts';

/** Milliseconds that a chat waits for a store which has nothing to do with its agent. */
const patience = 1_000;

/** All switches of an experiment stand together, so that it can be stopped while other stores are away. */
const switches = /^experiment\/.*\/switch\//;

/**
 * The records of experiments over several stores. What a chat came to stands in the store of its agent, where it is
 * written with the chat's own steps. An arm is decided before, for a customer whom any agent may meet: it stands in the
 * store that the hash of its key says, and nowhere else. So a unit has one arm, or, while that store is away, none:
 * nobody decides in its stead.
 */
export class ShardedRecords implements Records {
  readonly #stores: readonly Store[];
  readonly #answers: (shard: number) => boolean;

  /** @param answers Whether a store answered when it was last asked: else nobody waits for it. */
  constructor(stores: readonly Store[], answers: (shard: number) => boolean = () => true) {
    this.#stores = stores;
    this.#answers = answers;
  }

  async recorded(keys: readonly string[]): Promise<ReadonlyMap<string, Json>> {
    return this.#each(
      keys,
      (key) => key,
      (store, own) => store.recorded(own),
    );
  }

  async keep(entries: readonly OnceEntry[]): Promise<ReadonlyMap<string, Json>> {
    return this.#each(
      entries,
      ({ key }) => key,
      (store, own) => store.keep(own),
    );
  }

  /** In the order of the keys' bytes, as from one store. A key that two agents' stores have comes from the first. */
  async *kept(prefix: string): AsyncGenerator<OnceEntry, void> {
    const home = switches.exec(prefix)?.[0];
    const from =
      home === undefined ? this.#stores.map((_, shard) => shard) : [shardOf(home, this.#stores.length)];
    const sources = from.map((shard) => new Source(this.#at(shard).kept(prefix)));
    try {
      await Promise.all(sources.map((source) => source.advance()));
      for (;;) {
        const heads = sources.flatMap(({ head }) => (head === undefined ? [] : [head]));
        const [first, ...others] = heads;
        if (first === undefined) return;
        const least = others.reduce((one, other) => (inBytes(other.key, one.key) < 0 ? other : one), first);
        yield least;
        for (const source of sources) if (source.head?.key === least.key) await source.advance();
      }
    } finally {
      await Promise.all(sources.map((source) => source.close()));
    }
  }

  async #each<One>(
    all: readonly One[],
    keyOf: (one: One) => string,
    ask: (store: Store, own: readonly One[]) => Promise<ReadonlyMap<string, Json>>,
  ): Promise<ReadonlyMap<string, Json>> {
    const shards = Map.groupBy(all, (one) => this.#homeOf(keyOf(one)));
    const found = await Promise.all(
      [...shards].map(([shard, own]) => this.#inTime(shard, () => ask(this.#at(shard), own))),
    );
    return new Map(found.flatMap((entries) => [...entries]));
  }

  #inTime<Value>(shard: number, ask: () => ObservableInput<Value>): Promise<Value> {
    return lastValueFrom(
      defer(ask).pipe(
        timeout({
          first: patience,
          with: () => {
            throw unavailable(shard);
          },
        }),
      ),
    );
  }

  #homeOf(key: string): number {
    return shardOf(switches.exec(key)?.[0] ?? key, this.#stores.length);
  }

  #at(shard: number): Store {
    const store = this.#stores[shard];
    if (store === undefined || !this.#answers(shard)) throw unavailable(shard);
    return store;
  }
}

/** What one store has, from its next entry on. */
class Source {
  readonly #entries: AsyncIterator<OnceEntry>;
  head: OnceEntry | undefined;

  constructor(entries: AsyncIterable<OnceEntry>) {
    this.#entries = entries[Symbol.asyncIterator]();
  }

  async advance(): Promise<void> {
    const next = await this.#entries.next();
    this.head = next.done === true ? undefined : next.value;
  }

  async close(): Promise<void> {
    await this.#entries.return?.();
  }
}

function unavailable(shard: number): Error {
  return storeUnavailable(`shard ${shard} of the stores`, 'what it has of experiments is not to be had now');
}

/** As a store orders its keys. */
function inBytes(one: string, other: string): number {
  return Buffer.compare(Buffer.from(one), Buffer.from(other));
}
