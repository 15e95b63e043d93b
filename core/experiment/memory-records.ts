import type { Json, OnceEntry } from '../store/store.ts';
import type { Records } from './records.ts';

/** Records that end with the process: for tests and replays. */
export class MemoryRecords implements Records {
  readonly #entries = new Map<string, Json>();

  async keep(entries: readonly OnceEntry[]): Promise<ReadonlyMap<string, Json>> {
    for (const { key, body } of entries) if (!this.#entries.has(key)) this.#entries.set(key, body);
    return this.recorded(entries.map(({ key }) => key));
  }

  async recorded(keys: readonly string[]): Promise<ReadonlyMap<string, Json>> {
    return new Map(
      keys.flatMap((key) => {
        const body = this.#entries.get(key);
        return body === undefined ? [] : [[key, body] as const];
      }),
    );
  }

  async *kept(prefix: string): AsyncGenerator<OnceEntry, void> {
    for (const key of [...this.#entries.keys()].sort()) {
      if (key.startsWith(prefix)) yield { key, body: this.#entries.get(key) as Json };
    }
  }
}
