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

export type WebChatState = 'WaitingForAgent' | 'Chatting' | 'Idle' | 'Completed';

/** Where chats are asked for. */
export interface WebChatServer {
  /** For instance https://gws.example.com */
  readonly origin: string;
  /** What shows to a server of several contact centres whose customer it is. Default: the server does not ask. */
  readonly contactCenterId?: string | undefined;
}

/** A customer's side of a chat, over HTTP (8.5.2 "Customer Chat API"). */
export class WebChat {
  readonly id: string;
  readonly #exchange: (path: string, body?: object) => Promise<Record<string, unknown>>;
  #next = 1;

  private constructor(id: string, server: WebChatServer) {
    this.id = id;
    this.#exchange = (path, body) => exchange(server, `/${encodeURIComponent(id)}${path}`, body);
  }

  /**
   * Asks for a chat.
   *
   * @throws UsherError USHER_SERVER_UNREACHABLE, USHER_CHAT_REFUSED
   */
  static async request(server: WebChatServer, request: WebChatRequest): Promise<WebChat> {
    const { id } = await exchange(server, '', { operationName: 'RequestChat', ...request });
    if (typeof id !== 'string') throw refused(server.origin, 'it gave the chat no id');
    return new WebChat(id, server);
  }

  async say(text: string): Promise<void> {
    await this.#exchange('', { operationName: 'SendMessage', text });
  }

  async type(typing: boolean): Promise<void> {
    const operationName = typing ? 'SendStartTypingNotification' : 'SendStopTypingNotification';
    await this.#exchange('', { operationName });
  }

  async leave(): Promise<void> {
    await this.#exchange('', { operationName: 'Complete' });
  }

  async state(): Promise<WebChatState> {
    const { chat } = (await this.#exchange('')) as { chat?: { state?: WebChatState } };
    return chat?.state ?? 'Completed';
  }

  /** What has been said since the last time. */
  async lines(): Promise<readonly WebChatLine[]> {
    const { messages = [] } = (await this.#exchange(`/messages?index=${this.#next}`)) as {
      messages?: readonly WebChatLine[];
    };
    // A server may give all of them, whatever it is asked.
    const fresh = messages.filter(({ index }) => index >= this.#next);
    this.#next = Math.max(this.#next, ...fresh.map(({ index }) => index + 1));
    return fresh;
  }
}

async function exchange(
  { origin, contactCenterId }: WebChatServer,
  path: string,
  body?: object,
): Promise<Record<string, unknown>> {
  const url = `${origin}/api/v2/chats${path}`;
  const answer = await ask(url, contactCenterId, body);
  const { statusCode, statusMessage } = answer;
  if (statusCode !== 0) throw refused(url, `${statusMessage ?? `statusCode ${statusCode}`}`);
  return answer;
}

async function ask(url: string, contactCenterId?: string, body?: object): Promise<Record<string, unknown>> {
  let response: Response;
  try {
    response = await fetch(url, {
      method: body === undefined ? 'GET' : 'POST',
      headers: {
        'content-type': 'application/json',
        ...(contactCenterId !== undefined && { ContactCenterId: contactCenterId }),
      },
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
