import type { FromContender, ToContender } from '../protocol.ts';

/** What the conductor and a worker tell each other, beyond what every contender does. */
export type ToWorker = ToContender | { readonly ask: 'seats' };

export type FromWorker =
  | FromContender
  /** How many agents it runs that are Ready. */
  | { readonly told: 'seats'; readonly ready: number };
