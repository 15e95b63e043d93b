import type { Participant, Visibility } from './participant.ts';

/** The kinds of transcript lines that plugins get; typing is told apart from them, as `typing$`. */
export type MessageType =
  | 'Text'
  | 'PushUrl'
  | 'Notice'
  | 'CustomNotice'
  | 'ParticipantJoined'
  | 'ParticipantLeft'
  | 'ParticipantRejoined'
  | 'TranscriptSaveDone';

/** One line of a transcript as the server numbers it. */
export interface TranscriptLine {
  /** 1-based, growing within a chat; numbers may be missing. */
  readonly index: number;
  readonly type: MessageType | 'TypingStarted' | 'TypingStopped';
  readonly from: Participant;
  /** The text of a `Text` or a notice, the address of a `PushUrl`; empty for the rest. */
  readonly text: string;
  readonly visibility: Visibility;
  /** Milliseconds since 1970, if the server tells. */
  readonly at?: number;
}

/** A transcript line as a plugin sees it. */
export interface Message extends TranscriptLine {
  readonly type: MessageType;
  /** The line is from before the agent's part in the chat: bots answer it only by choice. */
  readonly history: boolean;
  /** The line is from the agent's part, but was told before the process was started again: `history` as well. */
  readonly replayed: boolean;
  /** The agent itself wrote it. */
  readonly own: boolean;
}

/** Somebody began or stopped typing. */
export interface TypingChange {
  readonly from: Participant;
  readonly typing: boolean;
  readonly own: boolean;
}
