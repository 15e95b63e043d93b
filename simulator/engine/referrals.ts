import type { Destination, Farewell } from './command.ts';
import type { Conversation } from './conversation.ts';
import type { Invitations } from './invitations.ts';
import type { Agent, Part } from './part.ts';
import { done, type Result, refused, status } from './records.ts';
import type { World } from './world.ts';

/** Bringing others into a chat, and out of it: transfer, consultation, conference. */
export class Referrals {
  readonly #world: World;
  readonly #invitations: Invitations;
  readonly #conversation: Conversation;

  constructor(world: World, invitations: Invitations, conversation: Conversation) {
    this.#world = world;
    this.#invitations = invitations;
    this.#conversation = conversation;
  }

  /** In one step; to the colleague who is consulted already, the second of two (8.5.2 "Consult"). */
  transfer(part: Part, to: Destination, farewell?: Farewell): Result {
    if (this.#consults(part, to)) return this.completeTransfer(part, farewell);
    if ('skill' in to) return this.toQueue(part, to.skill, farewell);
    const colleague = this.#colleague(part, to.agentId);
    if ('status' in colleague) return colleague;
    this.#handOut(part, farewell);
    part.chat.declined.add(part.agent.username);
    this.#invitations.invite(colleague, part.chat, 'Transfer');
    return done;
  }

  /** The chat waits for whoever has the skill. */
  toQueue(part: Part, skill: string, farewell?: Farewell): Result {
    const { chat, agent } = part;
    if (!this.#world.agents.some(({ skills }) => skills.includes(skill))) {
      return refused(status.notFound, `no agent has skill ${skill}`);
    }
    this.#handOut(part, farewell);
    chat.skill = skill;
    chat.declined.add(agent.username);
    if (!chat.attended) this.#invitations.enqueue(chat, 'first');
    return done;
  }

  consult(part: Part, to: Destination): Result {
    if (part.consultation !== undefined)
      return refused(status.invalidState, 'a consultation is running already');
    const colleague = this.#oneOf(part, to);
    if ('status' in colleague) return colleague;
    part.consultation = this.#invitations.invite(colleague, part.chat, 'Consult', part);
    return done;
  }

  /** Asks a colleague into the chat for all to see; whoever is consulted already comes out of hiding. */
  invite(part: Part, to: Destination): Result {
    if (this.#consults(part, to)) return this.completeConference(part);
    const colleague = this.#oneOf(part, to);
    if ('status' in colleague) return colleague;
    this.#invitations.invite(colleague, part.chat, 'Conference', part);
    return done;
  }

  completeTransfer(part: Part, farewell?: Farewell): Result {
    return this.#withConsultant(part, (consultant) => {
      this.#conversation.bidFarewell(part, farewell);
      this.#conversation.reveal(consultant, 'Transfer');
      this.#conversation.depart(part);
      this.#invitations.close(part, 'Completed');
    });
  }

  completeConference(part: Part): Result {
    return this.#withConsultant(part, (consultant) => this.#conversation.reveal(consultant, 'Conference'));
  }

  /** Shows another agent out (8.5.2 "Remove Participant From Conference"). */
  remove(part: Part, agentId: string, farewell?: Farewell): Result {
    const other = part.chat.active.find(({ agent }) => agent.id === agentId);
    if (other === undefined) return refused(status.notFound, `user ${agentId} is not in the chat`);
    if (other === part) return refused(status.forbidden, 'an agent cannot remove itself');
    this.#conversation.bidFarewell(part, farewell);
    if (other.parent !== undefined) this.#conversation.endConsultation(other.parent);
    else this.#conversation.finish(other);
    return done;
  }

  /** The agent is gone: an invitation goes to somebody else, a customer who is left alone waits again. */
  abandon(part: Part): void {
    if (part.state === 'Invited')
      return this.#invitations.withdraw(part, 'Revoked', 'the agent has logged out');
    if (part.parent !== undefined) return this.#conversation.endConsultation(part.parent);
    if (part.state !== 'Chatting') return this.#invitations.close(part, 'Completed');
    this.#handOut(part);
    if (!part.chat.attended) this.#invitations.enqueue(part.chat, 'first');
  }

  #withConsultant(part: Part, complete: (consultant: Part) => void): Result {
    const consultant = part.consultation;
    if (consultant?.state !== 'Chatting')
      return refused(status.invalidState, 'no colleague has joined the consultation');
    complete(consultant);
    return done;
  }

  #handOut(part: Part, farewell?: Farewell): void {
    this.#conversation.bidFarewell(part, farewell);
    this.#conversation.endConsultation(part);
    this.#conversation.depart(part);
    this.#invitations.close(part, 'Completed');
  }

  /** The destination is the colleague who has joined the part's consultation. */
  #consults({ consultation }: Part, to: Destination): boolean {
    return consultation?.state === 'Chatting' && 'agentId' in to && consultation.agent.id === to.agentId;
  }

  #oneOf(part: Part, to: Destination): Agent | Result {
    if ('agentId' in to) return this.#colleague(part, to.agentId);
    const able = this.#world.agents.filter(
      (agent) => agent.skills.includes(to.skill) && agent !== part.agent,
    );
    if (able.length === 0) return refused(status.notFound, `no other agent has skill ${to.skill}`);
    const free = able
      .filter((agent) => agent.free && !this.#isIn(part, agent))
      .sort((a, b) => a.idleSince - b.idleSince);
    return free[0] ?? refused(status.invalidState, `nobody with skill ${to.skill} is available`);
  }

  #colleague(part: Part, agentId: string): Agent | Result {
    const colleague = this.#world.agents.find(({ id }) => id === agentId);
    if (colleague === undefined) return refused(status.notFound, `user ${agentId} is not found`);
    if (colleague === part.agent) return refused(status.forbidden, 'an agent cannot call itself');
    if (this.#isIn(part, colleague))
      return refused(status.invalidState, `${colleague.firstName} is in the chat already`);
    if (!colleague.free) return refused(status.invalidState, `${colleague.firstName} is not available`);
    return colleague;
  }

  #isIn({ chat }: Part, agent: Agent): boolean {
    return chat.parts.some((part) => part.agent === agent && part.open);
  }
}
