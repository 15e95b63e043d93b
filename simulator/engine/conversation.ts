import type { Invitations } from './invitations.ts';
import type { Chat, Part } from './part.ts';
import { done, type Line, type ParticipantRecord, type Result, refused, status } from './records.ts';
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
    const arrival = chat.write('ParticipantJoined', part.self, this.#world.clock.now());
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

  say(part: Part, text: string): Result {
    if (part.self === undefined) return refused(status.invalidState, 'the agent is not in the chat');
    this.#speak(part.chat, part.self, 'Text', text);
    return done;
  }

  type(part: Part, typing: boolean): Result {
    if (part.self === undefined) return refused(status.invalidState, 'the agent is not in the chat');
    this.#speak(part.chat, part.self, typing ? 'TypingStarted' : 'TypingStopped');
    return done;
  }

  customerSays(chat: Chat, text: string): void {
    if (chat.customerHere) this.#speak(chat, chat.customer, 'Text', text);
  }

  customerTypes(chat: Chat, typing: boolean): void {
    if (chat.customerHere) this.#speak(chat, chat.customer, typing ? 'TypingStarted' : 'TypingStopped');
  }

  /** The agents still have to finish their work; those who are only invited have nothing left to answer. */
  customerLeaves(chat: Chat): void {
    if (!chat.customerHere) return;
    chat.customerHere = false;
    this.#invitations.forget(chat);
    this.#leave(chat, chat.customer);
    this.#world.log('customer left', { chat: chat.id });
    for (const part of chat.parts) {
      if (part.state === 'Invited') this.#invitations.withdraw(part, 'Revoked', 'the customer has left');
    }
    this.#invitations.route();
  }

  /** The agent leaves; with nobody left to talk to, the chat is over for the customer too. */
  finish(part: Part): void {
    const { chat, parent } = part;
    if (parent !== undefined) return this.endConsultation(parent);
    this.endConsultation(part);
    this.depart(part);
    this.#invitations.close(part, 'Completed');
    this.#world.log('finished', { chat: chat.id, agent: part.agent.username });
    if (chat.customerHere && !chat.attended) {
      chat.customerHere = false;
      this.#leave(chat, chat.customer);
    }
  }

  /** Takes the agent out of the participants. */
  depart(part: Part): void {
    const { chat, self, aside } = part;
    chat.remove(aside);
    part.aside = undefined;
    part.self = undefined;
    if (self !== undefined) this.#leave(chat, self);
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
    this.#announce(chat, chat.write('ParticipantJoined', visible, this.#world.clock.now()));
  }

  #speak(
    chat: Chat,
    from: ParticipantRecord,
    type: 'Text' | 'TypingStarted' | 'TypingStopped',
    text?: string,
  ): void {
    this.#world.spread(chat, chat.write(type, from, this.#world.clock.now(), text));
  }

  #leave(chat: Chat, participant: ParticipantRecord): void {
    chat.remove(participant);
    this.#announce(chat, chat.write('ParticipantLeft', participant, this.#world.clock.now()));
  }

  #announce(chat: Chat, line: Line): void {
    this.#world.spread(chat, line);
    this.#world.tellParticipants(chat);
  }

  #participant({ agent }: Part, nickname: string, visibility: 'All' | 'Agents'): ParticipantRecord {
    return { id: this.#world.ids.participant(), type: 'Agent', nickname, userId: agent.id, visibility };
  }
}
