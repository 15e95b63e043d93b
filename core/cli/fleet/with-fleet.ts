import { existsSync } from 'node:fs';
import { UsherError } from '../../errors.ts';
import { fleetState } from '../../fleet/fleet-state.ts';
import type { FleetState } from '../../model/fleet-state.ts';
import { openStore } from '../../store/open-store.ts';
import type { Store } from '../../store/store.ts';
import { loadConfig } from '../load-config.ts';

export interface OpenedFleet {
  readonly store: Store;
  state(): Promise<FleetState>;
}

const usualTtl = 30_000;

/**
 * Does something with the fleet of a config.
 *
 * @throws UsherError USHER_USAGE where there can be none.
 */
export async function withFleet(file: string, work: (fleet: OpenedFleet) => Promise<void>): Promise<void> {
  const { store: place, agents, fleet } = await loadConfig(file);
  if (place === undefined || place === ':memory:')
    throw new UsherError(
      'USHER_USAGE',
      `${file} names no store that workers could share: set \`store\` to a file, or to the URL of a database`,
    );
  if (typeof place === 'string' && !existsSync(place))
    throw new UsherError('USHER_USAGE', `${place} does not exist: no worker has run yet`);
  const store = await openStore(place);
  const ttl = fleet?.ttl ?? usualTtl;
  try {
    await work({ store, state: async () => fleetState(await store.census(), agents.length, ttl) });
  } finally {
    await store.close();
  }
}
