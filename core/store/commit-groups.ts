import { setImmediate as atEndOfTurn } from 'node:timers';
import type { KeptChange } from './kept-change.ts';
import type { CommitResult } from './store.ts';

interface Waiting {
  readonly change: KeptChange;
  readonly resolve: (result: CommitResult) => void;
  readonly reject: (error: unknown) => void;
}

/** Writes a batch in one transaction; one result for each change, in their order. */
type WriteBatch = (batch: readonly KeptChange[]) => Promise<readonly CommitResult[]>;

/**
 * Groups the commits of one turn of the event loop into one batch, and those that arrive while a batch is
 * written into the next. A batch holds one change of an interaction at most: in one SQL statement both would see
 * the version from before it, and a stale one would pass.
 */
export class CommitGroups {
  readonly #write: WriteBatch;
  readonly #limit: number;
  #waiting: Waiting[] = [];
  /** Settles when nothing waits any more; `undefined` while nothing does. */
  #work: Promise<void> | undefined;

  constructor(write: WriteBatch, limit: number) {
    this.#write = write;
    this.#limit = limit;
  }

  add(change: KeptChange): Promise<CommitResult> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ change, resolve, reject });
      this.#work ??= this.#writeAll();
    });
  }

  /** Resolves once every change that waits has its answer. */
  async idle(): Promise<void> {
    await this.#work;
  }

  async #writeAll(): Promise<void> {
    do {
      // No time passes by this: it lets the callbacks of the same turn add theirs.
      await new Promise((resolve) => void atEndOfTurn(resolve));
      await this.#writeOne(this.#nextBatch());
    } while (this.#waiting.length > 0);
    this.#work = undefined;
  }

  async #writeOne(batch: readonly Waiting[]): Promise<void> {
    try {
      const results = await this.#write(batch.map(({ change }) => change));
      batch.forEach(({ resolve, reject }, at) => {
        const result = results[at];
        if (result === undefined)
          reject(new TypeError('a batch was written without a result for each change'));
        else resolve(result);
      });
    } catch (error) {
      for (const { reject } of batch) reject(error);
    }
  }

  #nextBatch(): readonly Waiting[] {
    const batch: Waiting[] = [];
    const passedOver: Waiting[] = [];
    const interactions = new Set<string>();
    let seen = 0;
    for (const waiting of this.#waiting) {
      if (batch.length === this.#limit) break;
      seen += 1;
      const { agent, interaction } = waiting.change;
      const id = JSON.stringify([agent, interaction]);
      (interactions.has(id) ? passedOver : batch).push(waiting);
      interactions.add(id);
    }
    this.#waiting = [...passedOver, ...this.#waiting.slice(seen)];
    return batch;
  }
}
