import type { InteractionUpdate } from './interaction.ts';
import type { TranscriptLine } from './message.ts';

/** What a dialect makes of one CometD message. */
export type Notification =
  | InteractionChanged
  | TranscriptUpdated
  | ChannelStateChanged
  | UnknownNotification
  | MalformedNotification;

export interface InteractionChanged {
  readonly kind: 'interaction';
  readonly interactionId: string;
  readonly change: 'StatusChange' | 'ParticipantsUpdated' | 'PropertiesUpdated' | 'Error';
  readonly update: InteractionUpdate;
  /** Only with `Error`: an operation that had been taken failed later. */
  readonly error?: string;
  /** The request that caused it, where the server tells. */
  readonly referenceId?: number;
}

export interface TranscriptUpdated {
  readonly kind: 'transcript';
  readonly interactionId: string;
  readonly lines: readonly TranscriptLine[];
  /** Lines of this notification that could not be read; the others count. */
  readonly problems: readonly string[];
  /** Nothing is missing from the first of the lines on: it was asked for, and is the answer. */
  readonly whole?: boolean;
}

/** The agent's own state on its media channels, for instance chat: Ready. */
export interface ChannelStateChanged {
  readonly kind: 'channel';
  readonly channels: readonly { readonly channel: string; readonly state: string }[];
}

/** A message type the dialect does not know. Counted, logged, skipped. */
export interface UnknownNotification {
  readonly kind: 'unknown';
  readonly messageType: string;
}

/** A message the dialect knows but cannot read. Counted, logged, skipped. */
export interface MalformedNotification {
  readonly kind: 'malformed';
  /** Where that much could be read. */
  readonly interactionId?: string;
  /** Which field, which value, what was expected. */
  readonly problem: string;
}
