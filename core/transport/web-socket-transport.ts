import type { Message, WebSocketEnvelope } from 'cometd';
import type { Dispatcher } from 'undici';
import { readAnswer } from './bayeux-answer.ts';
import { WebSocketTransport } from './cometd-library.ts';
import type { HttpSession } from './http-session.ts';
import { type Link, linkedBy } from './session-web-socket.ts';

/** CometD over web sockets of the agent's own HTTP session. */
export class SessionWebSocketTransport extends WebSocketTransport {
  readonly #link: Link;
  #isClosed = false;

  constructor(http: HttpSession, dispatcher: Dispatcher) {
    super();
    this.#link = { http, dispatcher, open: new Set() };
  }

  /** Drops the web sockets, and opens none any more. */
  close(): void {
    this.#isClosed = true;
    this.abort();
    for (const socket of this.#link.open) socket.terminate();
  }

  override accept(version: string, crossDomain: boolean, url: string): boolean {
    return !this.#isClosed && super.accept(version, crossDomain, url);
  }

  override send(envelope: WebSocketEnvelope, isPoll: boolean): void {
    if (this.#isClosed) return;
    linkedBy(this.#link, () => super.send(envelope, isPoll));
  }

  override convertToMessages(data: unknown): Message[] {
    return readAnswer(String(data)) ?? [];
  }
}
