import ky, { type KyInstance } from 'ky';
import type { Dispatcher } from 'undici';
import type { UsherError } from '../errors.ts';
import type { WireRequest } from '../model/wire-request.ts';
import { exchange, type HttpAnswer, type HttpRequest } from './exchange.ts';
import type { HttpSession, Transmit } from './http-session.ts';
import { leanFetch } from './lean-fetch.ts';
import type { Network } from './network.ts';
import { networkFault } from './network-errors.ts';

/** How a request ended. Only `not-sent` is certain to have had no effect. */
export type Answer =
  | { readonly kind: 'answered'; readonly httpStatus: number; readonly body: unknown }
  | { readonly kind: 'not-sent'; readonly error: UsherError }
  | { readonly kind: 'no-answer'; readonly error: UsherError };

export interface RequestsOptions {
  /** Below the origin. */
  readonly basePath: string;
  /** Milliseconds until an answer is given up. Default: 10,000. */
  readonly timeout?: number;
}

/** REST requests in the name of one agent. */
export class Requests {
  readonly #http: HttpSession;
  readonly #base: string;
  readonly #wayTo: string;
  readonly #ky: KyInstance;
  readonly #dispatcher: Dispatcher;
  readonly #timeout: number;

  constructor(http: HttpSession, network: Network, { basePath, timeout = 10_000 }: RequestsOptions) {
    this.#http = http;
    this.#base = `${http.origin}${basePath}`;
    this.#wayTo = network.wayTo(http.origin);
    this.#dispatcher = network.operations;
    this.#timeout = timeout;
    this.#ky = ky.create({ fetch: leanFetch(network.operations), retry: 0, throwHttpErrors: false, timeout });
  }

  /** The server's root. */
  get origin(): string {
    return this.#http.origin;
  }

  /** What the agent shows to prove who it is: goes into messages. */
  get proof(): string {
    return this.#http.proof;
  }

  /** Makes a request of the session, by ky. */
  send(request: WireRequest): Promise<Answer> {
    return this.#make(request, (http) => this.#byKy(http));
  }

  /** Makes a request about an interaction, of which there are many: straight through undici (docs/benchmarks.md). */
  operate(request: WireRequest): Promise<Answer> {
    return this.#make(request, (http) => exchange(this.#dispatcher, { ...http, timeout: this.#timeout }));
  }

  async #make({ method, path, body }: WireRequest, transmit: Transmit): Promise<Answer> {
    try {
      const { status, text } = await this.#http.send(
        {
          method,
          url: `${this.#base}${path}`,
          headers: { accept: 'application/json', ...(body !== undefined && json) },
          ...(body !== undefined && { body: JSON.stringify(body) }),
        },
        transmit,
      );
      return { kind: 'answered', httpStatus: status, body: parse(text) };
    } catch (thrown) {
      const { certain, error } = networkFault(thrown, this.#wayTo);
      return { kind: certain ? 'not-sent' : 'no-answer', error };
    }
  }

  async #byKy({ url, ...request }: HttpRequest): Promise<HttpAnswer> {
    const response = await this.#ky(url, request);
    return { status: response.status, headers: response.headers, text: await response.text() };
  }
}

/** The CSRF token was refused, also after it was read anew. Nothing was changed (8.5.2 "CSRF Protection"). */
export function isCsrfRefusal(answer: Answer): boolean {
  return (
    answer.kind === 'answered' &&
    answer.httpStatus === forbidden &&
    typeof answer.body === 'string' &&
    /csrf/i.test(answer.body)
  );
}

const forbidden = 403;
const json = { 'content-type': 'application/json' };

/** JSON where it is JSON, else the text. */
function parse(text: string): unknown {
  try {
    return text === '' ? undefined : JSON.parse(text);
  } catch {
    return text;
  }
}
