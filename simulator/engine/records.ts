/** Why a chat came to an agent. */
export type PartKind = 'Inbound' | 'Transfer' | 'Consult' | 'Conference';

/** States of a chat for one agent (8.5.2 "Chat Resources", "Leave"; JoinFailed from client code). */
export type PartState = 'Invited' | 'Chatting' | 'LeftChat' | 'JoinFailed' | 'Completed' | 'Revoked';

export type Visibility = 'All' | 'Agents';

/** What is attached to a chat (8.5.2 "Update User Data": values may be numbers; dumps show null). */
export type UserData = Readonly<Record<string, string | number | null>>;

export interface ParticipantRecord {
  readonly id: string;
  readonly type: 'Agent' | 'Customer';
  readonly nickname: string;
  /** The user behind an agent. */
  readonly userId?: string;
  readonly visibility: Visibility;
}

export type LineType =
  | 'Text'
  | 'ParticipantJoined'
  | 'ParticipantLeft'
  | 'TypingStarted'
  | 'TypingStopped'
  | 'PushUrl'
  | 'CustomNotice';

/** What a line says; which member, depends on its type (8.5.2 "Chat Resources"). */
export interface LineContent {
  readonly text?: string;
  readonly url?: string;
  readonly noticeText?: string;
  /** A free tag of the sender's. */
  readonly messageType?: string;
}

export interface Line extends LineContent {
  /** 1-based, increasing, with gaps; typing counts too (8.5.2 "Send Start Typing Notification"). */
  readonly index: number;
  readonly type: LineType;
  readonly visibility: Visibility;
  readonly from: ParticipantRecord;
  /** Milliseconds since 1970. */
  readonly at: number;
}

/** What the engine tells an agent. `reference`: the number of the agent's own request that led to it. */
export type AgentEvent =
  | {
      readonly kind: 'state' | 'participants' | 'properties';
      readonly part: PartSnapshot;
      readonly reference?: number;
    }
  | {
      readonly kind: 'error';
      readonly part: PartSnapshot;
      readonly message: string;
      readonly reference?: number;
    }
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
  readonly userData: UserData;
  readonly receivedAt: number;
}

/** What an agent may want to do, whatever it is called on the wire. */
export type Intent =
  | 'accept'
  | 'reject'
  | 'sendMessage'
  | 'sendTyping'
  | 'sendUrl'
  | 'sendNotice'
  | 'sendToAgents'
  | 'sendTypingToAgents'
  | 'sendNoticeToAgents'
  | 'transfer'
  | 'consult'
  | 'invite'
  | 'completeTransfer'
  | 'completeConference'
  | 'leaveConsultation'
  | 'leaveConference'
  | 'removeParticipant'
  | 'leave'
  | 'finish'
  | 'history'
  | 'userData'
  | 'setDisposition'
  | 'setInFocus';

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
  /** The number of the request, which later notifications repeat. */
  readonly reference?: number;
}

export const done: Result = { status: status.ok };

export function refused(code: number, message: string): Result {
  return { status: code, message };
}
