import type { Change, Claim, CommitResult, Json, Lease } from 'usher-bots';

interface ModelWorker {
  expires: number;
  capacity: number;
}

interface ModelAgent {
  owner: string | undefined;
  token: number;
  readonly interactions: Map<string, { version: number; state: Json }>;
}

/** A store as plainly as it can be said: the promises without disk, grouping or concurrency. */
export class ModelStore {
  now = 1_000_000;
  /** Every lease there has ever been. */
  readonly leases: Lease[] = [];
  /** Until when each was last granted. */
  readonly granted = new Map<string, number>();
  /** Those that have not ended, by incarnation, in the order of their joining. */
  readonly workers = new Map<string, ModelWorker>();
  readonly agents = new Map<string, ModelAgent>();
  /** Events still to be drained, by agent and interaction. */
  readonly outbox = new Map<string, Json[]>();
  #numbers = 0;

  enrol(names: readonly string[]): void {
    for (const name of names) {
      if (!this.agents.has(name))
        this.agents.set(name, { owner: undefined, token: 0, interactions: new Map() });
    }
  }

  join(lease: Lease, capacity: number): void {
    this.leases.push(lease);
    this.granted.set(lease.incarnation, this.now + lease.ttlMs);
    this.workers.set(lease.incarnation, { expires: this.now + lease.ttlMs, capacity });
  }

  /** Whether it was renewed. */
  renew(lease: Lease, capacity: number | undefined): boolean {
    const worker = this.workers.get(lease.incarnation);
    if (worker === undefined || worker.expires <= this.now) return false;
    worker.expires = this.now + lease.ttlMs;
    this.granted.set(lease.incarnation, worker.expires);
    worker.capacity = capacity ?? worker.capacity;
    return true;
  }

  end(incarnation: string): number {
    this.workers.delete(incarnation);
    const owned = this.ownedBy(incarnation);
    for (const agent of owned) agent.owner = undefined;
    return owned.length;
  }

  reap(): number {
    const expired = [...this.workers].filter(([, { expires }]) => expires <= this.now);
    return expired.reduce((freed, [incarnation]) => freed + this.end(incarnation), 0);
  }

  /** The agents a claim may choose from. */
  claimable(lease: Lease, only: readonly string[] | undefined): string[] {
    const worker = this.workers.get(lease.incarnation);
    if (worker === undefined || worker.expires <= this.now) return [];
    return [...this.agents]
      .filter(([name, { owner }]) => owner === undefined && (only?.includes(name) ?? true))
      .map(([name]) => name);
  }

  /** Gives a free agent to the lease, and says what the claim should. */
  take(name: string, lease: Lease): Omit<Claim, 'agent'> | undefined {
    const agent = this.agents.get(name);
    if (agent === undefined) return undefined;
    agent.owner = lease.incarnation;
    agent.token += 1;
    const interactions = [...agent.interactions].map(([id, document]) => ({ id, ...document }));
    return { token: agent.token, interactions: interactions.sort((a, b) => (a.id < b.id ? -1 : 1)) };
  }

  release(lease: Lease, names: readonly string[]): void {
    for (const name of names) {
      const agent = this.agents.get(name);
      if (agent?.owner === lease.incarnation) agent.owner = undefined;
    }
  }

  /** Without its `once` keys: which of the changes made at one moment has them first is for the store to say. */
  commit({ agent: name, token, interaction, version, state, publish = [] }: Change): CommitResult {
    const agent = this.agents.get(name);
    if (agent?.owner === undefined || agent.token !== token) return 'fenced';
    if ((agent.interactions.get(interaction)?.version ?? 0) !== version) return 'conflict';
    if (state === null) agent.interactions.delete(interaction);
    else agent.interactions.set(interaction, { version: version + 1, state });
    const lane = laneOf(name, interaction);
    this.outbox.set(lane, [...(this.outbox.get(lane) ?? []), ...publish]);
    return 'ok';
  }

  /** The token and version a change by the owner would have. */
  present(name: string, interaction: string): { token: number; version: number } {
    const agent = this.agents.get(name);
    return { token: agent?.token ?? 0, version: agent?.interactions.get(interaction)?.version ?? 0 };
  }

  /** Another number each time, to tell events and bodies apart. */
  nextNumber(): number {
    this.#numbers += 1;
    return this.#numbers;
  }

  ownedBy(incarnation: string): ModelAgent[] {
    return [...this.agents.values()].filter(({ owner }) => owner === incarnation);
  }
}

export const laneOf = (agent: string, interaction: string): string => JSON.stringify([agent, interaction]);
