import type { SimulatorClock } from '../clock.ts';
import type { SimulatedAgent } from '../options.ts';
import { AgentOf } from './agent.ts';
import { ChatOf } from './chat.ts';
import { Conversation } from './conversation.ts';
import { Invitations } from './invitations.ts';
import type { Agent, Chat, Part } from './part.ts';
import { done, type ParticipantRecord, type Result, refused, status } from './records.ts';
import { World, type WorldListener } from './world.ts';

/** Whom a transfer or a consultation goes to. */
export type Destination = { readonly agentId: string } | { readonly skill: string };

/** What an agent asks for, whatever it is called on the wire. */
export type Command =
  | { readonly intent: 'accept'; readonly nickname: string }
  | { readonly intent: 'sendMessage'; readonly text: string }
  | { readonly intent: 'sendTyping'; readonly typing: boolean }
  | { readonly intent: 'transfer'; readonly to: Destination }
  | { readonly intent: 'consult'; readonly agentId: string }
  | { readonly intent: 'history'; readonly fromIndex: number }
  | {
      readonly intent: 'reject' | 'finish' | 'completeTransfer' | 'completeConference' | 'leaveConsultation';
    };

export interface NewCustomer {
  readonly nickname: string;
  readonly userData: Readonly<Record<string, string>>;
  readonly skill?: string;
}

/** The contact centre as a state machine: no sockets, and no time but the clock's. */
export class ContactCentre {
  readonly agents: readonly Agent[];
  readonly #world: World;
  readonly #invitations: Invitations;
  readonly #conversation: Conversation;

  constructor(
    agents: readonly SimulatedAgent[],
    clock: SimulatorClock,
    invitationTimeout: number,
    listener: WorldListener,
  ) {
    this.agents = agents.map((agent) => new AgentOf<Part>(agent));
    this.#world = new World(clock, this.agents, listener);
    this.#invitations = new Invitations(this.#world, invitationTimeout);
    this.#conversation = new Conversation(this.#world, this.#invitations);
  }

  get chats(): ReadonlyMap<string, Chat> {
    return this.#world.chats;
  }

  /** Chats in the queue. */
  get waiting(): number {
    return this.#invitations.waiting;
  }

  arrive({ nickname, userData, skill }: NewCustomer): Chat {
    const { ids, clock, chats } = this.#world;
    const customer: ParticipantRecord = {
      id: ids.participant(),
      type: 'Customer',
      nickname,
      visibility: 'All',
    };
    const chat = new ChatOf<Part>(ids.interaction(), customer, userData, skill);
    chats.set(chat.id, chat);
    chat.add(customer);
    chat.write('ParticipantJoined', customer, clock.now());
    this.#world.log('customer arrived', { chat: chat.id, detail: nickname });
    this.#invitations.enqueue(chat, 'last');
    return chat;
  }

  customerSays(chat: Chat, text: string): void {
    this.#conversation.customerSays(chat, text);
  }

  customerTypes(chat: Chat, typing: boolean): void {
    this.#conversation.customerTypes(chat, typing);
  }

  customerLeaves(chat: Chat): void {
    this.#conversation.customerLeaves(chat);
  }

  logIn(agent: Agent): void {
    agent.loggedIn = true;
    agent.idleSince = this.#world.clock.now();
    this.#world.log('session started', { agent: agent.username });
  }

  setReady(agent: Agent, ready: boolean): Result {
    if (!agent.loggedIn)
      return refused(status.invalidState, 'the contact center session has not been started');
    agent.ready = ready;
    this.#world.log(ready ? 'ready' : 'not ready', { agent: agent.username });
    if (ready) this.#invitations.route();
    return done;
  }

  /** The agent's chats go back to the queue. */
  logOut(agent: Agent): void {
    if (!agent.loggedIn) return;
    agent.loggedIn = false;
    agent.ready = false;
    this.#world.log('session ended', { agent: agent.username });
    for (const part of [...agent.parts.values()]) this.#abandon(part);
  }

