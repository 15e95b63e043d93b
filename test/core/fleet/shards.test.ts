import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { capacitySplit, roundingStart } from '../../../core/fleet/capacity-split.ts';
import { VirtualTime } from '../../../core/testing/virtual-time.ts';
import { ShardsWorld } from './shards-world.ts';

const ttl = 6_000;
const loginsPerSecond = 30;

const worldOf = (time: VirtualTime, agents: number, perSecond = loginsPerSecond) =>
  new ShardsWorld(time, {
    shards: 3,
    agents,
    loginsPerSecond: perSecond,
    ttl,
    sending: 1_000,
  });

const happenings = fc.array(
  fc.record({
    after: fc.integer({ min: 0, max: 4_000 }),
    kind: fc.constantFrom('join', 'kill', 'kill supervised', 'lose', 'cut', 'restore', 'drain', 'grow'),
    nth: fc.nat(5),
    shard: fc.nat(2),
  }),
  { minLength: 3, maxLength: 10 },
);

type Happening = (typeof happenings extends fc.Arbitrary<infer All> ? All : never)[number];

async function happen(world: ShardsWorld, { kind, nth, shard }: Happening): Promise<void> {
  if (kind === 'join') {
    // Where no shard answers at all there is nothing to join.
    if (world.living.length < 4) await world.join().catch(() => undefined);
  } else if (kind === 'kill') await world.kill(nth, false);
  else if (kind === 'kill supervised') await world.kill(nth, true);
  else if (kind === 'lose') world.lose(shard);
  else if (kind === 'cut') world.lose(shard, nth);
  else if (kind === 'restore') world.restore();
  else if (kind === 'drain') void world.drain(nth);
  else world.known = new Set([...world.known, `more-${nth}`]);
}

describe('a fleet on three stores', () => {
  it('has one owner for each agent whatever is lost, and all of them again when it is back', {
    timeout: 60_000,
  }, async () => {
    await fc.assert(
      fc.asyncProperty(happenings, async (happening) => {
        await VirtualTime.run(async (time) => {
          const world = worldOf(time, 21);
          await world.join();
          await world.join();
          await world.pass(3_000);
          for (const one of happening) {
            await world.pass(one.after);
            // A join waits for the time to pass.
            const happened = happen(world, one);
            await world.pass(1_200);
            await happened;
          }
          world.restore();
          const joined = world.living.length === 0 ? world.join() : undefined;
          await world.pass(2 * ttl + 10_000);
          await joined;
          const { shares, wrong } = world.state();
          const { violations, logins } = world;
          await world.close();
          expect({ violations, wrong }).toEqual({ violations: [], wrong: [] });
          expect(Math.max(...shares) - Math.min(...shares)).toBeLessThanOrEqual(3);
          expect(excess(logins)).toBe(0);
        });
      }),
      { numRuns: 12 },
    );
  });

  it('loses the agents of a lost shard when their leases end, and not one of the others', async () => {
    await VirtualTime.run(async (time) => {
      const world = worldOf(time, 24);
      for (let nth = 0; nth < 3; nth += 1) await world.join();
      await world.pass(4_000);
      world.stopped.length = 0;
      world.lose(1);
      await world.pass(ttl + 2_000);
      const ofTheShard = [...world.known].filter((agent) => world.shardOf(agent) === 1);
      expect(ofTheShard.length).toBeGreaterThan(3);
      expect(world.state().wrong.toSorted()).toEqual(ofTheShard.toSorted());
      expect(world.stopped.toSorted()).toEqual(ofTheShard.toSorted());
      for (const { worker } of world.living) {
        expect([...worker.strandedAgents].sort()).toEqual(ofTheShard.toSorted());
        expect([0, 1, 2].map((shard) => worker.answers(shard))).toEqual([true, false, true]);
      }
      world.restore();
      await world.pass(4_000);
      expect(world.state().wrong).toEqual([]);
      expect(world.living.flatMap(({ worker }) => worker.strandedAgents)).toEqual([]);
      expect(world.violations).toEqual([]);
      // Nothing was said twice: one loss for each worker, and the lease of each that ended.
      expect(world.problems.map((problem) => problem.split(':')[0]).sort()).toEqual([
        ...Array<string>(3).fill('USHER_STORE_LEASE_LOST'),
        ...Array<string>(3).fill('USHER_STORE_UNAVAILABLE'),
      ]);
      await world.close();
    });
  });

  it('begins in the shards that answer, and in the others when they do', async () => {
    await VirtualTime.run(async (time) => {
      const world = worldOf(time, 12);
      world.lose(2);
      const joined = world.join();
      await world.pass(5_000);
      await joined;
      const late = [...world.known].filter((agent) => world.shardOf(agent) === 2);
      expect(world.state().wrong.toSorted()).toEqual(late.toSorted());
      expect(world.living[0]?.worker.strandedAgents.toSorted()).toEqual(late.toSorted());
      expect(world.problems).toEqual(['USHER_STORE_UNAVAILABLE: shard 2 did not answer: lost']);
      world.restore();
      await world.pass(4_000);
      expect([world.state().wrong, world.living[0]?.worker.strandedAgents]).toEqual([[], []]);
      await world.close();
    });
  });

  it('does not begin where no shard answers', async () => {
    await VirtualTime.run(async (time) => {
      const world = worldOf(time, 3);
      for (const shard of [0, 1, 2]) world.lose(shard);
      const joined = world.join().catch((thrown: unknown) => thrown);
      await world.pass(8_000);
      expect(await joined).toMatchObject({ code: 'USHER_STORE_UNAVAILABLE' });
      await world.close();
    });
  });

  it('never has more agents in a process than its capacity, however they change', async () => {
    await VirtualTime.run(async (time) => {
      const world = worldOf(time, 40);
      for (const capacity of [5, 10, 20]) await world.join(capacity);
      await world.pass(8_000);
      expect(world.state().shares).toEqual([5, 10, 20]);
      for (let turn = 0; turn < 6; turn += 1) {
        const kept = [...world.known].filter((agent) => world.shardOf(agent) !== turn % 3);
        world.known = new Set([...kept, ...Array.from({ length: 20 }, (_, nth) => `turn-${turn}-${nth}`)]);
        await world.pass(4_000);
      }
      expect(world.violations).toEqual([]);
      await world.close();
    });
  });

  it('takes no more in one shard for having to give away in another, while all are full', async () => {
    await VirtualTime.run(async (time) => {
      const world = worldOf(time, 60);
      for (let nth = 0; nth < 3; nth += 1) await world.join(10);
      await world.pass(8_000);
      expect(world.state().shares).toEqual([10, 10, 10]);
      const more = Array.from({ length: 120 }, (_, nth) => `more-${nth}`).filter(
        (name) => world.shardOf(name) === 1,
      );
      world.known = new Set([...world.known, ...more]);
      await world.pass(8_000);
      expect(world.violations).toEqual([]);
      expect(world.state().shares).toEqual([10, 10, 10]);
      await world.close();
    });
  });

  it('keeps one budget of logins in all shards together', async () => {
    await VirtualTime.run(async (time) => {
      const world = worldOf(time, 60, 9);
      await world.join();
      await world.pass(2_000);
      expect(world.logins.length).toBeGreaterThan(15);
      expect(excess(world.logins, 9)).toBe(0);
      await world.pass(8_000);
      expect([world.state().wrong, excess(world.logins, 9)]).toEqual([[], 0]);
      await world.close();
    });
  });

  it('drains in all shards at once', async () => {
    await VirtualTime.run(async (time) => {
      const world = worldOf(time, 18);
      await world.join();
      await world.join();
      await world.pass(4_000);
      const drained = world.drain(0);
      await world.pass(8_000);
      await drained;
      expect([world.living.length, world.state()]).toEqual([1, { shares: [18], wrong: [] }]);
      await world.close();
    });
  });
});

