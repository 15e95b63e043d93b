import type { Participant } from './participant.ts';

/** Why the chat came to this agent. */
export type InteractionKind = 'inbound' | 'consultation' | 'transfer' | 'conference';

/**
 * Where the chat stands for this agent.
 * `LeftChat`: the chat is closed for the customer, the agent may still finish its work on it.
 */
export type InteractionState = 'Invited' | 'Chatting' | 'LeftChat' | 'JoinFailed' | 'Completed' | 'Revoked';

export const interactionStates: readonly InteractionState[] = [
  'Invited',
  'Chatting',
  'LeftChat',
  'JoinFailed',
  'Completed',
  'Revoked',
];

/** States after which GWS sends nothing more about the interaction. */
export function isTerminal(state: InteractionState): boolean {
  return state === 'Completed' || state === 'Revoked';
}

/** Values are strings on most servers; numbers and null are seen too. */
export type UserData = Readonly<Record<string, string | number | boolean | null>>;

/** What one notification tells about an interaction; what it does not mention is absent. */
export interface InteractionUpdate {
  readonly state?: InteractionState;
  readonly kind?: InteractionKind;
  readonly participants?: readonly Participant[];
  readonly capabilities?: readonly string[];
  readonly userData?: UserData;
  /** The chat that this consultation, transfer or conference belongs to. */
  readonly parentId?: string;
}

/** Why an interaction is over for this agent. */
export interface InteractionEnd {
  /** The last state; `undefined` when the session ended before the chat did. */
  readonly state?: InteractionState;
  readonly reason: 'completed' | 'revoked' | 'vanished' | 'session-ended';
}
