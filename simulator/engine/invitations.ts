import { type Agent, type Chat, Part } from './part.ts';
import type { PartKind } from './records.ts';
import type { World } from './world.ts';

/** Milliseconds until a chat that everybody declined is offered again. */
const pauseBeforeRepeat = 1_000;

/** Offers chats to agents: one by one from the queue, or to somebody in particular. */
export class Invitations {
  readonly #world: World;
  readonly #timeout: number;
  readonly #queue: Chat[] = [];

  constructor(world: World, timeout: number) {
    this.#world = world;
    this.#timeout = timeout;
  }

  get waiting(): number {
    return this.#queue.length;
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

  invite(agent: Agent, chat: Chat, kind: PartKind, parent?: Part): Part {
    const { ids, clock } = this.#world;
    // The first agent's interaction has the chat's id, as in the versions where both are one.
    const isFirst =
      parent === undefined && chat.parts.every(({ interactionId }) => interactionId !== chat.id);
    const part = new Part({
      interactionId: isFirst ? chat.id : ids.interaction(),
      agent,
      chat,
      kind,
      receivedAt: clock.now(),
      ...(parent && { parent }),
    });
    chat.parts.push(part);
    agent.parts.set(part.interactionId, part);
    part.cancelTimeout = clock.after(this.#timeout, () => this.#expire(part));
    this.#world.log('invited', { chat: chat.id, agent: agent.username, detail: kind });
    this.#world.tell(part, 'state');
    return part;
  }

  /** The invitation ends without a conversation: the chat goes on to somebody else, the consultation fails. */
  withdraw(part: Part, state: 'Revoked' | 'Completed', reason: string): void {
    const { chat, agent, parent } = part;
    this.#close(part, state);
    this.#world.log('invitation ended', { chat: chat.id, agent: agent.username, detail: reason });
    if (parent !== undefined) {
      parent.consultation = undefined;
      if (parent.state === 'Chatting')
        this.#world.tellError(parent, `the consultation has failed: ${reason}`);
      return;
    }
    chat.declined.add(agent.username);
    if (!chat.attended) this.enqueue(chat, 'first');
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
    const able = this.#world.agents.filter((agent) =>
      chat.skill === undefined
        ? agent.free && agent.human === undefined
        : agent.free && agent.skills.includes(chat.skill),
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
