import { setTimeout as pause } from 'node:timers/promises';
import type { Store, WorkerCensus } from 'usher-bots';
import { isGone } from '../../core/fleet/process-name.ts';

/** Milliseconds from one look at the store to the next. */
const between = 50;

/** Who has the agents at a moment. */
export interface Owners {
  /** Those that live, oldest first. */
  readonly workers: readonly WorkerCensus[];
  /** Agents that no living worker has. */
  readonly orphans: number;
  /** Nobody has two agents more than another one. */
  readonly isFair: boolean;
}

export interface WatchOptions {
  readonly store: Store;
  readonly agents: number;
  readonly onLost: (worker: WorkerCensus) => void;
  /** Every agent has an owner again, so many milliseconds after the first worker was lost. */
  readonly onOwned: (took: number) => void;
}

/** Looks at the store again and again: who has the agents, who is lost, and how long agents are without an owner. */
export class FleetWatch {
  readonly #options: WatchOptions;
  readonly #lost = new Set<string>();
  #killedAt: number | undefined;
  #lostAt: number | undefined;
  #isOver = false;
  now: Owners;

  constructor(options: WatchOptions) {
    this.#options = options;
    this.now = { workers: [], orphans: options.agents, isFair: false };
  }

  /** Looks until it is stopped; a store that cannot be read for a moment says nothing. */
  async run(): Promise<void> {
    while (!this.#isOver) {
      await this.#look().catch(() => undefined);
      await pause(between);
    }
  }

  stop(): void {
    this.#isOver = true;
  }

  /** A worker is killed right now. */
  killing(): void {
    this.#killedAt = performance.now();
  }

  async #look(): Promise<void> {
    const { store, agents, onLost, onOwned } = this.#options;
    const asked = performance.now();
    const { at, workers: all } = await store.census();
    const isDead = ({ name, expires }: WorkerCensus): boolean => isGone(name) || expires <= at;
    const workers = all.filter((worker) => !isDead(worker));
    // The supervisor and the others are quick: it may be struck off already. Who drains has no capacity.
    const struckOff = this.now.workers.filter(
      (worker) =>
        worker.capacity > 0 &&
        isGone(worker.name) &&
        all.every(({ incarnation }) => incarnation !== worker.incarnation),
    );
    const dead = [...all.filter(isDead), ...struckOff];
    const orphans = agents - workers.reduce((sum, { load }) => sum + load, 0);
    const loads = workers.map(({ load }) => load);
    this.now = { workers, orphans, isFair: Math.max(...loads) - Math.min(...loads) <= 1 };
    for (const worker of dead) {
      if (this.#lost.has(worker.incarnation) || worker.load === 0) continue;
      this.#lost.add(worker.incarnation);
      this.#lostAt ??= this.#killedAt ?? asked;
      this.#killedAt = undefined;
      onLost(worker);
    }
    if (this.#lostAt !== undefined && orphans === 0) {
      onOwned(performance.now() - this.#lostAt);
      this.#lostAt = undefined;
    }
  }
}
