import { type Agent, type Chat, Part } from './part.ts';
import type { PartKind } from './records.ts';
import type { World } from './world.ts';

/** Milliseconds until a chat that everybody declined is offered again. */
const pauseBeforeRepeat = 1_000;

export interface InvitationOptions {
  /** Milliseconds until an unanswered invitation is revoked. */
  readonly timeout: number;
  /** Every part has the id of its chat; else only the first agent's has. */
  readonly sharedIds: boolean;
}

/** Offers chats to agents: one by one from the queue, or to somebody in particular. */
export class Invitations {
  readonly #world: World;
  readonly #options: InvitationOptions;
  readonly #queue: Chat[] = [];

  constructor(world: World, options: InvitationOptions) {
    this.#world = world;
    this.#options = options;
  }

  /** A chat waits for whoever is free; one that came back goes first. */
  enqueue(chat: Chat, place: 'first' | 'last'): void {
    if (!chat.customerHere) return;
    if (place === 'first') this.#queue.unshift(chat);
    else this.#queue.push(chat);
    this.route();
  }

  forget(chat: Chat): void {
    const at = this.#queue.indexOf(chat);
    if (at >= 0) this.#queue.splice(at, 1);
  }

  /** Gives waiting chats to free agents, the longest waiting chat first, the longest idle agent first. */
  route(): void {
    for (const chat of [...this.#queue]) {
      const agent = this.#agentFor(chat);
      if (agent === undefined) continue;
      this.forget(chat);
      this.invite(agent, chat, 'Inbound');
    }
  }

  invite(agent: Agent, chat: Chat, kind: PartKind, inviter?: Part): Part {
    const { ids, clock } = this.#world;
    const { timeout, sharedIds } = this.#options;
    const isFirst =
      inviter === undefined && chat.parts.every(({ interactionId }) => interactionId !== chat.id);
    const part = new Part({
      interactionId: sharedIds || isFirst ? chat.id : ids.interaction(),
      agent,
      chat,
      kind,
      receivedAt: clock.now(),
      ...(inviter && { inviter }),
    });
    chat.parts.push(part);
    agent.parts.set(part.interactionId, part);
    part.cancelTimeout = clock.after(timeout, () => this.#expire(part));
    this.#world.log('invited', { chat: chat.id, agent: agent.username, detail: kind });
    this.#world.tell(part, 'state');
    return part;
  }

  /** The invitation ends without a conversation: the chat goes on to somebody else, the inviter is told. */
  withdraw(part: Part, state: 'Revoked' | 'Completed', reason: string): void {
    const { chat, agent } = part;
    this.#close(part, state);
    this.#world.log('invitation ended', { chat: chat.id, agent: agent.username, detail: reason });
    this.passOn(part, reason);
  }

  /** Nobody comes of an invitation: the inviter is told, a chat with nobody in it is offered to others. */
  passOn(part: Part, reason: string): void {
    const { parent, inviter, chat, agent } = part;
    if (parent !== undefined) parent.consultation = undefined;
    part.parent = undefined;
    if (inviter?.state === 'Chatting') {
      const what = part.kind === 'Consult' ? 'consultation' : 'conference';
      this.#world.tellError(inviter, `the ${what} has failed: ${reason}`);
    }
    if (parent !== undefined || chat.attended) return;
    chat.declined.add(agent.username);
    this.enqueue(chat, 'first');
  }

  /** Ends a part for good and makes its agent free for others. */
  #close(part: Part, state: 'Revoked' | 'Completed'): void {
    part.cancelTimeout();
    part.state = state;
    this.#world.tell(part, 'state');
    part.agent.parts.delete(part.interactionId);
    part.agent.idleSince = this.#world.clock.now();
  }

  close(part: Part, state: 'Revoked' | 'Completed'): void {
    this.#close(part, state);
    this.route();
  }

  #expire(part: Part): void {
    if (part.state !== 'Invited') return;
    this.withdraw(part, 'Revoked', 'no answer in time');
    this.route();
  }

  #agentFor(chat: Chat): Agent | undefined {
    // Colleagues without a client of their own are there for transfers, not for the queue.
    const able = this.#world.agents.filter(
      (agent) =>
        agent.free &&
        (chat.skill === undefined ? agent.human === undefined : agent.skills.includes(chat.skill)) &&
        !chat.parts.some((part) => part.agent === agent && part.open),
    );
    const fresh = able.filter((agent) => !chat.declined.has(agent.username));
    if (fresh.length === 0 && able.length > 0) this.#forgiveLater(chat);
    return fresh.sort((a, b) => a.idleSince - b.idleSince || a.parts.size - b.parts.size)[0];
  }

  #forgiveLater(chat: Chat): void {
    this.#world.clock.after(pauseBeforeRepeat, () => {
      if (!chat.customerHere || !this.#queue.includes(chat)) return;
      chat.declined.clear();
      this.route();
    });
  }
}
