import { deepEqual, equal } from 'node:assert/strict';
import { maxIdBytes, maxJsonBytes } from '../../store/kept-change.ts';
import type { Json } from '../../store/store.ts';
import {
  change,
  claimOf,
  drained,
  interactionsOf,
  join,
  owning,
  rejectsWith,
  type StoreChecks,
} from './check.ts';

/** Names that somebody's escaping, collation or index could trip over. Each is another one. */
const hostile: readonly string[] = [
  `'; drop table agent; --`,
  '"',
  '`\\',
  '%',
  '_',
  '$1',
  ':id',
  '?',
  '__proto__',
  'constructor',
  'null',
  '0',
  '00',
  ' ',
  ' ada ',
  'ada',
  'Ada',
  'é',
  'e\u0301',
  '👩‍🚀',
  '😀',
  '\n',
  '\u202e',
  '\uffff',
  'x'.repeat(maxIdBytes),
  'é'.repeat(maxIdBytes / 2),
];

const states: readonly Json[] = [
  true,
  0,
  '',
  [],
  {},
  Number.MAX_SAFE_INTEGER,
  1e300,
  'nul\0, half an emoji \ud83d, "quotes" and \u2028',
  JSON.parse('{"__proto__": {"polluted": true}, "constructor": null, "": "empty"}') as Json,
  Object.fromEntries(hostile.map((name, index) => [name, index])),
  { b: 1, a: 2 },
  Array.from({ length: 500 }).reduce<Json>((inner) => [inner], 'deep'),
  'x'.repeat(maxJsonBytes - 2),
];

