import type { Dispatcher } from 'undici';

export interface HttpRequest {
  readonly method: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
  readonly signal?: AbortSignal;
  /** Milliseconds that the answer may take, and then its body. Default: the dispatcher's. */
  readonly timeout?: number;
}

/** What is read of an answer's headers; a `Headers` will do. */
export type AnswerHeaders = Pick<Headers, 'get' | 'getSetCookie'>;

export interface HttpAnswer {
  readonly status: number;
  readonly headers: AnswerHeaders;
  /** The whole body as UTF-8. */
  readonly text: string;
}

/** An answer as undici gives it. */
export interface RawAnswer extends HttpAnswer {
  readonly headers: RawHeaders;
}

/** Sends one request straight through undici's dispatcher: no streams, no redirects. */
export async function exchange(
  dispatcher: Dispatcher,
  { method, url, headers, body, signal, timeout }: HttpRequest,
): Promise<RawAnswer> {
  const { origin, path } = split(url);
  const answer = await dispatcher.request({
    origin,
    path,
    method: method as Dispatcher.HttpMethod,
    headers,
    body: body ?? null,
    ...(signal !== undefined && { signal }),
    ...(timeout !== undefined && { headersTimeout: timeout, bodyTimeout: timeout }),
  });
  return {
    status: answer.statusCode,
    headers: new RawHeaders(answer.headers),
    text: await answer.body.text(),
  };
}

type Raw = Readonly<Record<string, string | string[] | undefined>>;

/** The headers of undici, read without making a `Headers` of them for each answer. */
export class RawHeaders implements AnswerHeaders {
  readonly #raw: Raw;

  /** Names in lower case. */
  constructor(raw: Raw) {
    this.#raw = raw;
  }

  get(name: string): string | null {
    const value = this.#raw[name.toLowerCase()];
    return value === undefined ? null : [value].flat().join(', ');
  }

  getSetCookie(): string[] {
    return [this.#raw['set-cookie'] ?? []].flat();
  }

  /** All of them, for what wants the standard's own. */
  whole(): Headers {
    const headers = new Headers();
    for (const [name, value] of Object.entries(this.#raw)) {
      for (const one of [value ?? []].flat()) headers.append(name, one);
    }
    return headers;
  }
}

/** Much cheaper than a `URL` for each request; what is sent to was made by us, and has been one. */
function split(url: string): { origin: string; path: string } {
  const at = url.indexOf('/', url.indexOf('//') + 2);
  if (at < 0) return { origin: url, path: '/' };
  const end = url.indexOf('#', at);
  return { origin: url.slice(0, at), path: end < 0 ? url.slice(at) : url.slice(at, end) };
}
