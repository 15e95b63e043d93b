import type { FleetState } from '../model/fleet-state.ts';
import type { Census } from '../store/store.ts';
import { sharesOf } from './fair-share.ts';
import { splitName } from './process-name.ts';

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