/** What may be kept, byte for byte, and what may not. */
export const limitChecks: StoreChecks = {
  'keeps names and keys to the byte': async (one, other) => {
    const { claims } = await owning(one, hostile);
    deepEqual(claims.map(({ agent }) => agent).sort(), [...hostile].sort());
    for (const claim of claims) {
      const more = { once: [{ key: claim.agent, body: claim.agent }], publish: [claim.agent] };
      equal(await one.commit(change(claim, claim.agent, 0, claim.agent, more)), 'ok');
    }
    deepEqual(await other.recorded(hostile), new Map(claims.map(({ agent }) => [agent, agent])));
    deepEqual((await drained(other)).sort(), [...hostile].sort());
    for (const name of hostile) {
      deepEqual(await interactionsOf(other, name), [{ id: name, version: 1, state: name }]);
    }
  },

  'releases an agent by its name, to the byte': async (one) => {
    const { lease } = await owning(one, hostile);
    for (const name of hostile) {
      await one.release(lease, [name]);
      deepEqual(
        (await one.claim(lease, hostile.length)).map(({ agent }) => agent),
        [name],
      );
    }
  },

  'keeps a name of a worker to the byte': async (one, other) => {
    for (const name of hostile) await one.join({ name, capacity: 1, ttlMs: 60_000 });
    deepEqual((await other.census()).workers.map(({ name }) => name).sort(), [...hostile].sort());
  },

  'gives back any JSON as it was, up to the largest': async (one) => {
    const ada = await claimOf(one, 'ada');
    const ids = states.map((_, index) => `chat-${String(index).padStart(2, '0')}`);
    const results = await Promise.all(
      states.map((state, index) =>
        one.commit(
          change(ada, ids[index] ?? '', 0, state, {
            once: [{ key: `key-${index}`, body: state }],
            publish: [state],
          }),
        ),
      ),
    );
    deepEqual(new Set(results), new Set(['ok']));
    deepEqual(await drained(one), states);
    deepEqual(
      [...(await one.recorded(states.map((_, index) => `key-${index}`))).values()].length,
      states.length,
    );
    deepEqual(
      (await interactionsOf(one, 'ada')).map(({ state }) => JSON.stringify(state)),
      states.map((state) => JSON.stringify(state)),
    );
  },

  'refuses what is larger than it takes, and that alone': async (one) => {
    const ada = await claimOf(one, 'ada');
    const large = 'é'.repeat(maxJsonBytes / 2);
    const refused = [
      change(ada, 'chat', 0, large),
      change(ada, 'chat', 0, 'a', { once: [{ key: 'large', body: large }] }),
      change(ada, 'chat', 0, 'a', { publish: ['small', large] }),
    ];
    const small = one.commit(change(ada, 'small', 0, 'a'));
    await Promise.all(refused.map((each) => rejectsWith('USHER_STORE_LIMIT', one.commit(each))));
    equal(await small, 'ok');
    deepEqual(
      (await interactionsOf(one, 'ada')).map(({ id }) => id),
      ['small'],
    );
  },

  'refuses what is no JSON': async (one) => {
    const ada = await claimOf(one, 'ada');
    const cycle: Record<string, unknown> = {};
    cycle['self'] = cycle;
    for (const state of [undefined, 1n, cycle, () => 1, Symbol('a')]) {
      await rejectsWith('USHER_STORE_LIMIT', one.commit(change(ada, 'chat', 0, state as Json)));
    }
    deepEqual(await interactionsOf(one, 'ada'), []);
  },

  'refuses names that cannot be kept': async (one) => {
    const ada = await claimOf(one, 'ada');
    const tooLong = ['x'.repeat(maxIdBytes + 1), 'é'.repeat(maxIdBytes / 2 + 1)];
    for (const name of ['', 'half \ud83d', 'nul\0', '\0nul', ...tooLong]) {
      await rejectsWith('USHER_STORE_LIMIT', one.join({ name, capacity: 1, ttlMs: 60_000 }));
      await rejectsWith('USHER_STORE_LIMIT', one.enrol(['bob', name]));
      await rejectsWith('USHER_STORE_LIMIT', one.commit(change({ agent: name, token: 1 }, 'chat', 0, 'a')));
      await rejectsWith('USHER_STORE_LIMIT', one.commit(change(ada, name, 0, 'a')));
      const once = [{ key: name, body: 1 }];
      await rejectsWith('USHER_STORE_LIMIT', one.commit(change(ada, 'chat', 0, 'a', { once })));
    }
    equal((await one.census()).agents, 1);
    deepEqual(await interactionsOf(one, 'ada'), []);
  },

  'says nothing of being restored as long as it answers': async (one, other) => {
    let restored = 0;
    const listening = one.restored$.subscribe(() => {
      restored += 1;
    });
    const ada = await claimOf(one, 'ada');
    await other.commit(change(ada, 'chat', 0, 'a'));
    await rejectsWith('USHER_STORE_LIMIT', one.enrol(['']));
    deepEqual((await interactionsOf(one, 'ada')).length, 1);
    listening.unsubscribe();
    equal(restored, 0);
  },

  'writes what is queued when it closes, and takes no more': async (one) => {
    const { lease, claims } = await owning(one, ['ada']);
    const [ada] = claims;
    const queued = ada && one.commit(change(ada, 'chat', 0, 'a'));
    await Promise.all([one.close(), one.close()]);
    equal(await queued, 'ok');
    const calls: Record<string, () => Promise<unknown>> = {
      mark: () => one.mark(),
      enrol: () => one.enrol(['bob']),
      join: () => join(one),
      renew: () => one.renew(lease),
      leave: () => one.leave(lease),
      expire: () => one.expire(lease.incarnation),
      reap: () => one.reap(),
      claim: () => one.claim(lease, 1),
      release: () => one.release(lease, ['ada']),
      commit: () => one.commit(change({ agent: 'ada', token: 1 }, 'chat', 1, 'b')),
      recorded: () => one.recorded(['a']),
      census: () => one.census(),
      drain: () => drained(one),
    };
    for (const call of Object.values(calls)) await rejectsWith('USHER_STORE_UNAVAILABLE', call());
    await one.close();
  },
};
