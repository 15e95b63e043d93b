import fc from 'fast-check';
import type { Change, Json, Lease, Store } from 'usher-bots';
import { expect } from 'vitest';
import { laneOf, type ModelStore } from './model-store.ts';

/** Two connections to the store under test, or one twice. */
export type Connections = readonly [Store, Store];

type Command = fc.AsyncCommand<ModelStore, Connections>;
type Run = (model: ModelStore, store: Store) => Promise<void>;

const agents = ['ada', 'bob', 'cyd', "o'neil"];
const keys = ['greeted', 'left'];

const command = (text: string, connection: number, run: Run): Command => ({
  check: () => true,
  run: async (model, connections) => {
    await run(model, connections[connection % 2] as Store);
    const outlived = model.leases.filter(
      (lease) => lease.ok() && (model.granted.get(lease.incarnation) ?? 0) <= model.now,
    );
    expect(outlived).toEqual([]);
  },
  toString: () => `${text} by ${connection % 2}`,
});

const connection = fc.nat({ max: 1 });
const names = fc.subarray(agents);
/** One of the leases there have been, the live ones more often. */
const which = fc.nat({ max: 5 });
const leaseOf = (model: ModelStore, back: number): Lease | undefined => model.leases.at(-1 - back);

const enrol = fc.tuple(names, connection).map(([some, by]) =>
  command(`enrol ${some}`, by, async (model, store) => {
    await store.enrol(some);
    model.enrol(some);
  }),
);

const join = fc
  .tuple(fc.integer({ min: 5, max: 60 }), fc.nat({ max: 9 }), connection)
  .map(([ttlMs, capacity, by]) =>
    command(`join for ${ttlMs}`, by, async (model, store) => {
      model.join(await store.join({ name: 'w', capacity, ttlMs }), capacity);
    }),
  );

const pass = fc.nat({ max: 25 }).map((ms) =>
  command(`pass ${ms}`, 0, async (model) => {
    model.now += ms;
  }),
);

const renew = fc
  .tuple(which, fc.option(fc.nat({ max: 9 }), { nil: undefined }), connection)
  .map(([back, capacity, by]) =>
    command(`renew ${back}`, by, async (model, store) => {
      const lease = leaseOf(model, back);
      if (lease === undefined) return;
      const renewed = store.renew(lease, capacity);
      if (model.renew(lease, capacity)) await renewed;
      else await expect(renewed).rejects.toMatchObject({ code: 'USHER_STORE_LEASE_LOST' });
    }),
  );

const end = fc.tuple(which, fc.boolean(), connection).map(([back, leave, by]) =>
  command(`${leave ? 'leave' : 'expire'} ${back}`, by, async (model, store) => {
    const lease = leaseOf(model, back);
    if (lease === undefined) return;
    await (leave ? store.leave(lease) : store.expire(lease.incarnation));
    model.end(lease.incarnation);
  }),
);

const reap = connection.map((by) =>
  command('reap', by, async (model, store) => {
    expect(await store.reap()).toBe(model.reap());
  }),
);

const claim = fc
  .tuple(which, fc.nat({ max: 4 }), fc.option(names, { nil: undefined }), connection)
  .map(([back, max, only, by]) =>
    command(`claim ${max} of ${only ?? 'all'} for ${back}`, by, async (model, store) => {
      const lease = leaseOf(model, back);
      if (lease === undefined) return;
      const free = model.claimable(lease, only);
      const claims = await store.claim(lease, max, only);
      expect(claims).toHaveLength(Math.min(max, free.length));
      for (const { agent, token, interactions } of claims) {
        expect(free).toContain(agent);
        expect({ token, interactions }).toEqual(model.take(agent, lease));
      }
    }),
  );

const release = fc.tuple(which, names, connection).map(([back, some, by]) =>
  command(`release ${some} of ${back}`, by, async (model, store) => {
    const lease = leaseOf(model, back);
    if (lease === undefined) return;
    await store.release(lease, some);
    model.release(lease, some);
  }),
);

const mostly = (usual: number, ...others: number[]): fc.Arbitrary<number> =>
  fc.oneof(
    { arbitrary: fc.constant(usual), weight: 5 },
    { arbitrary: fc.constantFrom(...others), weight: 1 },
  );

const draft = fc.record({
  agent: fc.constantFrom(...agents),
  tokenOff: mostly(0, -1, 1),
  interaction: fc.constantFrom('chat-1', 'chat-2'),
  versionOff: mostly(0, -1, 1, 2),
  state: fc.oneof({ arbitrary: fc.jsonValue(), weight: 4 }, { arbitrary: fc.constant(null), weight: 1 }),
  once: fc.subarray(keys),
  events: fc.nat({ max: 2 }),
});

const commit = fc.tuple(fc.array(draft, { minLength: 1, maxLength: 5 }), connection).map(([drafts, by]) =>
  command(`commit ${fc.stringify(drafts)}`, by, async (model, store) => {
    const before = await store.recorded(keys);
    const changes = drafts.map(
      ({ agent, tokenOff, interaction, versionOff, state, once, events }): Change => {
        const { token, version } = model.present(agent, interaction);
        const body = model.nextNumber();
        return {
          agent,
          token: token + tokenOff,
          interaction,
          version: Math.max(0, version + versionOff),
          state: JSON.parse(JSON.stringify(state)) as Json,
          once: once.map((key) => ({ key, body })),
          publish: Array.from({ length: events }, () => [agent, interaction, model.nextNumber()]),
        };
      },
    );
    const results = await Promise.all(changes.map((change) => store.commit(change)));
    expect(results).toEqual(changes.map((change) => model.commit(change)));

    const after = await store.recorded(keys);
    for (const key of keys) {
      const bodies = changes
        .filter((_, index) => results[index] === 'ok')
        .flatMap(({ once = [] }) => once.filter((entry) => entry.key === key).map(({ body }) => body));
      const allowed = before.has(key) ? [before.get(key)] : bodies.length > 0 ? bodies : [undefined];
      expect(allowed).toContainEqual(after.get(key));
    }
  }),
);

const drain = fc.tuple(fc.integer({ min: 1, max: 4 }), connection).map(([max, by]) =>
  command(`drain ${max}`, by, async (model, store) => {
    let isEmpty = true;
    for (let part = 0; part < store.parts; part += 1) {
      const batches = await Array.fromAsync(store.drain(part, max));
      for (const event of batches.flatMap(({ events }) => events)) {
        const [agent, interaction] = event as [string, string, number];
        expect(event).toEqual(model.outbox.get(laneOf(agent, interaction))?.shift());
      }
      isEmpty &&= batches.length < max;
    }
    if (isEmpty) expect([...model.outbox.values()].flat()).toEqual([]);
  }),
);

const census = connection.map((by) =>
  command('census', by, async (model, store) => {
    expect(await store.census()).toEqual({
      at: model.now,
      agents: model.agents.size,
      free: [...model.agents.values()].filter(({ owner }) => owner === undefined).length,
      workers: [...model.workers].map(([incarnation, { expires, capacity }]) => ({
        incarnation,
        name: 'w',
        capacity,
        expires,
        load: model.ownedBy(incarnation).length,
      })),
    });
  }),
);

/** Everything that can be done to a store. Those that commit and claim come more often. */
export const storeCommands = fc.commands(
  [
    enrol,
    join,
    join,
    pass,
    renew,
    end,
    reap,
    claim,
    claim,
    claim,
    release,
    commit,
    commit,
    commit,
    commit,
    drain,
    census,
  ],
  { maxCommands: 60, size: 'max' },
);
