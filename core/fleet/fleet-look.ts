import type { FleetState } from '../model/fleet-state.ts';
import type { Store } from '../store/store.ts';
import { AgentSpread } from './agent-spread.ts';
import { usualTtl } from './fleet-options.ts';
import { fleetState, type ShardCensus, shardedState } from './fleet-state.ts';

export interface FleetPlaces {
  /** Those that the agents are spread over, in their order, or the one. */
  readonly stores: readonly Store[];
  /** Where each of them is, for people. */
  readonly names: readonly string[];
  /** The agents, by their names in the stores; another set whenever they change. */
  readonly known: () => ReadonlySet<string>;
  /** Milliseconds of the leases. Default: 30,000. */
  readonly ttl?: number | undefined;
}

/** Looks into the stores of a fleet: who runs how many agents. */
export class FleetLook {
  readonly #places: FleetPlaces;
  readonly #spread: AgentSpread;

  constructor(places: FleetPlaces) {
    this.#places = places;
    this.#spread = new AgentSpread(places.known, places.stores.length);
  }

  /** @throws UsherError USHER_STORE_UNAVAILABLE if the only store does not answer; one of several is told of as away. */
  async state(): Promise<FleetState> {
    const { stores, known, ttl = usualTtl } = this.#places;
    const [store] = stores;
    if (store !== undefined && stores.length === 1)
      return fleetState(await store.census(), known().size, ttl);
    return shardedState(await Promise.all(stores.map((one, shard) => this.#censusOf(one, shard))), ttl);
  }

  async #censusOf(store: Store, shard: number): Promise<ShardCensus> {
    return {
      store: this.#places.names[shard] ?? '',
      agents: this.#spread.counts[shard] ?? 0,
      census: await store.census().catch(() => undefined),
    };
  }
}
