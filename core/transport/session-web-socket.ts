import type { Duplex } from 'node:stream';
import { type Dispatcher, WebSocket } from 'undici';
import { type HttpAnswer, type HttpRequest, RawHeaders } from './exchange.ts';
import type { HttpSession } from './http-session.ts';

/** What the web sockets of one CometD connection have in common, and nobody else has. */
export interface Link {
  readonly http: HttpSession;
  readonly dispatcher: Dispatcher;
  /** Those that are not closed. */
  readonly open: Set<SessionWebSocket>;
}

let linking: Link | undefined;

/** Makes a call within which the library opens its web sockets: it gives their constructor an address only. */
export function linkedBy(link: Link, call: () => void): void {
  const outer = linking;
  linking = link;
  try {
    call();
  } finally {
    linking = outer;
  }
}

interface CloseEvent {
  readonly code: number;
  readonly reason: string;
  readonly exception?: unknown;
}

const switching = 101;
const abnormal = 1006;

/**
 * What the library finds as `window.WebSocket`: a web socket of the connection that opens it, upgraded in the
 * agent's HTTP session, with its cookies, its credentials and its way to the server.
 */
export class SessionWebSocket {
  onopen: (() => void) | undefined;
  onmessage: ((event: { readonly data: unknown }) => void) | undefined;
  onerror: (() => void) | undefined;
  onclose: ((event: CloseEvent) => void) | undefined;
  readonly #link: Link;
  #socket: WebSocket | undefined;
  #line: Duplex | undefined;
  #isOver = false;

  constructor(url: string) {
    if (linking === undefined) throw new Error('a web socket is opened by a connection');
    this.#link = linking;
    this.#link.open.add(this);
    void this.#open(url.replace(/^ws/, 'http'));
  }

  send(data: string): void {
    this.#socket?.send(data);
  }

  /** Says good-bye, and hears no more. A server that does not answer is left to `terminate`. */
  close(code: number, reason: string): void {
    if (this.#line === undefined) this.terminate();
    else this.#socket?.close(code, reason);
  }

  /** Closes without another word. */
  terminate(): void {
    this.#line?.destroy();
    this.#socket?.close();
    this.#end({ code: abnormal, reason: 'the web socket was given up' });
  }

  async #open(url: string): Promise<void> {
    const { http } = this.#link;
    try {
      const { status } = await http.send({ method: 'GET', url, headers: http.csrfHeaders }, (request) =>
        this.#upgrade(request),
      );
      if (status === switching) this.onopen?.();
      else this.#end({ code: abnormal, reason: `HTTP ${status}` });
    } catch (thrown) {
      this.#end({ code: abnormal, reason: 'no web socket could be opened', exception: thrown });
    }
  }

  #upgrade({ url, headers }: HttpRequest): Promise<HttpAnswer> {
    return new Promise((resolve, reject) => {
      if (this.#isOver) throw new Error('the web socket was given up');
      let answer: HttpAnswer | undefined;
      let cause: unknown;
      const dispatcher = this.#link.dispatcher.compose(
        watching((status, raw, line) => {
          answer = { status, headers: new RawHeaders(raw), text: '' };
          this.#line = line;
        }),
      );
      const socket = new WebSocket(url.replace(/^http/, 'ws'), { headers: { ...headers }, dispatcher });
      this.#socket = socket;
      socket.onopen = () => {
        if (answer !== undefined) resolve(answer);
      };
      socket.onmessage = ({ data }) => this.onmessage?.({ data });
      socket.onerror = ({ error }) => {
        cause = error;
      };
      socket.onclose = ({ code, reason }) => {
        if (answer?.status === switching) this.#end({ code, reason });
        if (answer === undefined) reject(cause ?? new Error('the line was cut'));
        else resolve(answer);
      };
    });
  }

  #end(event: CloseEvent): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#link.open.delete(this);
    this.onclose?.(event);
  }
}

type See = (status: number, headers: ConstructorParameters<typeof RawHeaders>[0], line?: Duplex) => void;

/** Shows what an upgrade was answered: a web socket keeps that to itself. */
function watching(see: See): Dispatcher.DispatcherComposeInterceptor {
  return (dispatch) => (options, handler) =>
    dispatch(options, {
      onRequestStart: (...start) => handler.onRequestStart?.(...start),
      onResponseStarted: () => handler.onResponseStarted?.(),
      onResponseStart: (controller, status, headers, text) => {
        see(status, headers);
        handler.onResponseStart?.(controller, status, headers, text);
      },
      onRequestUpgrade: (controller, status, headers, line) => {
        see(status, headers, line);
        // Its answer, which the types leave out, says whether the upgrade is accepted.
        return handler.onRequestUpgrade?.(controller, status, headers, line);
      },
      onResponseData: (...data) => handler.onResponseData?.(...data),
      onResponseEnd: (...end) => handler.onResponseEnd?.(...end),
      onResponseError: (...error) => handler.onResponseError?.(...error),
    });
}
