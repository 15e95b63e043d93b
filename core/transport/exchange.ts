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

export interface HttpAnswer {
  readonly status: number;
  readonly headers: Headers;
  /** The whole body as UTF-8. */
  readonly text: string;
}

/** Sends one request straight through undici's dispatcher: no streams, no redirects. */
export async function exchange(
  dispatcher: Dispatcher,
  { method, url, headers, body, signal, timeout }: HttpRequest,
): Promise<HttpAnswer> {
  const { origin, pathname, search } = new URL(url);
  const answer = await dispatcher.request({
    origin,
    path: `${pathname}${search}`,
    method: method as Dispatcher.HttpMethod,
    headers,
    body: body ?? null,
    ...(signal !== undefined && { signal }),
    ...(timeout !== undefined && { headersTimeout: timeout, bodyTimeout: timeout }),
  });
  return {
    status: answer.statusCode,
    headers: toHeaders(answer.headers),
    text: await answer.body.text(),
  };
}

export function toHeaders(raw: Readonly<Record<string, string | string[] | undefined>>): Headers {
  const headers = new Headers();
  for (const [name, value] of Object.entries(raw)) {
    for (const one of Array.isArray(value) ? value : value === undefined ? [] : [value])
      headers.append(name, one);
  }
  return headers;
}
