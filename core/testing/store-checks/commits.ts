import { deepEqual, equal } from 'node:assert/strict';
import type { CommitResult } from '../../store/store.ts';
import { change, claimOf, drained, interactionsOf, owning, type StoreChecks } from './check.ts';

const numbers = (count: number): number[] => Array.from({ length: count }, (_, index) => index);

const count = (results: readonly CommitResult[], wanted: CommitResult): number =>
  results.filter((result) => result === wanted).length;

/** Compare-and-set on version and token. */
export const commitChecks: StoreChecks = {
  'counts the versions of an interaction from 1': async (one, other) => {
    const ada = await claimOf(one, 'ada');
    equal(await one.commit(change(ada, 'chat', 0, 'a')), 'ok');
    equal(await other.commit(change(ada, 'chat', 1, 'b')), 'ok');
    equal(await one.commit(change(ada, 'chat', 2, 'c')), 'ok');
    deepEqual(await interactionsOf(one, 'ada'), [{ id: 'chat', version: 3, state: 'c' }]);
  },

  'refuses a version that is not the present one': async (one) => {
    const ada = await claimOf(one, 'ada');
    equal(await one.commit(change(ada, 'chat', 1, 'missing')), 'conflict');
    await one.commit(change(ada, 'chat', 0, 'a'));
    equal(await one.commit(change(ada, 'chat', 0, 'again')), 'conflict');
    equal(await one.commit(change(ada, 'chat', 2, 'ahead')), 'conflict');
    await one.commit(change(ada, 'chat', 1, 'b'));
    equal(await one.commit(change(ada, 'chat', 1, 'behind')), 'conflict');
    equal(await one.commit(change(ada, 'chat', 1, null)), 'conflict');
    deepEqual(await interactionsOf(one, 'ada'), [{ id: 'chat', version: 2, state: 'b' }]);
  },

  'says fenced before it says conflict': async (one) => {
    const ada = await claimOf(one, 'ada');
    await one.commit(change(ada, 'chat', 0, 'a'));
    const stranger = { agent: 'ada', token: ada.token + 1 };
    const former = { agent: 'ada', token: ada.token - 1 };
    for (const owner of [stranger, former, { agent: 'nobody', token: 1 }, { agent: 'nobody', token: 0 }]) {
      for (const version of [0, 1, 2]) {
        equal(await one.commit(change(owner, 'chat', version, 'x')), 'fenced');
        equal(await one.commit(change(owner, 'chat', version, null)), 'fenced');
      }
    }
  },

  'fences the owner before a claim also where it would create': async (one, other) => {
    const { lease, claims } = await owning(one, ['ada']);
    const former = { agent: 'ada', token: claims[0]?.token ?? 0 };
    await one.leave(lease);
    const [result, next] = await Promise.all([
      one.commit(change(former, 'chat', 0, 'late')),
      claimOf(other, 'ada'),
    ]);
    equal(result, 'fenced');
    equal(await other.commit(change(next, 'chat', 0, 'mine')), 'ok');
  },

  'lets exactly one of many win that change one version, or create, at once': async (one, other) => {
    const ada = await claimOf(one, 'ada');
    for (const version of [0, 1, 2]) {
      const results = await Promise.all(
        numbers(20).map((n) => (n % 2 ? one : other).commit(change(ada, 'chat', version, n))),
      );
      deepEqual([count(results, 'ok'), count(results, 'conflict')], [1, 19]);
    }
    deepEqual(
      (await interactionsOf(one, 'ada')).map(({ version }) => version),
      [3],
    );
  },

  'answers each of the changes made at once by itself': async (one) => {
    const ada = await claimOf(one, 'ada');
    const lost = { agent: 'ada', token: ada.token - 1 };
    await one.commit(change(ada, 'open', 0, 'a'));
    const results = await Promise.all([
      one.commit(change(ada, 'new', 0, 1)),
      one.commit(change(lost, 'new too', 0, 1)),
      one.commit(change(ada, 'open', 3, 1)),
      one.commit(change(ada, 'missing', 1, null)),
      one.commit(change(ada, 'another', 0, 1)),
    ]);
    deepEqual(results, ['ok', 'fenced', 'conflict', 'conflict', 'ok']);
    deepEqual(
      (await interactionsOf(one, 'ada')).map(({ id, version }) => [id, version]),
      [
        ['another', 1],
        ['new', 1],
        ['open', 1],
      ],
    );
  },

  'takes changes of one interaction made at once one after the other': async (one) => {
    const ada = await claimOf(one, 'ada');
    const results = await Promise.all([
      one.commit(change(ada, 'chat', 0, 'a')),
      one.commit(change(ada, 'chat', 1, 'b')),
      one.commit(change(ada, 'other', 0, 'x')),
      one.commit(change(ada, 'chat', 1, 'stale')),
      one.commit(change(ada, 'chat', 2, 'c')),
    ]);
    deepEqual(results, ['ok', 'ok', 'ok', 'conflict', 'ok']);
    deepEqual(await interactionsOf(one, 'ada'), [
      { id: 'chat', version: 3, state: 'c' },
      { id: 'other', version: 1, state: 'x' },
    ]);
  },

  'takes many changes at once': async (one, other) => {
    const ada = await claimOf(one, 'ada');
    const ids = numbers(1_000).map((n) => `chat-${String(n).padStart(4, '0')}`);
    const results = await Promise.all(
      ids.map((id, n) => (n % 2 ? one : other).commit(change(ada, id, 0, { n }, { publish: [n] }))),
    );
    equal(count(results, 'ok'), 1_000);
    equal((await drained(other)).length, 1_000);
    deepEqual(
      (await interactionsOf(one, 'ada')).map(({ id }) => id),
      ids,
    );
  },

  'keeps a document for each agent in the same chat': async (one, other) => {
    const [ada, bob] = [await claimOf(one, 'ada'), await claimOf(other, 'bob')];
    equal(await one.commit(change(ada, 'chat', 0, "ada's")), 'ok');
    equal(await one.commit(change(bob, 'chat', 0, "bob's")), 'ok');
    equal(await one.commit(change(ada, 'chat', 1, null)), 'ok');
    deepEqual(await interactionsOf(one, 'bob'), [{ id: 'chat', version: 1, state: "bob's" }]);
  },

  'closes for good: what is late for a closed interaction is a conflict': async (one, other) => {
    const ada = await claimOf(one, 'ada');
    await one.commit(change(ada, 'chat', 0, 'a'));
    await one.commit(change(ada, 'chat', 1, 'b'));
    equal(await other.commit(change(ada, 'chat', 2, null)), 'ok');
    for (const version of [1, 2, 3]) {
      equal(await one.commit(change(ada, 'chat', version, 'late')), 'conflict');
      equal(await one.commit(change(ada, 'chat', version, null)), 'conflict');
    }
    deepEqual(await interactionsOf(one, 'ada'), []);
  },

  'lets a chat that comes back begin anew': async (one) => {
    const ada = await claimOf(one, 'ada');
    await one.commit(change(ada, 'chat', 0, 'a'));
    await one.commit(change(ada, 'chat', 1, null));
    equal(await one.commit(change(ada, 'chat', 0, 'again')), 'ok');
    deepEqual(await interactionsOf(one, 'ada'), [{ id: 'chat', version: 1, state: 'again' }]);
  },

  'keeps a state as it was when the change was made': async (one) => {
    const ada = await claimOf(one, 'ada');
    const state = { steps: ['asked'] };
    const commit = one.commit(change(ada, 'chat', 0, state));
    state.steps.push('altered while it waited');
    await commit;
    deepEqual(await interactionsOf(one, 'ada'), [{ id: 'chat', version: 1, state: { steps: ['asked'] } }]);
  },
};
