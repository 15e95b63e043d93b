import { deepEqual, equal, ok, rejects } from 'node:assert/strict';
import { Buffer } from 'node:buffer';
import type { OutboxBatch, Store } from '../../store/store.ts';
import { change, claimOf, drained, type StoreChecks } from './check.ts';

/** `once` keys and the outbox: what goes with a commit, or not at all. */
export const outcomeChecks: StoreChecks = {
  'records a once key for the first change that has it': async (one, other) => {
    const [ada, bob] = [await claimOf(one, 'ada'), await claimOf(other, 'bob')];
    const twice = [
      { key: 'greeted', body: 1 },
      { key: 'greeted', body: 2 },
    ];
    const results = await Promise.all([
      one.commit(change(ada, 'chat-1', 0, 'a', { once: twice })),
      one.commit(change(ada, 'chat-2', 0, 'a', { once: [{ key: 'greeted', body: 3 }] })),
      one.commit(change(bob, 'chat-1', 0, 'a', { once: [{ key: 'greeted', body: 4 }] })),
    ]);
    deepEqual(results, ['ok', 'ok', 'ok']);
    await other.commit(
      change(bob, 'chat-1', 1, 'b', {
        once: [
          { key: 'greeted', body: 5 },
          { key: 'left', body: null },
        ],
      }),
    );
    deepEqual(
      await other.recorded(['greeted', 'left', 'never']),
      new Map<string, unknown>([
        ['greeted', 1],
        ['left', null],
      ]),
    );
  },

  'lets one of many record a once key': async (one, other) => {
    const ada = await claimOf(one, 'ada');
    await Promise.all(
      Array.from({ length: 20 }, (_, n) =>
        (n % 2 ? one : other).commit(
          change(ada, `chat-${n}`, 0, n, { once: [{ key: 'first', body: n }], publish: [n] }),
        ),
      ),
    );
    const winner = (await one.recorded(['first'])).get('first');
    ok(typeof winner === 'number');
    deepEqual(await other.recorded(['first']), new Map([['first', winner]]));
    equal((await drained(one)).length, 20);
  },

  'keeps once keys when the interaction closes and the agent changes hands': async (one, other) => {
    const ada = await claimOf(one, 'ada');
    await one.commit(change(ada, 'chat', 0, 'a', { once: [{ key: 'greeted', body: 'hello' }] }));
    await one.commit(change(ada, 'chat', 1, null));
    for (const { incarnation } of (await one.census()).workers) await one.expire(incarnation);
    deepEqual(await other.recorded(['greeted']), new Map([['greeted', 'hello']]));
  },

  'keeps what belongs to no agent once, and tells what stands': async (one, other) => {
    deepEqual(await one.keep([{ key: 'a', body: 1 }]), new Map([['a', 1]]));
    const again = await other.keep([
      { key: 'a', body: 2 },
      { key: 'b', body: 3 },
      { key: 'b', body: 4 },
    ]);
    deepEqual(again, new Map([['a', 1], ['b', 3]])); // biome-ignore format: a table
    const ada = await claimOf(one, 'ada');
    await one.commit(change(ada, 'chat', 0, 'x', { once: [{ key: 'a', body: 5 }, { key: 'c', body: 6 }] })); // biome-ignore format: a line
    deepEqual(await other.recorded(['a', 'b', 'c']), new Map([['a', 1], ['b', 3], ['c', 6]])); // biome-ignore format: a table
    deepEqual(await one.keep([]), new Map());
  },

  'lets one of many keep a key': async (one, other) => {
    const stand = await Promise.all(
      Array.from({ length: 20 }, (_, n) => (n % 2 ? one : other).keep([{ key: 'first', body: n }])),
    );
    const winners = new Set(stand.map((kept) => kept.get('first')));
    equal(winners.size, 1);
  },

  'tells what is kept under a prefix, in order, however much it is': async (one, other) => {
    const keys = Array.from({ length: 2_345 }, (_, n) => `x/${n}/`);
    await one.keep([...keys, 'x', 'w/1', 'y', 'x0', 'x/ß', 'x/\u{1f600}'].map((key) => ({ key, body: key })));
    const kept = await Array.fromAsync(other.kept('x/'));
    deepEqual(
      kept.map(({ key }) => key),
      [...keys, 'x/ß', 'x/\u{1f600}'].sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b))),
    );
    deepEqual(kept.find(({ key }) => key === 'x/7/')?.body, 'x/7/');
    deepEqual(await Array.fromAsync(one.kept('z')), []);
    deepEqual((await Array.fromAsync(one.kept('x'))).length, keys.length + 4);
  },

  'does nothing at all when it is fenced or in conflict': async (one) => {
    const ada = await claimOf(one, 'ada');
    await one.commit(change(ada, 'chat', 0, 'a'));
    const more = { once: [{ key: 'greeted', body: 1 }], publish: ['greeted'] };
    const results = await Promise.all([
      one.commit(change({ agent: 'ada', token: ada.token - 1 }, 'chat', 1, 'x', more)),
      one.commit(change(ada, 'another', 1, 'x', more)),
      one.commit(change(ada, 'third', 1, null, more)),
    ]);
    deepEqual(results, ['fenced', 'conflict', 'conflict']);
    deepEqual(await one.recorded(['greeted']), new Map());
    deepEqual(await drained(one), []);
  },

  'takes the last words of an interaction that was never kept': async (one) => {
    const ada = await claimOf(one, 'ada');
    const more = { once: [{ key: 'left', body: 1 }], publish: ['left'] };
    equal(await one.commit(change(ada, 'chat', 0, null, more)), 'ok');
    deepEqual(await one.recorded(['left']), new Map([['left', 1]]));
    deepEqual(await drained(one), ['left']);
    await one.commit(change(ada, 'chat', 0, 'kept'));
    equal(await one.commit(change(ada, 'chat', 0, null, more)), 'conflict');
    deepEqual(await drained(one), []);
  },

  'drains the events of an agent in the order of their commits, each once': async (one, other) => {
    const [ada, bob] = [await claimOf(one, 'ada'), await claimOf(other, 'bob')];
    for (let version = 0; version < 10; version += 1) {
      await Promise.all([
        one.commit(
          change(ada, 'chat', version, 'a', {
            publish: [
              ['ada', version, 1],
              ['ada', version, 2],
            ],
          }),
        ),
        one.commit(change(bob, 'chat', version, 'b', { publish: [['bob', version, 1]] })),
        one.commit(change(bob, 'silent', version, 'b', { publish: [] })),
      ]);
    }
    const events = (await drained(other)) as [string, number, number][];
    const of = (agent: string): number[] =>
      events.filter(([name]) => name === agent).map(([, version, n]) => version * 10 + n);
    deepEqual(of('bob'), [1, 11, 21, 31, 41, 51, 61, 71, 81, 91]);
    deepEqual(
      of('ada'),
      of('bob').flatMap((n) => [n, n + 1]),
    );
    deepEqual(await drained(one), []);
  },

  'brings a batch again until the consumer has come back for the next': async (one, other) => {
    const ada = await claimOf(one, 'ada');
    await one.commit(change(ada, 'chat', 0, 'a', { publish: ['first'] }));
    await one.commit(change(ada, 'chat', 1, 'b', { publish: ['second'] }));
    const broken = await abandoned(one.drain(await partOf(one), 9), 'break');
    deepEqual(broken?.events, ['first']);
    const thrown = await abandoned(other.drain(await partOf(one), 9), 'throw');
    deepEqual(thrown, broken);
    deepEqual(await drained(other), ['first', 'second']);
  },

  'gives a part to one drainer at a time': async (one, other) => {
    const ada = await claimOf(one, 'ada');
    await one.commit(change(ada, 'chat', 0, 'a', { publish: ['first'] }));
    const part = await partOf(one);
    const drainer = one.drain(part, 9)[Symbol.asyncIterator]();
    deepEqual((await drainer.next()).value?.events, ['first']);
    deepEqual(await Array.fromAsync(other.drain(part, 9)), []);
    await drainer.return?.();
    deepEqual(await drained(other), ['first']);
  },

  'counts the batches that wait, and tells how old they are': async (one, other) => {
    const ada = await claimOf(one, 'ada');
    const { at, ...nothing } = await other.waiting();
    deepEqual(nothing, { batches: 0 });
    await one.commit(change(ada, 'chat', 0, 'a', { publish: ['first'] }));
    const first = await other.waiting();
    equal(first.batches, 1);
    ok(first.oldest !== undefined && at <= first.oldest && first.oldest <= first.at);
    await one.commit(change(ada, 'chat', 1, 'b', { publish: ['second', 'third'] }));
    const both = await other.waiting();
    deepEqual([both.batches, both.oldest], [2, first.oldest]);
    await drained(other);
    equal((await one.waiting()).batches, 0);
  },

  'drains at most as many batches as asked for': async (one, other) => {
    const ada = await claimOf(one, 'ada');
    for (let version = 0; version < 5; version += 1) {
      await one.commit(change(ada, 'chat', version, 'a', { publish: [version] }));
    }
    const part = await partOf(one);
    for (const [max, expected] of [
      [0, []],
      [2, [0, 1]],
      [1, [2]],
      [9, [3, 4]],
    ] as const) {
      deepEqual(
        (await Array.fromAsync(other.drain(part, max))).flatMap(({ events }) => events),
        expected,
      );
    }
  },

  'never gives the id of a batch to another one': async (one) => {
    const ada = await claimOf(one, 'ada');
    const ids: number[] = [];
    for (let version = 0; version < 4; version += 1) {
      await one.commit(change(ada, 'chat', version, 'a', { publish: [version] }));
      ids.push(...(await Array.fromAsync(one.drain(await partOf(one), 9))).map(({ id }) => id));
    }
    deepEqual(
      ids,
      [...new Set(ids)].sort((a, b) => a - b),
    );
    equal(ids.length, 4);
  },

  'has no parts but its own': async (one) => {
    ok(one.parts >= 1);
    for (const part of [-1, one.parts, 0.5]) await rejects(Array.fromAsync(one.drain(part, 1)), RangeError);
  },
};

/** The first batch, of which the consumer made nothing. */
async function abandoned(
  batches: AsyncIterable<OutboxBatch>,
  how: 'break' | 'throw',
): Promise<OutboxBatch | undefined> {
  let held: OutboxBatch | undefined;
  const consume = async (): Promise<void> => {
    for await (const batch of batches) {
      held = batch;
      if (how === 'break') break;
      throw new RangeError('the consumer failed');
    }
  };
  if (how === 'break') await consume();
  else await rejects(consume(), RangeError);
  return held;
}

/** The part that has something; nothing is taken from it. */
async function partOf(store: Store): Promise<number> {
  for (let part = 0; part < store.parts; part += 1) {
    for await (const _ of store.drain(part, 1)) return part;
  }
  throw new Error('the outbox is empty');
}
