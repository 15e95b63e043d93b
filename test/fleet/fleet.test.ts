import { describe, expect, it } from 'vitest';
import { type Fleet, fleetRun, ttl } from './fleet-run.ts';

const shared = (count: number) => async (fleet: Fleet) =>
  fleet.sees(`fair shares of ${count}`, ({ free, workers }) => {
    const loads = workers.map(({ load }) => load);
    return workers.length === count && free === 0 && Math.max(...loads) - Math.min(...loads) <= 1;
  });

const frozen = async (fleet: Fleet) => {
  const [worker] = fleet.workers;
  await fleet.freeze(worker);
  await fleet.sees('the others have its agents', ({ at, free, workers }) => {
    const living = workers.filter(({ expires }) => expires > at);
    return free === 0 && living.length === 1 && workers.length === 1;
  });
  await fleet.heard(10);
  worker?.kill('SIGCONT');
  await shared(2)(fleet);
};

describe('a fleet of processes, as its customers see it: none greeted twice, nothing lost, doubled or out of order', {
  timeout: 240_000,
}, () => {
  it.each<[string, number, (fleet: Fleet) => Promise<void>]>([
    [
      'when a worker is killed and its supervisor says so',
      2,
      async (fleet) => {
        await fleet.kill(fleet.workers[0], true);
        await shared(1)(fleet);
      },
    ],
    [
      'when a worker is killed and nobody says so',
      2,
      async (fleet) => {
        await fleet.kill(fleet.workers[0], false);
        await shared(1)(fleet);
      },
    ],
    ['when a worker stands still for longer than its lease, and goes on', 2, frozen],
    [
      'when a worker does not reach the server for a while',
      1,
      async (fleet) => {
        const way = await fleet.way();
        await fleet.start(way);
        await shared(2)(fleet);
        await fleet.heard(10);
        way.cut();
        await fleet.sees('the other one has all agents', ({ free, workers }) => {
          const loads = workers.map(({ load, capacity }) => [load, capacity > 0]);
          return free === 0 && loads.some(([load, isAble]) => load === 0 && isAble === false);
        });
        way.mend();
        await shared(2)(fleet);
      },
    ],
    [
      'when a worker joins, and every one is replaced by a new one',
      1,
      async (fleet) => {
        const [old] = fleet.workers;
        await fleet.start();
        await shared(2)(fleet);
        await fleet.heard(10);
        await fleet.stop(old);
        await shared(1)(fleet);
      },
    ],
  ])('%s', async (_what, workers, happens) => {
    const { chats, failures, reports } = await fleetRun({ workers, happens });
    expect(failures).toEqual([]);
    expect(chats).toBeGreaterThan(5);
    for (const report of reports) expect(report).toMatchObject({ left: 0, finished: 0 });
  });

  it('but not where nobody looks at leases, and at what was said before', async () => {
    const { failures } = await fleetRun({ workers: 2, isProtected: false, patience: 5_000, happens: frozen });
    expect(failures.filter((failure) => /heard/.test(failure)).length).toBeGreaterThan(0);
    expect(ttl).toBeLessThan(5_000);
  });
});
