import type { UserData } from '../../model/interaction.ts';

/** What a display needs to know of a chat: whose it is, since when, and how far its transcript was shown. */
export interface ChatPage {
  readonly customer: string;
  readonly beganAt: number;
  /** Counts up, for telling chats apart by colour. */
  readonly number: number;
  shownIndex: number;
}

/** The open chats by agent and interaction. */
export class ChatBook {
  readonly #pages = new Map<string, ChatPage>();
  #count = 0;

  open(agent: string, interactionId: string, userData: UserData, at: number): ChatPage {
    this.#count += 1;
    const name = [userData['FirstName'], userData['LastName']].filter(Boolean).join(' ');
    const page = { customer: name || interactionId, beganAt: at, number: this.#count, shownIndex: 0 };
    this.#pages.set(keyOf(agent, interactionId), page);
    return page;
  }

  find(agent: string, interactionId: string): ChatPage | undefined {
    return this.#pages.get(keyOf(agent, interactionId));
  }

  close(agent: string, interactionId: string): ChatPage | undefined {
    const page = this.find(agent, interactionId);
    this.#pages.delete(keyOf(agent, interactionId));
    return page;
  }
}

function keyOf(agent: string, interactionId: string): string {
  return `${agent} ${interactionId}`;
}
