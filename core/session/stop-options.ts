import type { Observable } from 'rxjs';

export interface StopOptions {
  /** Milliseconds that open chats may take to end, or to be handed over. Default: 0. */
  readonly within?: number;
  /** Emits when they are not to be waited for any longer. Default: never. */
  readonly hurry$?: Observable<unknown>;
  /** Milliseconds that each step of stopping may take. Default: 5,000. */
  readonly budget?: number;
  /** In a fleet, agents and chats are passed on to the other workers, if there are any. Default: true. */
  readonly passOn?: boolean;
}
