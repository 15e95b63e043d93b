import type { AgentOf } from './agent.ts';
import type { ChatOf } from './chat.ts';
import type { Intent, ParticipantRecord, PartKind, PartSnapshot, PartState } from './records.ts';

export type Agent = AgentOf<Part>;
export type Chat = ChatOf<Part>;

/** One agent's part in a chat: what GWS calls the agent's interaction. */
export class Part {
  readonly interactionId: string;
  readonly agent: Agent;
  readonly chat: Chat;
  readonly receivedAt: number;
  /** The part that asked for this one, while it is a consultation. */
  parent: Part | undefined;
  kind: PartKind;
  state: PartState = 'Invited';
  /** How the agent appears in the chat. */
  self: ParticipantRecord | undefined;
  /** How the agent appears a second time, to the consultant only. */
  aside: ParticipantRecord | undefined;
  /** The consultation that this part runs. */
  consultation: Part | undefined;
  cancelTimeout: () => void = () => undefined;

  constructor(options: {
    interactionId: string;
    agent: Agent;
    chat: Chat;
    kind: PartKind;
    receivedAt: number;
    parent?: Part;
  }) {
    this.interactionId = options.interactionId;
    this.agent = options.agent;
    this.chat = options.chat;
    this.kind = options.kind;
    this.receivedAt = options.receivedAt;
    this.parent = options.parent;
  }

  /** What the agent may do now (8.5.2 "Chat Resources"; for 8.5.0 an inference). */
  get capabilities(): readonly Intent[] {
    if (this.state === 'Invited') return ['accept', 'reject'];
    if (this.state !== 'Chatting') return [];
    if (!this.chat.customerHere) return ['finish', 'history'];
    const asConsultant = this.parent !== undefined;
    if (asConsultant) return ['sendMessage', 'sendTyping', 'history', 'finish', 'leaveConsultation'];
    const consulting = this.consultation !== undefined;
    const ordinary: Intent[] = ['sendMessage', 'sendTyping', 'transfer', 'finish', 'history', 'consult'];
    return consulting
      ? [...ordinary, 'completeTransfer', 'completeConference', 'leaveConsultation']
      : ordinary;
  }

  snapshot(participants: readonly ParticipantRecord[] = this.chat.participants): PartSnapshot {
    return {
      interactionId: this.interactionId,
      chatId: this.chat.id,
      kind: this.kind,
      state: this.state,
      parentInteractionId: this.parent?.interactionId,
      participants: this.state === 'Chatting' ? [...participants] : [],
      capabilities: this.capabilities,
      userData: this.chat.userData,
      receivedAt: this.receivedAt,
    };
  }
}
