import type { Target } from './operation.ts';

/** A plugin wishes that somebody else takes the chat over. */
export interface HandOffRequest {
  /** A code for machines and reports, for instance `asked`, `unsure`, `silence`. */
  readonly reason: string;
  /** What the colleague should know. */
  readonly summary?: string;
  /** Whom it is for, before all those that the bot would ask otherwise. */
  readonly to?: Target;
}

/** The session is being stopped: chats are to end, or to be handed over, by `deadline`. */
export interface Drain {
  /** Milliseconds since 1970. */
  readonly deadline: number;
}