describe("the split of a process's capacity", () => {
  it('is whole, in proportion, and of all processes together as even as the agents are', () => {
    const counts = fc.array(fc.nat(400), { minLength: 2, maxLength: 6 });
    fc.assert(
      fc.property(fc.nat(2_000), counts, fc.string(), (capacity, agents, name) => {
        const all = agents.reduce((sum, count) => sum + count, 0);
        const split = capacitySplit(capacity, agents, roundingStart(name));
        const served = split.filter((_, shard) => (agents[shard] ?? 0) > 0);
        if (all > 0) expect(served.reduce((sum, share) => sum + share, 0)).toBe(capacity);
        for (const [shard, share] of split.entries()) {
          const exact = all === 0 ? 0 : (capacity * (agents[shard] ?? 0)) / all;
          if ((agents[shard] ?? 0) > 0) expect(Math.abs(share - exact)).toBeLessThan(1);
        }
      }),
    );
    const places = Array.from({ length: 200 }, (_, nth) =>
      capacitySplit(2, [9, 9, 9], roundingStart(`${nth}`)),
    );
    for (const shard of [0, 1, 2]) {
      const offered = places.reduce((sum, split) => sum + (split[shard] ?? 0), 0);
      expect(Math.abs(offered - 133)).toBeLessThan(25);
    }
  });

  it('says of a shard without agents that it would take one', () => {
    expect(capacitySplit(10, [0, 4], 0)).toEqual([1, 10]);
    expect(capacitySplit(0, [0, 4], 0)).toEqual([0, 0]);
  });
});

/** The most logins that any time has seen beyond what all shards together may. */
function excess(logins: readonly number[], perSecond = loginsPerSecond): number {
  return Math.max(
    0,
    ...logins.flatMap((from, first) =>
      logins.slice(first).map((to, more) => {
        const allowed = perSecond + Math.ceil(((to - from) * perSecond) / 1_000) + 3;
        return more + 1 - allowed;
      }),
    ),
  );
}
