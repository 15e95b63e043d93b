import type { FleetState } from '../model/fleet-state.ts';
import type { Incarnation } from '../store/store.ts';
import { requestDrain } from './drain-request.ts';
import { FleetLook, type FleetPlaces } from './fleet-look.ts';

export interface FleetDeskOptions extends FleetPlaces {
  /** Which of the workers this process is now: one in each store that it has joined in. */
  readonly self: () => readonly Incarnation[];
}

/** The fleet as one of its workers sees it, through the stores that they share. */
export class FleetDesk {
  readonly #options: FleetDeskOptions;
  readonly #look: FleetLook;

  constructor(options: FleetDeskOptions) {
    this.#options = options;
    this.#look = new FleetLook(options);
  }

  get self(): readonly Incarnation[] {
    return this.#options.self();
  }

  state(): Promise<FleetState> {
    return this.#look.state();
  }

  /** One store is enough for the process to hear of it. */
  async drain(worker: Incarnation): Promise<boolean> {
    const { workers } = await this.state();
    const row = workers.find(({ incarnation, state }) => incarnation === worker && state !== 'lost');
    const store = row && this.#options.stores[row.shard ?? 0];
    if (store !== undefined) await requestDrain(store, worker);
    return store !== undefined;
  }
}
