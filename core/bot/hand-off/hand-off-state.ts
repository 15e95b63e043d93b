import type { Target } from '../../model/operation.ts';

/**
 * Where a hand-off stands:
 * - `requested`: it has begun; nobody has been asked yet.
 * - `ringing`: somebody is being asked.
 * - `refused`, `timed-out`: the one who was asked does not come; the next one is asked.
 * - `accepted`: the colleague is there.
 * - `returned`: the colleague left again before the chat was the colleague's; the next one is asked.
 * - `completed`: the chat is the colleague's, or the queue's.
 * - `failed`: it came to nothing: nobody came, or the customer left first.
 */
export type HandOffPhase =
  | 'requested'
  | 'ringing'
  | 'refused'
  | 'timed-out'
  | 'accepted'
  | 'returned'
  | 'completed'
  | 'failed';

export interface HandOffState {
  readonly phase: HandOffPhase;
  /** Who of those that the plan names is asked, from 0. */
  readonly nth: number;
  readonly to?: Target;
  /** Why, for `failed` and `refused`: `nobody-came`, `customer-left`, or what the operation came to. */
  readonly why?: string;
}
