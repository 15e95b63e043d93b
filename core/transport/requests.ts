import ky, { type KyInstance } from 'ky';
import type { UsherError } from '../errors.ts';
import type { WireRequest } from '../model/wire-request.ts';
import type { HttpSession } from './http-session.ts';
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

const forbidden = 403;

/** REST requests in the name of one agent. A request that CSRF protection refused is sent again, once, with a fresh token. */
export class Requests {
  readonly #http: HttpSession;
  readonly #base: string;
  readonly #ky: KyInstance;

  constructor(http: HttpSession, network: Network, { basePath, timeout = 10_000 }: RequestsOptions) {
    this.#http = http;
    this.#base = `${http.origin}${basePath}`;
    this.#ky = ky.create({ fetch: leanFetch(network.operations), retry: 0, throwHttpErrors: false, timeout });
  }

  /** The server's root. */
  get origin(): string {
    return this.#http.origin;
  }

  async send(request: WireRequest): Promise<Answer> {
    const answer = await this.#exchange(request);
    if (request.method === 'GET' || !isCsrfRefusal(answer)) return answer;
    await this.#exchange({ method: 'GET', path: '/me' });
    return this.#exchange(request);
  }

  async #exchange({ method, path, body }: WireRequest): Promise<Answer> {
    const url = `${this.#base}${path}`;
    try {
      const response = await this.#ky(url, {
        method,
        headers: { accept: 'application/json', ...this.#http.headers(method, url) },
        ...(body !== undefined && { json: body }),
      });
      this.#http.absorb(url, response.headers);
      return { kind: 'answered', httpStatus: response.status, body: parse(await response.text()) };
    } catch (thrown) {
      const { certain, error } = networkFault(thrown, this.#http.origin);
      return { kind: certain ? 'not-sent' : 'no-answer', error };
    }
  }
}

/** 8.5.2 "CSRF Protection": HTTP 403 with the text "Missing or invalid Csrf token". Nothing was changed. */
export function isCsrfRefusal(answer: Answer): boolean {
  return (
    answer.kind === 'answered' &&
    answer.httpStatus === forbidden &&
    /csrf/i.test(typeof answer.body === 'string' ? answer.body : JSON.stringify(answer.body ?? ''))
  );
}

/** JSON where it is JSON, else the text. */
function parse(text: string): unknown {
  try {
    return text === '' ? undefined : JSON.parse(text);
  } catch {
    return text;
  }
}