  /** Does what an agent asks for on one of its interactions. */
  perform(agent: Agent, interactionId: string, command: Command): Result {
    if (!agent.loggedIn)
      return refused(status.invalidState, 'the contact center session has not been started');
    const part = agent.parts.get(interactionId);
    if (part === undefined) return refused(status.notFound, `interaction ${interactionId} is not found`);
    if (!part.capabilities.includes(command.intent)) {
      return refused(status.invalidState, `${command.intent} is not possible in state ${part.state}`);
    }
    return this.#perform(part, command);
  }

  #perform(part: Part, command: Command): Result {
    switch (command.intent) {
      case 'accept':
        this.#conversation.join(part, command.nickname);
        return done;
      case 'reject':
        this.#invitations.withdraw(part, 'Completed', 'rejected');
        return done;
      case 'sendMessage':
        return this.#conversation.say(part, command.text);
      case 'sendTyping':
        return this.#conversation.type(part, command.typing);
      case 'finish':
        this.#conversation.finish(part);
        return done;
      case 'history':
        this.#world.sendLines(
          part,
          part.chat.lines.filter(({ index }) => index >= command.fromIndex),
        );
        return done;
      case 'transfer':
        return this.#transfer(part, command.to);
      case 'consult':
        return this.#consult(part, command.agentId);
      case 'completeTransfer':
        return this.#withConsultant(part, (consultant) => {
          this.#conversation.reveal(consultant, 'Transfer');
          this.#conversation.depart(part);
          this.#invitations.close(part, 'Completed');
        });
      case 'completeConference':
        return this.#withConsultant(part, (consultant) => {
          this.#conversation.reveal(consultant, 'Conference');
        });
      case 'leaveConsultation':
        this.#conversation.endConsultation(part.parent ?? part);
        return done;
    }
  }

  #withConsultant(part: Part, complete: (consultant: Part) => void): Result {
    const consultant = part.consultation;
    if (consultant?.state !== 'Chatting')
      return refused(status.invalidState, 'no colleague has joined the consultation');
    complete(consultant);
    return done;
  }

  #transfer(part: Part, to: Destination): Result {
    const { chat } = part;
    if ('skill' in to) {
      if (!this.agents.some(({ skills }) => skills.includes(to.skill))) {
        return refused(status.notFound, `no agent has skill ${to.skill}`);
      }
      this.#handOut(part);
      chat.skill = to.skill;
      chat.declined.add(part.agent.username);
      this.#invitations.enqueue(chat, 'first');
      return done;
    }
    const colleague = this.#colleague(part, to.agentId);
    if ('status' in colleague) return colleague;
    this.#handOut(part);
    chat.declined.add(part.agent.username);
    this.#invitations.invite(colleague, chat, 'Transfer');
    return done;
  }

  #handOut(part: Part): void {
    this.#conversation.endConsultation(part);
    this.#conversation.depart(part);
    this.#invitations.close(part, 'Completed');
  }

  #consult(part: Part, agentId: string): Result {
    if (part.consultation !== undefined)
      return refused(status.invalidState, 'a consultation is running already');
    const colleague = this.#colleague(part, agentId);
    if ('status' in colleague) return colleague;
    part.consultation = this.#invitations.invite(colleague, part.chat, 'Consult', part);
    return done;
  }

  #colleague(part: Part, agentId: string): Agent | Result {
    const colleague = this.agents.find(({ id }) => id === agentId);
    if (colleague === undefined) return refused(status.notFound, `user ${agentId} is not found`);
    if (colleague === part.agent) return refused(status.forbidden, 'an agent cannot call itself');
    if (!colleague.free) return refused(status.invalidState, `${colleague.firstName} is not available`);
    return colleague;
  }

  /** The agent is gone: an invitation goes to somebody else, a customer who is left alone waits again. */
  #abandon(part: Part): void {
    if (part.state === 'Invited')
      return this.#invitations.withdraw(part, 'Revoked', 'the agent has logged out');
    if (part.parent !== undefined) return this.#conversation.endConsultation(part.parent);
    this.#handOut(part);
    if (!part.chat.attended) this.#invitations.enqueue(part.chat, 'first');
  }
}
