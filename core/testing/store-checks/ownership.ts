import { deepEqual, equal, ok } from 'node:assert/strict';
import {
  change,
  claimOf,
  interactionsOf,
  join,
  lapsed,
  type Owner,
  owning,
  type StoreChecks,
} from './check.ts';

const numbered = (count: number): string[] => Array.from({ length: count }, (_, index) => `agent-${index}`);

/** Who owns which agent, and by which token. */
export const ownershipChecks: StoreChecks = {
  'gives an agent to one worker only, however many ask at once': async (one, other) => {
    await one.enrol(numbered(20));
    const claims = await Promise.all(
      [one, other, one, other, one, other].map(async (store) => store.claim(await join(store), 7)),
    );
    const agents = claims.flat().map(({ agent }) => agent);
    deepEqual(agents.sort(), numbered(20).sort());
    equal((await other.census()).free, 0);
  },

  'claims no more than asked for': async (one) => {
    await one.enrol(numbered(5));
    const lease = await join(one);
    equal((await one.claim(lease, 0)).length, 0);
    equal((await one.claim(lease, -1)).length, 0);
    equal((await one.claim(lease, 2)).length, 2);
    equal((await one.claim(lease, Number.POSITIVE_INFINITY)).length, 3);
  },

  'claims of those named only': async (one, other) => {
    await one.enrol(['ada', 'bob', 'cyd']);
    const lease = await join(other);
    deepEqual(await other.claim(lease, 3, []), []);
    deepEqual(await other.claim(lease, 3, ['nobody']), []);
    equal((await other.claim(lease, 1, ['bob', 'cyd'])).length, 1);
    const rest = await other.claim(lease, 3, ['bob', 'cyd']);
    equal(rest.length, 1);
    equal((await one.census()).free, 1);
  },

  'enrols an agent once, and leaves it to its owner when it is enrolled again': async (one, other) => {
    const claim = await claimOf(one, 'ada');
    await other.enrol(['ada', 'ada']);
    deepEqual(await other.claim(await join(other), 1), []);
    equal((await one.census()).agents, 1);
    equal(await one.commit(change(claim, 'chat', 0, 1)), 'ok');
  },

  'gives out tokens that only grow, whichever way the agent was given up': async (one, other) => {
    const tokens: number[] = [];
    const first = await owning(one, ['ada']);
    tokens.push(...first.claims.map(({ token }) => token));
    await one.release(first.lease, ['ada']);
    tokens.push(...(await one.claim(first.lease, 1)).map(({ token }) => token));
    await one.leave(first.lease);
    const second = await owning(other, ['ada']);
    tokens.push(...second.claims.map(({ token }) => token));
    await one.expire(second.lease.incarnation);
    tokens.push(...(await lapsed(one, ['ada'])).claims.map(({ token }) => token));
    await other.reap();
    tokens.push((await claimOf(other, 'ada')).token);
    ok(tokens.length >= 5);
    deepEqual(
      tokens,
      [...new Set(tokens)].sort((a, b) => a - b),
    );
  },

  'releases the agents named, and none of another worker': async (one, other) => {
    const mine = await owning(one, ['ada', 'bob']);
    const theirs = await owning(other, ['cyd']);
    await one.release(mine.lease, ['ada', 'cyd', 'nobody']);
    equal((await one.census()).free, 1);
    const [cyd, bob] = [theirs.claims[0], mine.claims.find(({ agent }) => agent === 'bob')];
    ok(cyd && bob);
    equal(await other.commit(change(cyd, 'chat', 0, 1)), 'ok');
    equal(await one.commit(change(bob, 'chat', 0, 1)), 'ok');
  },

  'lists agents and workers in the census, with their load': async (one, other) => {
    await one.enrol(numbered(5));
    const first = await one.join({ name: 'first', capacity: 3, ttlMs: 60_000 });
    const second = await other.join({ name: 'second', capacity: 0, ttlMs: 30_000 });
    await one.claim(first, 2);
    await other.renew(second, 7);
    const { at, agents, free, workers } = await other.census();
    deepEqual({ agents, free }, { agents: 5, free: 3 });
    ok(workers.every(({ expires }) => expires > at));
    const told = new Map(workers.map(({ incarnation, expires, ...rest }) => [incarnation, rest]));
    deepEqual(told.get(first.incarnation), { name: 'first', capacity: 3, load: 2 });
    deepEqual(told.get(second.incarnation), { name: 'second', capacity: 7, load: 0 });
    equal(told.size, 2);
  },

  "fences a former owner's changes, whichever way the agent was given up": async (one, other) => {
    const ways: Record<string, (agent: string) => Promise<Owner>> = {
      release: async (agent) => {
        const owner = await owning(one, [agent]);
        await one.release(owner.lease, [agent]);
        return owner;
      },
      leave: async (agent) => {
        const owner = await owning(one, [agent]);
        await one.leave(owner.lease);
        return owner;
      },
      expire: async (agent) => {
        const owner = await owning(one, [agent]);
        await other.expire(owner.lease.incarnation);
        return owner;
      },
      reap: async (agent) => {
        const owner = await lapsed(one, [agent]);
        await other.reap();
        return owner;
      },
    };
    for (const [way, givenUp] of Object.entries(ways)) {
      const [former] = (await givenUp(way)).claims;
      ok(former);
      equal(await one.commit(change(former, 'chat', 0, 'free')), 'fenced', `${way}, before the next claim`);
      await claimOf(other, way);
      equal(await one.commit(change(former, 'chat', 0, 'lost')), 'fenced', `${way}, after the next claim`);
      deepEqual(await interactionsOf(one, way), []);
    }
  },

  'gives the next owner every open interaction, as it was last committed': async (one, other) => {
    const first = await owning(one, ['ada', 'bob']);
    const [ada, bob] = first.claims;
    ok(ada && bob);
    await Promise.all([
      one.commit(change(ada, 'chat-1', 0, { step: 'name' })),
      one.commit(change(ada, 'chat-2', 0, ['a', 'b'])),
      one.commit(change(ada, 'chat-3', 0, 'closed')),
      one.commit(change(bob, 'chat-4', 0, 4)),
    ]);
    await one.commit(change(ada, 'chat-1', 1, { step: 'order' }));
    await one.commit(change(ada, 'chat-3', 1, null));
    await one.leave(first.lease);
    const next = await owning(other, ['ada', 'bob']);
    const told = new Map(next.claims.map(({ agent, interactions }) => [agent, interactions]));
    deepEqual(told.get(ada.agent), [
      { id: 'chat-1', version: 2, state: { step: 'order' } },
      { id: 'chat-2', version: 1, state: ['a', 'b'] },
    ]);
    deepEqual(told.get(bob.agent), [{ id: 'chat-4', version: 1, state: 4 }]);
  },
};
