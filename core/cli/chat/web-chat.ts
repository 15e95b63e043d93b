import { messageOf, UsherError } from '../../errors.ts';
import type { UserData } from '../../model/interaction.ts';

export interface WebChatRequest {
  /** First name and, after a blank, last name. */
  readonly nickname: string;
  readonly subject?: string;
  readonly userData?: UserData;
}

/** A line that a customer sees. */
export interface WebChatLine {
  readonly index: number;
  readonly type: string;
  readonly text?: string;
  readonly from: { readonly type: string; readonly nickname: string };
}

export type WebChatState = 'WaitingForAgent' | 'Chatting' | 'Completed';

/** A customer's side of a chat, over HTTP (8.5.2 "Customer Chat API"). */
export class WebChat {
  readonly id: string;
  readonly #url: string;
  #next = 1;

  private constructor(id: string, url: string) {
    this.id = id;
    this.#url = url;
  }

  /**
   * Asks for a chat.
   *
   * @throws UsherError USHER_SERVER_UNREACHABLE, USHER_CHAT_REFUSED
   */
  static async request(origin: string, request: WebChatRequest): Promise<WebChat> {
    const url = `${origin}/api/v2/chats`;
    const answer = await exchange(url, { operationName: 'RequestChat', ...request });
    if (typeof answer['id'] !== 'string') throw refused(url, 'it gave the chat no id');
    return new WebChat(answer['id'], `${url}/${encodeURIComponent(answer['id'])}`);
  }

  async say(text: string): Promise<void> {
    await exchange(this.#url, { operationName: 'SendMessage', text });
  }

  async type(typing: boolean): Promise<void> {
    const operationName = typing ? 'SendStartTypingNotification' : 'SendStopTypingNotification';
    await exchange(this.#url, { operationName });
  }

  async leave(): Promise<void> {
    await exchange(this.#url, { operationName: 'Complete' });
  }

  async state(): Promise<WebChatState> {
    const { chat } = (await exchange(this.#url)) as { chat?: { state?: WebChatState } };
    return chat?.state ?? 'Completed';
  }

  /** What has been said since the last time. */
  async lines(): Promise<readonly WebChatLine[]> {
    const { messages = [] } = (await exchange(`${this.#url}/messages?startIndex=${this.#next}`)) as {
      messages?: readonly WebChatLine[];
    };
    this.#next = Math.max(this.#next, ...messages.map(({ index }) => index + 1));
    return messages;
  }
}

async function exchange(url: string, body?: object): Promise<Record<string, unknown>> {
  const answer = await ask(url, body);
  const { statusCode, statusMessage } = answer;
  if (statusCode !== 0) throw refused(url, `${statusMessage ?? `statusCode ${statusCode}`}`);
  return answer;
}

async function ask(url: string, body?: object): Promise<Record<string, unknown>> {
  let response: Response;
  try {
    response = await fetch(url, {
      method: body === undefined ? 'GET' : 'POST',
      headers: { 'content-type': 'application/json' },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
  } catch (thrown) {
    const cause = thrown instanceof Error && thrown.cause instanceof Error ? thrown.cause : thrown;
    throw new UsherError('USHER_SERVER_UNREACHABLE', `cannot reach ${url}: ${messageOf(cause)}`, {
      cause: thrown,
    });
  }
  try {
    return (await response.json()) as Record<string, unknown>;
  } catch {
    throw refused(url, `HTTP ${response.status} without an answer of GWS`);
  }
}

function refused(url: string, why: string): UsherError {
  return new UsherError('USHER_CHAT_REFUSED', `${url}: ${why}`);
}
