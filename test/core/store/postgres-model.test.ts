import fc from 'fast-check';
import { openStore, type Store } from 'usher-bots';
import { describe, it, onTestFinished } from 'vitest';
import { emptiedDatabase } from '../../postgres/new-database.ts';
import { behavesLikeTheModel } from './behaves-like-the-model.ts';
import { type SetClock, settableClock } from './settable-clock.ts';

/** The store with the server's clock set to the model's before every call. */
function withClock(store: Store, now: () => number, set: SetClock): Store {
  return new Proxy(store, {
    get(target, name) {
      const member = Reflect.get(target, name, target);
      if (typeof member !== 'function') return member;
      if (name === 'close') return member.bind(target);
      if (name === 'drain') {
        return async function* (...args: Parameters<Store['drain']>) {
          await set(now());
          yield* target.drain(...args);
        };
      }
      return async (...args: unknown[]) => {
        await set(now());
        return Reflect.apply(member, target, args);
      };
    },
  });
}

describe('whatever is done to it, the store does what the model does', () => {
  it('in a database that two open, with batches of three', { timeout: 60_000 }, async () => {
    const url = await emptiedDatabase();
    const options = { batch: 3, connections: 2 };
    const first = await openStore(url, options);
    const second = await openStore(url, options);
    const set = await settableClock(url);
    onTestFinished(async () => {
      await Promise.all([first.close(), second.close()]);
      await set.restore();
    });
    await fc.assert(
      behavesLikeTheModel(async (now) => {
        await emptiedDatabase();
        const open = async () => withClock(await openStore(url, { ...options, monotonic: now }), now, set);
        return [await open(), await open()];
      }),
      { numRuns: 25 },
    );
  });
});
