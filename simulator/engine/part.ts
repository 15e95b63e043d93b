import type { AgentOf } from './agent.ts';
import { capabilitiesOf } from './capabilities.ts';
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
  /** The part whose agent asked for this one. */
  readonly inviter: Part | undefined;
  /** The inviter, while this one is a consultation. */
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
    inviter?: Part;
  }) {
    this.interactionId = options.interactionId;
    this.agent = options.agent;
    this.chat = options.chat;
    this.kind = options.kind;
    this.receivedAt = options.receivedAt;
    this.inviter = options.inviter;
    this.parent = options.kind === 'Consult' ? options.inviter : undefined;
  }

  get capabilities(): readonly Intent[] {
    return capabilitiesOf(this);
  }

  /** The agent still has the chat on the desk. */
  get open(): boolean {
    return this.state !== 'Completed' && this.state !== 'Revoked';
  }

  snapshot(): PartSnapshot {
    return {
      interactionId: this.interactionId,
      chatId: this.chat.id,
      kind: this.kind,
      state: this.state,
      parentInteractionId: this.parent?.interactionId,
      participants: this.state === 'Chatting' ? [...this.chat.participants] : [],
      capabilities: this.capabilities,
      userData: this.chat.userData,
      receivedAt: this.receivedAt,
    };
  }
}
