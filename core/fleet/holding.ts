import type { Change, Claim, CommitResult, Lease, Store } from '../store/store.ts';

/** The right of this process to run one agent: a claim, under the lease of its worker. */
export class Holding {
  readonly agent: string;
  /** What the open interactions had come to when the agent was claimed. */
  readonly interactions: Claim['interactions'];
  readonly #store: Store;
  readonly #lease: Lease;
  readonly #token: number;
  #ended = false;

  constructor(store: Store, lease: Lease, { agent, token, interactions }: Claim) {
    this.#store = store;
    this.#lease = lease;
    this.agent = agent;
    this.#token = token;
    this.interactions = interactions;
  }

  /** Whether the agent will still be this process's own in so many milliseconds. */
  holds(needMs = 0): boolean {
    return !this.#ended && this.#lease.ok(needMs);
  }

  /** It has been given away, lost, or claimed anew: what is refused under it says nothing new. */
  get isOver(): boolean {
    return this.#ended;
  }

  commit(change: Omit<Change, 'agent' | 'token'>): Promise<CommitResult> {
    return this.#store.commit({ ...change, agent: this.agent, token: this.#token });
  }

  /** For good: the agent is given away, or lost. */
  end(): void {
    this.#ended = true;
  }
}
