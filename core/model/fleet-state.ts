/** One of the workers that share the agents of a store. */
export interface WorkerRow {
  readonly name: string;
  /** Where it runs, and the id of its process; absent where its name does not tell. */
  readonly host?: string;
  readonly pid?: number;
  /** Its id in the store: a worker that starts anew has another. */
  readonly incarnation: string;
  /** `lost`: its lease has ended, and the others are about to take its agents. */
  readonly state: 'working' | 'leaving' | 'lost';
  readonly agents: number;
  readonly share: number;
  readonly capacity: number;
  /** Milliseconds until its lease ends. */
  readonly lease: number;
  /** Milliseconds by which the renewal of its lease is late. */
  readonly lag: number;
  /** In which of several stores, from 0. A process is a worker in each of them. */
  readonly shard?: number;
}

/** One of several stores that the agents are spread over. */
export interface ShardRow {
  readonly shard: number;
  /** Where it is. */
  readonly store: string;
  readonly answers: boolean;
  readonly agents: number;
  /** Agents that nobody runs; absent where it does not answer. */
  readonly free?: number;
}

/** Who runs how many agents. */
export interface FleetState {
  readonly agents: number;
  /** Agents that nobody runs. */
  readonly free: number;
  readonly workers: readonly WorkerRow[];
  /** Where there are several stores. */
  readonly shards?: readonly ShardRow[];
}
