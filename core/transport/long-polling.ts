import type { TransportPacket, TransportRequest } from 'cometd';
import type { Dispatcher } from 'undici';
import { LongPollingTransport } from './cometd-library.ts';
import { exchange, type HttpAnswer } from './exchange.ts';
import type { HttpSession } from './http-session.ts';

const unsent = 0;
const done = 4;
const ok = 200;

/**
 * Long polling over undici with the session's own cookies, credentials and CSRF token. The library's stock
 * transport shares one cookie jar per host and breaks UTF-8 at chunk borders.
 */
export class SessionLongPolling extends LongPollingTransport {
  readonly #http: HttpSession;
  readonly #dispatcher: Dispatcher;

  constructor(http: HttpSession, dispatcher: Dispatcher) {
    super();
    this.#http = http;
    this.#dispatcher = dispatcher;
  }

  override xhrSend(packet: TransportPacket): TransportRequest {
    const abort = new AbortController();
    const request = { readyState: unsent + 1, status: 0, abort: () => abort.abort() };
    this.#post(packet, abort.signal)
      .then(({ status, text }) => {
        request.readyState = done;
        request.status = status;
        if (status === ok) packet.onSuccess(text);
        else packet.onError(`HTTP ${status}`);
      })
      .catch((thrown: unknown) => {
        request.readyState = done;
        packet.onError('the request failed', thrown);
      });
    return request;
  }

  #post({ url, body }: TransportPacket, signal: AbortSignal): Promise<HttpAnswer> {
    return this.#http.send({ method: 'POST', url, headers: json, body, signal }, (request) =>
      exchange(this.#dispatcher, { ...request, signal }),
    );
  }
}

const json = { 'content-type': 'application/json;charset=UTF-8' };
