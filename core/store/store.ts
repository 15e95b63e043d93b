import type { Observable } from 'rxjs';

/** What a store keeps: what `JSON.parse` gives back. `undefined` properties are dropped, as by `JSON.stringify`. */
export type Json =
  | null
  | boolean
  | number
  | string
  | readonly Json[]
  | { readonly [key: string]: Json | undefined };

/** One life of a worker process. A worker that starts again is a stranger to its former self. */
export type Incarnation = string;

/** How a worker introduces itself. */
export interface WorkerProfile {
  /** For people and for the supervisor of a host: host and process, say. It need not be unique. */
  readonly name: string;
  /** How many agents it can take; 0 = give me nothing. Read by the others from the census, not enforced. */
  readonly capacity: number;
  /** How long its agents stay its own without a renewal, in ms. */
  readonly ttlMs: number;
}

/** The right of a worker to act for the agents it has claimed: one lease for all of them. */
export interface Lease {
  readonly incarnation: Incarnation;
  readonly ttlMs: number;
  /**
   * Whether the lease holds for another `needMs`, by the local monotonic clock and counted from before the last
   * request for it left, so that it ends here no later than it expires there. False for good once it is lost.
   * Default: 0.
   */
  ok(needMs?: number): boolean;
}

/** An agent a worker has just come to own, with what its open interactions had come to. */
export interface Claim {
  readonly agent: string;
  /**
   * The fence: it grows with every claim of the agent and is valid until the agent is given up. A number: one
   * claim a millisecond reaches 2^53 in 285,000 years, and numbers survive JSON, logs and arithmetic.
   */
  readonly token: number;
  readonly interactions: readonly StoredInteraction[];
}

/** An open interaction as it was last committed. */
export interface StoredInteraction {
  readonly id: string;
  readonly version: number;
  readonly state: Json;
}

/** A key that takes effect once, and what is kept with it. */
export interface OnceEntry {
  readonly key: string;
  readonly body: Json;
}

/** One step of one interaction. All of it happens, or none of it. */
export interface Change {
  readonly agent: string;
  /** The token of the claim under which the caller acts. */
  readonly token: number;
  /** Known by agent and id: two agents in one chat keep a document each. */
  readonly interaction: string;
  /** The version the change is based on; 0 = there is none yet. After 'ok' it is one higher. */
  readonly version: number;
  /**
   * The whole document: what plugins keep, read position, open intent, timers. `null` closes the interaction:
   * nothing of it is kept, and its id can be created anew.
   */
  readonly state: Json;
  /** Kept if the key is new in the whole store, ignored if it is not. */
  readonly once?: readonly OnceEntry[];
  /** Events for the outbox, in order. */
  readonly publish?: readonly Json[];
}

/**
 * `ok`: the change is durable. `fenced`: the caller no longer owns the agent. `conflict`: the caller owns it, but
 * the interaction is not at that version. After the last two nothing has changed.
 */
export type CommitResult = 'ok' | 'fenced' | 'conflict';

/**
 * What all workers together may do in a time, log in for instance. It fills steadily, by the store's clock, and is
 * full when it is first drawn from.
 */
export interface Allowance {
  readonly name: string;
  readonly perSecond: number;
  /** How much it holds at most, at least 1: what may happen all at once after a rest. */
  readonly burst: number;
}

/** Who owns how much, at one moment. */
export interface Census {
  /** The store's clock, in ms since 1970. */
  readonly at: number;
  /** Known agents. */
  readonly agents: number;
  /** Agents nobody owns. */
  readonly free: number;
  /** Every worker that has joined and neither left nor been reaped, oldest first. */
  readonly workers: readonly WorkerCensus[];
}

export interface WorkerCensus {
  readonly incarnation: Incarnation;
  readonly name: string;
  readonly capacity: number;
  /** When its lease ends, by the store's clock, in ms since 1970; before `at` = it has ended and awaits `reap`. */
  readonly expires: number;
  /** How many agents it owns. */
  readonly load: number;
}

/** Which of a fleet's stores one is: its place in their list, from 0, and how many there are. Alone, it is 0 of 1. */
export interface ShardMark {
  readonly shard: number;
  readonly of: number;
}

/** Events that were committed together, in the order of their changes. */
export interface OutboxBatch {
  /** Grows within a part and stays the same if the batch comes again: the key to drop repetitions by. */
  readonly id: number;
  readonly events: readonly Json[];
}

