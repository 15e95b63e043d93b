import type { FleetState } from '../model/fleet-state.ts';
import type { Census } from '../store/store.ts';
import { sharesOf } from './fair-share.ts';
import { splitName } from './process-name.ts';

/** What is known of one of several stores. */
export interface ShardCensus {
  readonly store: string;
  /** How many agents are in it. */
  readonly agents: number;
  /** `undefined`: it does not answer. */
  readonly census: Census | undefined;
}

/**
 * The workers of a store.
 *
 * @param agents How many agents they share.
 * @param ttl Milliseconds of their leases, which are renewed when a quarter has passed.
 */
export function fleetState({ at, workers }: Census, agents: number, ttl: number): FleetState {
  const living = workers.filter(({ capacity, expires }) => capacity > 0 && expires > at);
  const shares = sharesOf(agents, living);
  const owned = workers.reduce((sum, { load }) => sum + load, 0);
  return {
    agents,
    free: Math.max(0, agents - owned),
    workers: workers.map(({ name, incarnation, capacity, expires, load }) => {
      const lease = Math.max(0, expires - at);
      const [host, pid] = splitName(name);
      return {
        name,
        ...(pid !== undefined && { host, pid }),
        incarnation,
        state: lease === 0 ? 'lost' : capacity === 0 ? 'leaving' : 'working',
        agents: load,
        share: shares.get(incarnation) ?? 0,
        capacity,
        lease,
        lag: Math.max(0, Math.round((ttl * 3) / 4 - (expires - at))),
      };
    }),
  };
}

/** The workers of several stores, in their order. */
export function shardedState(shards: readonly ShardCensus[], ttl: number): FleetState {
  const states = shards.map(({ census, agents }) => census && fleetState(census, agents, ttl));
  const sum = (values: readonly number[]): number => values.reduce((one, other) => one + other, 0);
  return {
    agents: sum(shards.map(({ agents }) => agents)),
    free: sum(states.map((state) => state?.free ?? 0)),
    workers: states.flatMap((state, shard) => state?.workers.map((row) => ({ shard, ...row })) ?? []),
    shards: shards.map(({ store, agents }, shard) => {
      const free = states[shard]?.free;
      return { shard, store, answers: free !== undefined, agents, ...(free !== undefined && { free }) };
    }),
  };
}
