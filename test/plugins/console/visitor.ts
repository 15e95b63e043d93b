import { EventSourceParserStream } from './event-stream.ts';

export interface Answer<Body = unknown> {
  readonly status: number;
  readonly headers: Headers;
  readonly body: Body;
}

/** Somebody at the page who speaks HTTP: keeps the cookie and the CSRF token as the page does. */
export class Visitor {
  readonly #url: string;
  cookie = '';
  csrf = '';

  constructor(url: string) {
    this.#url = url;
  }

  async get<Body = unknown>(path: string, headers: Record<string, string> = {}): Promise<Answer<Body>> {
    return this.#take(await fetch(this.#url + path, { headers: { cookie: this.cookie, ...headers } }));
  }

  async post<Body = unknown>(
    path: string,
    body: unknown,
    headers: Record<string, string> = {},
  ): Promise<Answer<Body>> {
    const answer = await fetch(this.#url + path, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        cookie: this.cookie,
        'x-usher-csrf': this.csrf,
        ...headers,
      },
      body: JSON.stringify(body),
    });
    return this.#take(answer);
  }

  async arrive(): Promise<Answer<Record<string, unknown>>> {
    return this.get('/api/session');
  }

  async logIn(token: string, who = 'Grace'): Promise<Answer<Record<string, unknown>>> {
    return this.post('/api/log-in', { token, who });
  }

  async act(action: object): Promise<Answer<{ ok: boolean; message: string; chatId?: string }>> {
    return this.post('/api/actions', action);
  }

  /** Reads server-sent events until one fits. */
  async watch<Message>(path: string, fits: (message: Message) => boolean): Promise<Message> {
    const abort = new AbortController();
    const answer = await fetch(this.#url + path, {
      headers: { cookie: this.cookie },
      signal: abort.signal,
    });
    if (answer.body === null || !answer.ok) throw new Error(`${path}: ${answer.status}`);
    try {
      for await (const data of answer.body
        .pipeThrough(new TextDecoderStream())
        .pipeThrough(new EventSourceParserStream())) {
        const message = JSON.parse(data) as Message;
        if (fits(message)) return message;
      }
    } finally {
      abort.abort();
    }
    throw new Error(`${path} ended`);
  }

  async #take<Body>(answer: Response): Promise<Answer<Body>> {
    const set = answer.headers.get('set-cookie');
    if (set !== null) this.cookie = set.split(';', 1)[0] ?? '';
    const text = await answer.text();
    const isJson = answer.headers.get('content-type')?.includes('json') ?? false;
    const body = (isJson ? JSON.parse(text) : text) as Body;
    if (typeof body === 'object' && body !== null && 'csrf' in body) this.csrf = String(body.csrf);
    return { status: answer.status, headers: answer.headers, body };
  }
}
