import type { Farewell } from './command.ts';
import type { Invitations } from './invitations.ts';
import type { Chat, Part } from './part.ts';
import {
  done,
  type Line,
  type LineContent,
  type LineType,
  type ParticipantRecord,
  type Result,
  refused,
  status,
  type Visibility,
} from './records.ts';
import type { World } from './world.ts';

/** What happens inside a chat: joining, speaking, leaving, finishing. */
export class Conversation {
  readonly #world: World;
  readonly #invitations: Invitations;

  constructor(world: World, invitations: Invitations) {
    this.#world = world;
    this.#invitations = invitations;
  }

  /**
   * After Accept the agent is told, in this order: the state without participants, the participants, and the
   * transcript up to its own arrival (8.5.2, notifications after Accept).
   */
  join(part: Part, nickname: string): void {
    const { chat, agent, parent } = part;
    part.cancelTimeout();
    part.state = 'Chatting';
    const visibility = parent === undefined ? 'All' : 'Agents';
    part.self = this.#participant(part, nickname, visibility);
    chat.add(part.self);
    if (parent?.self !== undefined) {
      parent.aside = this.#participant(parent, parent.self.nickname, 'Agents');
      chat.add(parent.aside);
    }
    const arrival = this.#world.write(chat, 'ParticipantJoined', part.self);
    this.#world.log('joined', { chat: chat.id, agent: agent.username, detail: part.kind });
    this.#world.tell(part, 'state');
    this.#world.tell(part, 'participants');
    this.#world.sendLines(part, chat.lines);
    for (const other of chat.active) {
      if (other === part) continue;
      this.#world.tell(other, 'participants');
      this.#world.sendLines(other, [arrival]);
    }
    this.#world.showCustomer(chat, arrival);
  }

  /** The agent says or shows something: to all, or to the agents of the chat only. */
  say(part: Part, type: LineType, content: LineContent & { visibility?: Visibility } = {}): Result {
    const { chat, self } = part;
    if (self === undefined) return refused(status.invalidState, 'the agent is not in the chat');
    this.#world.spread(chat, this.#world.write(chat, type, self, content));
    return done;
  }

  customerSays(chat: Chat, text: string): void {
    if (chat.customerHere) this.#world.spread(chat, this.#world.write(chat, 'Text', chat.customer, { text }));
  }

  customerTypes(chat: Chat, typing: boolean): void {
    if (!chat.customerHere) return;
    const type = typing ? 'TypingStarted' : 'TypingStopped';
    this.#world.spread(chat, this.#world.write(chat, type, chat.customer));
  }

  /** The agents still have to finish their work; those who are only invited have nothing left to answer. */
  customerLeaves(chat: Chat): void {
    if (!chat.customerHere) return;
    chat.customerHere = false;
    this.#invitations.forget(chat);
    this.#gone(chat, chat.customer);
    this.#world.log('customer left', { chat: chat.id });
    for (const part of chat.parts) {
      if (part.state === 'Invited') this.#invitations.withdraw(part, 'Revoked', 'the customer has left');
    }
    this.#invitations.route();
  }

  bidFarewell(part: Part, farewell: Farewell | undefined): void {
    if (farewell !== undefined && part.chat.customerHere) this.say(part, 'Text', farewell);
  }

  /** The agent is done with the chat; with nobody left to talk to, it is over for the customer too. */
  finish(part: Part): void {
    const { chat, parent, state } = part;
    if (parent !== undefined) return this.endConsultation(parent);
    if (state === 'Chatting') {
      this.endConsultation(part);
      this.depart(part);
    }
    this.#invitations.close(part, 'Completed');
    this.#world.log('finished', { chat: chat.id, agent: part.agent.username });
    if (state === 'Chatting') this.#dismissCustomer(chat);
  }

  /** The agent stops talking: alone it keeps the work, among others it is out (8.5.2 "Leave"). */
  leave(part: Part): void {
    const { chat, parent } = part;
    if (parent !== undefined) return this.endConsultation(parent);
    this.endConsultation(part);
    this.depart(part);
    part.state = 'LeftChat';
    if (chat.attended) return this.#invitations.close(part, 'Completed');
    this.#world.log('left', { chat: chat.id, agent: part.agent.username });
    this.#world.tell(part, 'state');
    this.#dismissCustomer(chat);
  }

  /** Takes the agent out of the participants. */
  depart(part: Part): void {
    const { chat, self, aside } = part;
    chat.remove(aside);
    part.aside = undefined;
    part.self = undefined;
    if (self !== undefined) this.#gone(chat, self);
  }

  /** Ends the consultation that the part runs, ringing or not. */
  endConsultation(part: Part): void {
    const { consultation, chat } = part;
    if (consultation === undefined) return;
    part.consultation = undefined;
    consultation.parent = undefined;
    if (consultation.state === 'Chatting') {
      this.depart(consultation);
      this.#invitations.close(consultation, 'Completed');
    } else {
      this.#invitations.close(consultation, 'Revoked');
    }
    chat.remove(part.aside);
    part.aside = undefined;
    this.#world.tellParticipants(chat);
  }

  /** The consultant comes out of hiding. */
  reveal(consultant: Part, kind: 'Transfer' | 'Conference'): void {
    const { chat, self, parent } = consultant;
    if (self === undefined) return;
    chat.remove(parent?.aside);
    if (parent !== undefined) {
      parent.aside = undefined;
      parent.consultation = undefined;
    }
    consultant.parent = undefined;
    consultant.kind = kind;
    const visible: ParticipantRecord = { ...self, visibility: 'All' };
    chat.remove(self);
    chat.add(visible);
    consultant.self = visible;
    this.#announce(chat, this.#world.write(chat, 'ParticipantJoined', visible));
  }

  #dismissCustomer(chat: Chat): void {
    if (!chat.customerHere || chat.attended) return;
    chat.customerHere = false;
    this.#gone(chat, chat.customer);
  }

  #gone(chat: Chat, participant: ParticipantRecord): void {
    chat.remove(participant);
    this.#announce(chat, this.#world.write(chat, 'ParticipantLeft', participant));
  }

  #announce(chat: Chat, line: Line): void {
    this.#world.spread(chat, line);
    this.#world.tellParticipants(chat);
  }

  #participant({ agent }: Part, nickname: string, visibility: Visibility): ParticipantRecord {
    return { id: this.#world.ids.participant(), type: 'Agent', nickname, userId: agent.id, visibility };
  }
}
