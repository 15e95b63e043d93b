import fc from 'fast-check';
import { openSqliteStore } from 'usher-bots';
import { describe, it } from 'vitest';
import { behavesLikeTheModel } from './behaves-like-the-model.ts';
import { temporaryFile } from './temporary-file.ts';

describe('whatever is done to it, the store does what the model does', () => {
  it('in memory', { timeout: 60_000 }, async () => {
    await fc.assert(
      behavesLikeTheModel((now) => {
        const store = openSqliteStore(':memory:', { now, monotonic: now });
        return [store, store];
      }),
      { numRuns: 300 },
    );
  });

  it('in a file that two open, with batches of three', { timeout: 60_000 }, async () => {
    await fc.assert(
      behavesLikeTheModel((now) => {
        const file = temporaryFile();
        const options = { now, monotonic: now, batch: 3 };
        return [openSqliteStore(file, options), openSqliteStore(file, options)];
      }),
      { numRuns: 60 },
    );
  });
});
