import type { Operation } from './operation.ts';
import type { Owner } from './owner.ts';

/**
 * What is kept of one interaction beyond the life of a process, as plain JSON. It is small, and it goes when the
 * interaction ends.
 */
export interface InteractionDocument {
  /** The shape; another one is not read. */
  readonly shape: 1;
  /** The index of the agent's own arrival, if it was seen. */
  readonly joinedAt?: number;
  /** Lines up to this index were told to the plugins. */
  readonly seen: number;
  /** By plugin: the indexes of the lines that its `message` handler has done with. */
  readonly handled: Readonly<Record<string, readonly number[]>>;
  /** The `once` keys of operations that took effect. */
  readonly done: readonly string[];
  /** The operation that is on its way. */
  readonly intent?: OpenIntent;
  /** By plugin: its state, as plain JSON. */
  readonly states?: Readonly<Record<string, unknown>>;
  /** By plugin and name: when its timers are due, in milliseconds since 1970. */
  readonly timers?: Readonly<Record<string, Readonly<Record<string, number>>>>;
  /** Who has the word, if it is not the bot. */
  readonly owner?: Owner;
}

/** An operation that was, or is about to be, sent, and of which it is not yet known whether it took effect. */
export interface OpenIntent {
  readonly operation: Operation;
  /** The highest index of the transcript when it was decided: its own line can only be behind it. */
  readonly base: number;
}
