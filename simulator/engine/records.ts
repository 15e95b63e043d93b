/** Why a chat came to an agent. */
export type PartKind = 'Inbound' | 'Transfer' | 'Consult' | 'Conference';

/** States of a chat for one agent (8.5.2 "Chat Resources"). */
export type PartState = 'Invited' | 'Chatting' | 'Completed' | 'Revoked';

export type Visibility = 'All' | 'Agents';

export interface ParticipantRecord {
  readonly id: string;
  readonly type: 'Agent' | 'Customer';
  readonly nickname: string;
  /** The user behind an agent. */
  readonly userId?: string;
  readonly visibility: Visibility;
}

export type LineType = 'Text' | 'ParticipantJoined' | 'ParticipantLeft' | 'TypingStarted' | 'TypingStopped';

export interface Line {
  /** 1-based; typing counts too (8.5.2 "Send Start Typing Notification"). */
  readonly index: number;
  readonly type: LineType;
  readonly text?: string;
  readonly visibility: Visibility;
  readonly from: ParticipantRecord;
  /** Milliseconds since 1970. */
  readonly at: number;
}

/** What the engine tells an agent. */
export type AgentEvent =
  | { readonly kind: 'state' | 'participants'; readonly part: PartSnapshot }
  | { readonly kind: 'error'; readonly part: PartSnapshot; readonly message: string }
  | {
      readonly kind: 'lines';
      readonly interactionId: string;
      readonly chatId: string;
      readonly lines: readonly Line[];
    };

/** A part as it was when the event happened: events are sent later than they occur. */
export interface PartSnapshot {
  readonly interactionId: string;
  readonly chatId: string;
  readonly kind: PartKind;
  readonly state: PartState;
  readonly parentInteractionId: string | undefined;
  readonly participants: readonly ParticipantRecord[];
  readonly capabilities: readonly Intent[];
  readonly userData: Readonly<Record<string, string>>;
  readonly receivedAt: number;
}

/** What an agent may want to do, whatever it is called on the wire. */
export type Intent =
  | 'accept'
  | 'reject'
  | 'sendMessage'
  | 'sendTyping'
  | 'transfer'
  | 'finish'
  | 'history'
  | 'consult'
  | 'completeTransfer'
  | 'completeConference'
  | 'leaveConsultation';

/** The reply codes of GWS (Return Values pages). */
export const status = {
  ok: 0,
  missingParameter: 1,
  invalidState: 2,
  forbidden: 3,
  internalError: 4,
  noPermission: 5,
  notFound: 6,
  notAuthenticated: 20,
} as const;

export interface Result {
  readonly status: number;
  readonly message?: string;
}

export const done: Result = { status: status.ok };

export function refused(code: number, message: string): Result {
  return { status: code, message };
}
