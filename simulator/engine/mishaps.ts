import type { Invitations } from './invitations.ts';
import type { Part } from './part.ts';
import { done, type Result } from './records.ts';
import type { World } from './world.ts';

/** What goes wrong in a contact centre without anybody's doing. */
export class Mishaps {
  readonly #world: World;
  readonly #invitations: Invitations;

  constructor(world: World, invitations: Invitations) {
    this.#world = world;
    this.#invitations = invitations;
  }

  /** The invitation is taken back, and the chat offered again. */
  revoke(part: Part): void {
    this.#invitations.withdraw(part, 'Revoked', 'taken back');
  }

  /** The agent accepts and cannot be brought in: the work stays with it, the chat is offered again. */
  failJoin(part: Part): Result {
    part.cancelTimeout();
    part.state = 'JoinFailed';
    this.#world.log('join failed', { chat: part.chat.id, agent: part.agent.username });
    return this.#world.requested(part, () => {
      this.#world.tell(part, 'state');
      this.#invitations.passOn(part, 'the colleague could not be brought in');
      return done;
    });
  }

  /** What the agent asked for is taken up, and fails afterwards. */
  failLater(part: Part): Result {
    return this.#world.requested(part, () => {
      this.#world.tellError(part, 'the operation has failed');
      return done;
    });
  }
}