/** What of the outbox has not been drained, at one moment. */
export interface OutboxCensus {
  /** The store's clock, in ms since 1970. */
  readonly at: number;
  readonly batches: number;
  /** When the oldest batch was committed, by the store's clock, in ms since 1970; absent if there is none. */
  readonly oldest?: number;
}

/**
 * Ownership of agents, the documents of their interactions, and outcomes. Injectable.
 *
 * Every method may reject with USHER_STORE_UNAVAILABLE; then nothing is known about its effect. What cannot be
 * kept (no JSON, too large, an id that is empty or has a NUL) rejects with USHER_STORE_LIMIT before anything is done.
 * docs/store.md has the limits and the guarantees, `storeContract` of `usher-bots/testing` checks them.
 */
export abstract class Store {
  /** In how many parts the outbox is drained; all events of one agent are in the same one. */
  abstract readonly parts: number;

  /**
   * Emits when the store answers again after it could not be reached. Another server may have taken over, and what was
   * written last may be lost with the former one: treat every agent as just claimed.
   */
  abstract readonly restored$: Observable<void>;

  /**
   * Tells which shard of how many the store is. With `as`, and if nobody has said so before, it is that one for good.
   * `undefined`: nobody has, and nothing was given.
   */
  abstract mark(as?: ShardMark): Promise<ShardMark | undefined>;

  /** Makes agents known, free to be claimed. Those that are known stay as they are. */
  abstract enrol(agents: readonly string[]): Promise<void>;

  /** Begins a new incarnation. */
  abstract join(worker: WorkerProfile): Promise<Lease>;

  /**
   * Holds the lease for another ttl, and so all agents at once; changes the capacity if one is given.
   *
   * @throws UsherError USHER_STORE_LEASE_LOST once it has expired or ended: it never comes back, join again.
   */
  abstract renew(lease: Lease, capacity?: number): Promise<void>;

  /** Ends the lease and gives all its agents back at once. */
  abstract leave(lease: Lease): Promise<void>;

  /** Ends the lease of a worker that is known to be dead, without waiting for its ttl. */
  abstract expire(incarnation: Incarnation): Promise<void>;

  /** Frees the agents of all expired leases, and returns how many. Any worker may call it. */
  abstract reap(): Promise<number>;

  /**
   * Takes up to `max` free agents, of `only` if given, fences their former owners and returns what their open
   * interactions had come to, in one transaction. Nothing for a lease that has ended.
   */
  abstract claim(lease: Lease, max: number, only?: readonly string[]): Promise<readonly Claim[]>;

  /** Gives some agents back; those that are not the lease's are passed over. */
  abstract release(lease: Lease, agents: readonly string[]): Promise<void>;

  /** Atomic. Concurrent calls are grouped into one transaction, never two of one interaction. */
  abstract commit(change: Change): Promise<CommitResult>;

  /** What is kept under those of the `once` keys that have taken effect. */
  abstract recorded(keys: readonly string[]): Promise<ReadonlyMap<string, Json>>;

  /**
   * Keeps what is new under its key, for what belongs to no agent: a change's `once` otherwise. Tells what stands under
   * each of the keys now, whoever wrote it.
   */
  abstract keep(entries: readonly OnceEntry[]): Promise<ReadonlyMap<string, Json>>;

  /** All that has taken effect under keys that begin with `prefix`, in the order of their UTF-8 bytes. */
  abstract kept(prefix: string): AsyncIterable<OnceEntry>;

  /** Takes up to `max` from what all workers together may do in a time; returns how much they may do now. */
  abstract draw(allowance: Allowance, max: number): Promise<number>;

  abstract census(): Promise<Census>;

  /**
   * The oldest batches of a part of the outbox, at most `max`, ending early where the outbox ends. A batch is
   * removed when the next one is asked for: leave the loop by `break` or `throw`, and the batch at hand comes
   * again. At least once; the events of one agent in the order of their commits. None while somebody else drains the
   * part; one who has died is waited for.
   */
  abstract drain(part: number, max: number): AsyncIterable<OutboxBatch>;

  /** How much waits in all parts of the outbox, the batches at hand included. */
  abstract waiting(): Promise<OutboxCensus>;

  /** Writes what is still queued and closes. Every later call rejects with USHER_STORE_UNAVAILABLE. */
  abstract close(): Promise<void>;
}
