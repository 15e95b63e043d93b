import { z } from 'zod';

/** How a process shares its agents with others on the same store. */
export interface FleetOptions {
  /** How many agents this process takes at most. Default: 1,000. */
  readonly capacity?: number | undefined;
  /** How many agents may log in in a second, of all processes together. Default: 100. */
  readonly loginsPerSecond?: number | undefined;
  /** Milliseconds without a sign of life after which the others take over. Default: 30,000. */
  readonly ttl?: number | undefined;
  /** Milliseconds from one look at the others to the next. Default: 200. */
  readonly tick?: number | undefined;
}

export const usualCapacity = 1_000;
export const usualTtl = 30_000;
export const usualTick = 200;
export const usualLogins = 100;

export const fleetSchema = z.strictObject({
  capacity: z.int().nonnegative().optional(),
  loginsPerSecond: z.number().positive().optional(),
  ttl: z.number().positive().optional(),
  tick: z.number().positive().optional(),
});

/**
 * What of a fleet's options does not go with the rest of the config.
 *
 * @param longestOperation Milliseconds that a lease must outlast what is sent under it.
 */
export function fleetFaults(
  { ttl = usualTtl }: FleetOptions,
  stores: readonly unknown[],
  longestOperation: number,
): readonly string[] {
  // A lease is renewed when a quarter of it has passed: the rest must be enough for an operation.
  const least = Math.ceil((longestOperation * 4) / 3) + 1;
  return [
    ...(stores.length === 0 || stores[0] === ':memory:'
      ? ['fleet needs a store that its processes share: set store to a file, or to the URL of a database']
      : []),
    ...(ttl >= least
      ? []
      : [
          `fleet.ttl is ${ttl}: with a server.requestTimeout of ${longestOperation - 1_000} it must be ${least} or more`,
        ]),
  ];
}
