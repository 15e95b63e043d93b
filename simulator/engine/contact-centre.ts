import type { SimulatorClock } from '../clock.ts';
import type { SimulatedAgent } from '../options.ts';
import { AgentOf } from './agent.ts';
import { ChatOf } from './chat.ts';
import type { Command } from './command.ts';
import { Conversation } from './conversation.ts';
import { type InvitationOptions, Invitations } from './invitations.ts';
import { Mishaps } from './mishaps.ts';
import type { Agent, Chat, Part } from './part.ts';
import { done, type ParticipantRecord, type Result, refused, status, type UserData } from './records.ts';
import { Referrals } from './referrals.ts';
import { World, type WorldListener } from './world.ts';

export interface NewCustomer {
  readonly nickname: string;
  readonly userData: UserData;
  readonly skill?: string;
}

/** The contact centre as a state machine: no sockets, and no time but the clock's. */
export class ContactCentre {
  readonly agents: readonly Agent[];
  readonly mishaps: Mishaps;
  readonly #world: World;
  readonly #invitations: Invitations;
  readonly #conversation: Conversation;
  readonly #referrals: Referrals;

  constructor(
    agents: readonly SimulatedAgent[],
    clock: SimulatorClock,
    options: InvitationOptions,
    listener: WorldListener,
  ) {
    this.agents = agents.map((agent) => new AgentOf<Part>(agent));
    this.#world = new World(clock, this.agents, listener);
    this.#invitations = new Invitations(this.#world, options);
    this.#conversation = new Conversation(this.#world, this.#invitations);
    this.mishaps = new Mishaps(this.#world, this.#invitations);
    this.#referrals = new Referrals(this.#world, this.#invitations, this.#conversation);
  }

  get chats(): ReadonlyMap<string, Chat> {
    return this.#world.chats;
  }

  arrive({ nickname, userData, skill }: NewCustomer): Chat {
    const { ids, chats } = this.#world;
    const customer: ParticipantRecord = {
      id: ids.participant(),
      type: 'Customer',
      nickname,
      visibility: 'All',
    };
    const chat = new ChatOf<Part>(ids.interaction(), customer, userData, skill);
    chats.set(chat.id, chat);
    chat.add(customer);
    this.#world.write(chat, 'ParticipantJoined', customer);
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

  /** Starts the agent's session; where one stands already, it goes on as it is. */
  logIn(agent: Agent): void {
    agent.sessionsStarted += 1;
    this.#world.log('session started', { agent: agent.username });
    if (agent.loggedIn) return;
    agent.loggedIn = true;
    agent.idleSince = this.#world.clock.now();
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
    for (const part of [...agent.parts.values()]) this.#referrals.abandon(part);
  }

  /** Why an agent cannot do something on one of its interactions now; `undefined` if it can. */
  refusalOf(agent: Agent, interactionId: string, intent: Command['intent']): Result | undefined {
    if (!agent.loggedIn)
      return refused(status.invalidState, 'the contact center session has not been started');
    const part = agent.parts.get(interactionId);
    if (part === undefined) return refused(status.notFound, `interaction ${interactionId} is not found`);
    if (part.capabilities.includes(intent)) return undefined;
    return refused(status.invalidState, `${intent} is not possible in state ${part.state}`);
  }

  /** Does what an agent asks for on one of its interactions. */
  perform(agent: Agent, interactionId: string, command: Command): Result {
    const refusal = this.refusalOf(agent, interactionId, command.intent);
    const part = agent.parts.get(interactionId);
    if (refusal !== undefined || part === undefined) return refusal ?? done;
    return this.#world.requested(part, () => this.#perform(part, command));
  }

  #perform(part: Part, command: Command): Result {
    const [conversation, referrals] = [this.#conversation, this.#referrals];
    switch (command.intent) {
      case 'accept':
        conversation.join(part, command.nickname);
        return done;
      case 'reject':
        this.#invitations.withdraw(part, 'Completed', 'rejected');
        return done;
      case 'sendMessage':
      case 'sendToAgents': {
        const { intent, ...content } = command;
        return conversation.say(part, 'Text', { ...content, ...forAgents(intent === 'sendToAgents') });
      }
      case 'sendTyping':
      case 'sendTypingToAgents': {
        const type = command.typing ? 'TypingStarted' : 'TypingStopped';
        return conversation.say(part, type, forAgents(command.intent === 'sendTypingToAgents'));
      }
      case 'sendUrl':
        return conversation.say(part, 'PushUrl', { url: command.url });
      case 'sendNotice':
      case 'sendNoticeToAgents': {
        const { intent, noticeText } = command;
        return conversation.say(part, 'CustomNotice', {
          noticeText,
          ...forAgents(intent === 'sendNoticeToAgents'),
        });
      }
      case 'finish':
        if (command.to !== undefined) return referrals.toQueue(part, command.to.skill, command.farewell);
        conversation.bidFarewell(part, command.farewell);
        conversation.finish(part);
        return done;
      case 'leave':
      case 'leaveConference':
        conversation.bidFarewell(part, command.farewell);
        conversation.leave(part);
        return done;
      case 'history':
        this.#world.sendLines(
          part,
          part.chat.lines.filter(({ index }) => index >= command.fromIndex),
        );
        return done;
      case 'transfer':
        return referrals.transfer(part, command.to, command.farewell);
      case 'consult':
        return referrals.consult(part, command.to);
      case 'invite':
        return referrals.invite(part, command.to);
      case 'removeParticipant':
        return referrals.remove(part, command.agentId, command.farewell);
      case 'completeTransfer':
        return referrals.completeTransfer(part);
      case 'completeConference':
        return referrals.completeConference(part);
      case 'leaveConsultation':
        conversation.endConsultation(part.parent ?? part);
        return done;
      case 'userData':
        return this.#changeData(part, command.set ?? {}, command.remove ?? []);
      case 'setDisposition':
        return this.#changeData(part, { [command.key]: command.disposition }, []);
      case 'setInFocus':
        return done;
    }
  }

  #changeData(part: Part, set: UserData, remove: readonly string[]): Result {
    const { chat } = part;
    const kept = Object.entries(chat.userData).filter(([key]) => !remove.includes(key));
    chat.userData = { ...Object.fromEntries(kept), ...set };
    for (const one of new Set([part, ...chat.active])) this.#world.tell(one, 'properties');
    return done;
  }
}

function forAgents(only: boolean): { visibility?: 'Agents' } {
  return only ? { visibility: 'Agents' } : {};
}
