import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { sharesOf } from '../../../core/fleet/fair-share.ts';
import { VirtualTime } from '../../../core/testing/virtual-time.ts';
import { temporaryFile } from '../store/temporary-file.ts';
import { FleetWorld } from './fleet-world.ts';

const loginsPerSecond = 20;
const ttl = 6_000;

type Event =
  | { readonly kind: 'join' | 'freeze' | 'thaw' | 'drain' | 'grow' | 'shrink'; readonly nth: number }
  | { readonly kind: 'kill' | 'cut'; readonly nth: number; readonly flag: boolean };

const events = fc.array(
  fc.record({
    after: fc.integer({ min: 0, max: 4_000 }),
    event: fc.oneof(
      fc.record({
        kind: fc.constantFrom('join', 'freeze', 'thaw', 'drain', 'grow', 'shrink'),
        nth: fc.nat(5),
      }) as fc.Arbitrary<Event>,
      fc.record({
        kind: fc.constantFrom('kill', 'cut'),
        nth: fc.nat(5),
        flag: fc.boolean(),
      }) as fc.Arbitrary<Event>,
    ),
  }),
  { minLength: 3, maxLength: 12 },
);

/** What can happen to a fleet, with the workers that are left at the end in peace. */
async function live(
  file: string,
  happening: readonly { readonly after: number; readonly event: Event }[],
  isProtected: boolean,
) {
  return VirtualTime.run(async (time) => {
    const options = { file, agents: 23, loginsPerSecond, ttl, sending: 1_000, isProtected };
    const world = new FleetWorld(time, options);
    await world.join();
    await world.join();
    await world.pass(3_000);
    for (const { after, event } of happening) {
      await world.pass(after);
      await happen(world, event);
    }
    world.thaw();
    for (let nth = 0; nth < 9; nth += 1) world.cutOff(nth, false);
    if (!world.isStaffed) await world.join();
    await world.pass(2 * ttl + 10_000);
    const state = world.state();
    await world.close();
    return { ...state, known: world.known.size, violations: world.violations, logins: world.logins };
  });
}

async function happen(world: FleetWorld, event: Event): Promise<void> {
  const { nth } = event;
  switch (event.kind) {
    case 'join':
      if (world.able.length < 5) await world.join();
      return;
    case 'kill':
      return world.kill(nth, event.flag);
    case 'cut':
      return world.cutOff(nth, event.flag);
    case 'freeze':
      return world.freeze(nth);
    case 'thaw':
      return world.thaw();
    case 'drain':
      void world.drain(nth);
      return;
    case 'grow':
      world.known = new Set([...world.known, `more-${nth}`]);
      return;
    case 'shrink':
      world.known = new Set([...world.known].filter((agent) => agent !== `agent-${nth}`));
  }
}

/** The most logins that any time has seen beyond what it may. */
function excess(logins: readonly number[]): number {
  return Math.max(
    0,
    ...logins.flatMap((from, first) =>
      logins.slice(first).map((to, more) => {
        const allowed = loginsPerSecond + Math.ceil(((to - from) * loginsPerSecond) / 1_000);
        return more + 1 - allowed;
      }),
    ),
  );
}

describe('a fleet to which anything happens', () => {
  it('never has two who may act, and comes to fair shares of all agents within the budget of logins', {
    timeout: 60_000,
  }, async () => {
    await fc.assert(
      fc.asyncProperty(events, async (happening) => {
        const { violations, wrong, shares, known, logins } = await live(temporaryFile(), happening, true);
        expect(violations).toEqual([]);
        expect(wrong).toEqual([]);
        expect(Math.max(...shares) - Math.min(...shares)).toBeLessThanOrEqual(1);
        expect(shares.reduce((sum, share) => sum + share, 0)).toBe(known);
        expect(excess(logins)).toBe(0);
      }),
      { numRuns: 25 },
    );
  });

  it('has two who may act, where nobody looks at the lease', { timeout: 60_000 }, async () => {
    const happening: { after: number; event: Event }[] = [
      { after: 0, event: { kind: 'freeze', nth: 0 } },
      { after: ttl + 3_000, event: { kind: 'thaw', nth: 0 } },
    ];
    expect((await live(temporaryFile(), happening, true)).violations).toEqual([]);
    expect((await live(temporaryFile(), happening, false)).violations.length).toBeGreaterThan(0);
  });

  it('gives each as much as it can take', async () => {
    const shares = await VirtualTime.run(async (time) => {
      const options = { file: temporaryFile(), agents: 40, loginsPerSecond: 100, ttl, sending: 1_000 };
      const world = new FleetWorld(time, { ...options, isProtected: true });
      for (const capacity of [10, 20, 50]) await world.join(capacity);
      await world.pass(8_000);
      const state = world.state();
      await world.close();
      return state.shares;
    });
    expect(shares).toEqual([5, 10, 25]);
  });
});

const sharers = fc
  .array(fc.record({ capacity: fc.nat(50), load: fc.nat(50) }), { minLength: 1, maxLength: 8 })
  .map((all) => all.map((one, nth) => ({ ...one, incarnation: `w${nth}` })));

describe('fair shares', () => {
  it.each([
    [10, [[5, 0], [5, 0]], [5, 5]], // biome-ignore format: a table
    [10, [[9, 3], [9, 4], [9, 3]], [3, 4, 3]], // biome-ignore format: a table
    [10, [[2, 0], [100, 0]], [0, 10]], // biome-ignore format: a table
    [10, [[3, 0], [4, 0]], [3, 4]], // biome-ignore format: a table
    [10, [[0, 7], [20, 0]], [0, 10]], // biome-ignore format: a table
    [3, [[0, 3]], [0]],
    [0, [[4, 0]], [0]],
  ] as const)('of %i agents for workers of capacity and load %j are %j', (agents, workers, expected) => {
    const all = workers.map(([capacity, load], nth) => ({ incarnation: `w${nth}`, capacity, load }));
    expect([...sharesOf(agents, all).values()]).toEqual(expected);
  });

  it('add up, fit the capacities, are within one of what is exact, and cause no move once they are there', () => {
    fc.assert(
      fc.property(fc.nat(300), sharers, (agents, workers) => {
        const shares = sharesOf(agents, workers);
        const capacity = workers.reduce((sum, worker) => sum + worker.capacity, 0);
        const wanted = Math.min(agents, capacity);
        expect([...shares.values()].reduce((sum, share) => sum + share, 0)).toBe(wanted);
        for (const worker of workers) {
          const share = shares.get(worker.incarnation) ?? -1;
          expect(share).toBeLessThanOrEqual(worker.capacity);
          expect(Math.abs(share - (wanted * worker.capacity) / (capacity || 1))).toBeLessThan(1);
        }
        const settled = workers.map((worker) => ({ ...worker, load: shares.get(worker.incarnation) ?? 0 }));
        expect(sharesOf(agents, settled)).toEqual(shares);
        expect(sharesOf(agents, [...workers].reverse())).toEqual(shares);
      }),
    );
  });
});
