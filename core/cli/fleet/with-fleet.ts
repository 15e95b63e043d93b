import { FleetLook } from '../../fleet/fleet-look.ts';
import type { FleetState } from '../../model/fleet-state.ts';
import { agentKey } from '../../session/roster.ts';
import { openShards } from '../../store/open-shards.ts';
import { placeText } from '../../store/open-store.ts';
import type { Store } from '../../store/store.ts';
import { loadConfig } from '../load-config.ts';
import { refuseUnshared } from '../refuse-unshared.ts';

export interface OpenedFleet {
  /** Those that the agents are spread over, in their order, or the one. */
  readonly stores: readonly Store[];
  state(): Promise<FleetState>;
}

/**
 * Does something with the fleet of a config.
 *
 * @throws UsherError USHER_USAGE where there can be none.
 */
export async function withFleet(file: string, work: (fleet: OpenedFleet) => Promise<void>): Promise<void> {
  const { stores: places, agents, origin = '', fleet } = await loadConfig(file);
  refuseUnshared(file, places);
  const agentKeys = new Set(agents.map(({ username }) => agentKey(username, origin)));
  const stores = await openShards(places, { marksNew: false });
  const names = places.map(placeText);
  const look = new FleetLook({ stores, names, known: () => agentKeys, ttl: fleet?.ttl });
  try {
    await work({ stores, state: () => look.state() });
  } finally {
    await Promise.all(stores.map((store) => store.close()));
  }
}
