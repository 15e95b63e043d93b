import type { Incarnation, Store } from '../store/store.ts';
import { FleetDesk } from './fleet-desk.ts';
import type { FleetPlaces } from './fleet-look.ts';
import type { FleetOptions } from './fleet-options.ts';
import { ShardedWorker } from './sharded-worker.ts';
import { Worker, type WorkerOptions } from './worker.ts';

/**
 * The worker of a process on its store, or on the several that the agents are spread over; `undefined` where it has
 * none.
 *
 * @param fleet `undefined`: all agents are this process's.
 */
export function workerOn(
  stores: readonly Store[],
  options: Omit<WorkerOptions, 'store' | 'isAlone' | 'loop' | keyof FleetOptions>,
  fleet: FleetOptions | undefined,
): Worker | ShardedWorker | undefined {
  const [store] = stores;
  if (store === undefined) return undefined;
  if (stores.length > 1) return new ShardedWorker({ ...options, stores, ...fleet });
  return new Worker({ ...options, store, isAlone: fleet === undefined, ...fleet });
}

/** The agents of those of several stores that do not answer. */
export function strandedOf(worker: Worker | ShardedWorker | undefined): readonly string[] {
  return worker instanceof ShardedWorker ? worker.strandedAgents : [];
}

/** What the process of a worker sees of its fleet. */
export function fleetDeskOf(worker: Worker | ShardedWorker, places: FleetPlaces): FleetDesk {
  const incarnations = (): readonly (Incarnation | undefined)[] =>
    worker instanceof ShardedWorker ? worker.incarnations : [worker.incarnation];
  return new FleetDesk({ ...places, self: () => incarnations().filter((one) => one !== undefined) });
}
