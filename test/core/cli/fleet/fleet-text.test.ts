import { describe, expect, it } from 'vitest';
import { fleetText } from '../../../../core/cli/fleet/fleet-text.ts';
import { fleetState, shardedState } from '../../../../core/fleet/fleet-state.ts';

const worker = (incarnation: string, capacity: number, expires: number, load: number) => ({
  incarnation: `${incarnation}-1234567`,
  name: `host:${load}:1`,
  capacity,
  expires,
  load,
});

const at = 1_000_000;
const census = {
  at,
  agents: 99,
  free: 80,
  workers: [
    worker('a', 10, at + 30_000, 7),
    worker('b', 10, at + 12_500, 6),
    worker('c', 0, at + 28_000, 3),
    worker('d', 10, at - 1, 2),
  ],
};

describe('usher fleet', () => {
  it('tells who runs how many, who leaves, and who is late', () => {
    const { agents, free, workers } = fleetState(census, 20, 30_000);
    expect([agents, free]).toEqual([20, 2]);
    expect(
      workers.map(({ state, agents: load, share, lease, lag }) => [state, load, share, lease, lag]),
    ).toEqual([
      ['working', 7, 10, 30_000, 0],
      ['working', 6, 10, 12_500, 10_000],
      ['leaving', 3, 0, 28_000, 0],
      ['lost', 2, 0, 0, 22_501],
    ]);
    expect(workers[0]).toMatchObject({ host: 'host', pid: 7 });
  });

  it('shows it as a table', () => {
    expect(fleetText(fleetState(census, 20, 30_000))).toBe(
      [
        'worker    id        state    agents  share  capacity   lease     lag',
        'host:7:1  a-123456  working       7     10        10  30.0 s   0.0 s',
        'host:6:1  b-123456  working       6     10        10  12.5 s  10.0 s',
        'host:3:1  c-123456  leaving       3      0         0  28.0 s   0.0 s',
        'host:2:1  d-123456  lost          2      0        10   0.0 s  22.5 s',
        '20 agents, 2 of them run by nobody',
      ].join('\n'),
    );
    expect(fleetText(fleetState({ ...census, workers: [] }, 1, 30_000))).toBe(
      'no worker has joined; 1 agent, 1 of them run by nobody',
    );
  });

  it('tells of several stores which shard a worker is in, and which of them does not answer', () => {
    const two = { ...census, workers: census.workers.slice(0, 2) };
    const state = shardedState(
      [
        { store: 'postgres://a/usher', agents: 20, census: two },
        { store: 'postgres://b/usher', agents: 12, census: undefined },
        {
          store: 'postgres://c/usher',
          agents: 7,
          census: { ...census, workers: census.workers.slice(0, 1) },
        },
      ],
      30_000,
    );
    expect(state).toMatchObject({
      agents: 39,
      free: 7,
      shards: [
        { shard: 0, store: 'postgres://a/usher', answers: true, agents: 20, free: 7 },
        { shard: 1, store: 'postgres://b/usher', answers: false, agents: 12 },
        { shard: 2, store: 'postgres://c/usher', answers: true, agents: 7, free: 0 },
      ],
    });
    expect(fleetText(state)).toBe(
      [
        'shard  worker    id        state    agents  share  capacity   lease     lag',
        '0      host:7:1  a-123456  working       7     10        10  30.0 s   0.0 s',
        '0      host:6:1  b-123456  working       6     10        10  12.5 s  10.0 s',
        '2      host:7:1  a-123456  working       7      7        10  30.0 s   0.0 s',
        'shard 1, postgres://b/usher, does not answer: its 12 agents are run for no longer than a lease',
        '39 agents, 7 of them run by nobody',
      ].join('\n'),
    );
  });
});
