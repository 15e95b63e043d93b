import type { FleetState } from '../model/fleet-state.ts';
import type { Incarnation, Store } from '../store/store.ts';
import { requestDrain } from './drain-request.ts';
import { fleetState } from './fleet-state.ts';

export interface FleetDeskOptions {
  readonly store: Store;
  /** Which of the workers this process is now. */
  readonly self: () => Incarnation | undefined;
  /** How many agents the workers share. */
  readonly agents: () => number;
  /** Milliseconds of the leases. Default: 30,000. */
  readonly ttl?: number | undefined;
}

const usualTtl = 30_000;

/** The fleet as one of its workers sees it, through the store that they share. */
export class FleetDesk {
  readonly #options: FleetDeskOptions;

  constructor(options: FleetDeskOptions) {
    this.#options = options;
  }

  get self(): Incarnation | undefined {
    return this.#options.self();
  }

  async state(): Promise<FleetState> {
    const { store, agents, ttl = usualTtl } = this.#options;
    return fleetState(await store.census(), agents(), ttl);
  }

  async drain(worker: Incarnation): Promise<boolean> {
    const { store } = this.#options;
    const { at, workers } = await store.census();
    const isThere = workers.some(({ incarnation, expires }) => incarnation === worker && expires > at);
    if (isThere) await requestDrain(store, worker);
    return isThere;
  }
}
