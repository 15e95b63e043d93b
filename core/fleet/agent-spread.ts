import { shardOf } from '../store/shard-of.ts';

/** Which of the known agents are in which shard. */
export class AgentSpread {
  readonly #known: () => ReadonlySet<string>;
  #places: ReadonlyMap<string, number> = new Map();
  #seen: ReadonlySet<string> | undefined;
  #shards: readonly Set<string>[];

  /** @param known Another set whenever they change, and only then. */
  constructor(known: () => ReadonlySet<string>, count: number) {
    this.#known = known;
    this.#shards = Array.from({ length: count }, () => new Set());
  }

  /** The agents of a shard; another set whenever they change. */
  of(shard: number): ReadonlySet<string> {
    return this.#current[shard] ?? new Set();
  }

  /** How many agents each shard has. */
  get counts(): readonly number[] {
    return this.#current.map(({ size }) => size);
  }

  shardOf(agent: string): number {
    return this.#places.get(agent) ?? shardOf(agent, this.#shards.length);
  }

  get #current(): readonly Set<string>[] {
    const known = this.#known();
    if (known === this.#seen) return this.#shards;
    const places = new Map([...known].map((agent) => [agent, this.shardOf(agent)]));
    const shards: Set<string>[] = this.#shards.map(() => new Set());
    for (const [agent, shard] of places) shards[shard]?.add(agent);
    // One that is as it was stays the same set, so that nobody looks through it in vain.
    this.#shards = shards.map((agents, shard) => {
      const before = this.#shards[shard] ?? agents;
      return agents.symmetricDifference(before).size === 0 ? before : agents;
    });
    this.#places = places;
    this.#seen = known;
    return this.#shards;
  }
}
