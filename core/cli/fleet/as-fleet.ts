import type { Config } from '../../config.ts';
import { UsherError } from '../../errors.ts';
import { type FleetOptions, fleetFaults } from '../../fleet/fleet-options.ts';
import { longestOperation } from '../../session/longest-operation.ts';

/**
 * The config as one that shares its agents, whether it says so or not.
 *
 * @throws UsherError USHER_USAGE where that cannot be.
 */
export function asFleet(config: Config, file: string): Config & { readonly fleet: FleetOptions } {
  const { origin, stores, fleet = {}, endurance } = config;
  if (origin === undefined)
    throw new UsherError('USHER_USAGE', `workers need a server: set server.url in ${file}, or GWS_URL`);
  const faults = fleetFaults(fleet, stores, longestOperation(endurance.requestTimeout));
  if (faults.length > 0)
    throw new UsherError('USHER_USAGE', faults.map((fault) => `${file}: ${fault}`).join('\n'));
  return { ...config, fleet };
}
