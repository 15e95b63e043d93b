import type { Message, TransportPacket, TransportRequest } from 'cometd';
import type { Dispatcher } from 'undici';
import { readAnswer } from './bayeux-answer.ts';
import { LongPollingTransport } from './cometd-library.ts';
import { exchange, type HttpAnswer } from './exchange.ts';
import type { HttpSession } from './http-session.ts';

const sent = 2;
const done = 4;
const ok = 200;
const unauthorised = 401;

/**
 * Long polling over undici in the agent's own HTTP session. The library's stock transport shares one cookie jar
 * per host and breaks UTF-8 at chunk borders.
 */
export class SessionLongPolling extends LongPollingTransport {
  readonly #http: HttpSession;
  readonly #dispatcher: Dispatcher;
  #isClosed = false;

  constructor(http: HttpSession, dispatcher: Dispatcher) {
    super();
    this.#http = http;
    this.#dispatcher = dispatcher;
  }

  /** Drops what is under way, and sends nothing any more. */
  close(): void {
    this.#isClosed = true;
    this.abort();
  }

  override xhrSend(packet: TransportPacket): TransportRequest {
    const abort = new AbortController();
    if (this.#isClosed) abort.abort();
    const request = { readyState: sent, status: 0, abort: () => abort.abort() };
    const fail = (reason: string, cause?: unknown): void => {
      request.readyState = done;
      packet.onError(reason, cause);
    };
    this.#post(packet, abort.signal).then(
      (answer) => {
        request.status = this.#http.isUnauthenticated(answer) ? unauthorised : answer.status;
        if (request.status !== ok) return fail(`HTTP ${request.status}`);
        const messages = readAnswer(answer.text, JSON.parse(packet.body) as Message[]);
        if (messages === undefined) return fail('the answer is not Bayeux');
        request.readyState = done;
        packet.onSuccess(messages);
      },
      (thrown: unknown) => fail('the request failed', thrown),
    );
    return request;
  }

  async #post({ url, body }: TransportPacket, signal: AbortSignal): Promise<HttpAnswer> {
    signal.throwIfAborted();
    return this.#http.send({ method: 'POST', url, headers: json, body }, (request) =>
      exchange(this.#dispatcher, { ...request, signal }),
    );
  }
}

const json = { 'content-type': 'application/json;charset=UTF-8' };
