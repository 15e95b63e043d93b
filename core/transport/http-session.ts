import { BehaviorSubject, distinctUntilChanged, type Observable } from 'rxjs';
import type { TokenProvider } from '../ports.ts';
import { type Authorization, basic, bearer } from './authorization.ts';
import { Cookies } from './cookies.ts';
import { CsrfToken } from './csrf-token.ts';
import type { AnswerHeaders, HttpAnswer, HttpRequest } from './exchange.ts';

/** Who asks, and what the server is told and tells about that. */
export interface Identity {
  readonly username: string;
  /** Logs in by Basic. Without it and without tokens, the cookies alone speak. */
  readonly password?: string | undefined;
  /** Logs in by bearer tokens instead. */
  readonly tokens?: TokenProvider | undefined;
  /** Headers that every request carries. Names in lower case. */
  readonly headers?: Readonly<Record<string, string>>;
  /** Below the origin: a GET whose answer brings the CSRF token. Without it, none is read anew. */
  readonly csrfPath?: string;
  /** Whether a body says that nobody is logged in. HTTP 401 says so in any case. */
  readonly isUnauthenticated?: (body: unknown) => boolean;
}

/** A request before it is known who asks. */
export type Anonymous = Omit<HttpRequest, 'headers'> & { readonly headers?: HttpRequest['headers'] };

/** Makes one exchange; does not look at the answer. */
export type Transmit = (request: HttpRequest) => Promise<HttpAnswer>;

type Refusal = 'csrf' | 'authorization';

const unauthorised = 401;

/**
 * What the server knows one agent by: cookies, credentials and the CSRF token. Each agent session has its own,
 * shared by its operations and its CometD connection, and by nobody else.
 */
export class HttpSession {
  readonly origin: string;
  readonly #identity: Identity;
  readonly #authorization: Authorization | undefined;
  readonly #cookies: Cookies;
  readonly #csrf = new CsrfToken();
  readonly #id = new BehaviorSubject<string | undefined>(undefined);
  #readingCsrf: Promise<void> | undefined;

  constructor(origin: string, identity: Identity) {
    this.origin = origin;
    this.#identity = identity;
    this.#cookies = new Cookies(origin);
    const { username, password, tokens } = identity;
    if (tokens !== undefined) this.#authorization = bearer(tokens, username);
    else if (password !== undefined) this.#authorization = basic(username, password);
  }

  /** The server's name for this session; changes when the server has forgotten it and begins another. */
  get id(): string | undefined {
    return this.#id.value;
  }

  /** Emits whenever the server begins another session. */
  get id$(): Observable<string | undefined> {
    return this.#id.pipe(distinctUntilChanged());
  }

  /** What the agent shows to prove who it is: goes into messages. */
  get proof(): string {
    return this.#authorization?.kind ?? 'cookies';
  }

  /** What a request that changes something carries against forgery; the upgrade to a web socket, though a GET, too. */
  get csrfHeaders(): Record<string, string> {
    return this.#csrf.headers('POST');
  }

  /**
   * Sends a request in the agent's name. One that was refused had no effect and is sent again, once for each
   * reason: a CSRF token that is missing or too old, a bearer token that has expired.
   *
   * @throws UsherError USHER_TOKEN_UNAVAILABLE; and whatever `transmit` throws.
   */
  async send(request: Anonymous, transmit: Transmit): Promise<HttpAnswer> {
    if (this.#csrf.outlived && request.method !== 'GET') await this.#readCsrf(transmit);
    const mended = new Set<Refusal>();
    for (;;) {
      const shown = await this.#authorization?.header();
      const answer = await this.#exchange(request, shown, transmit);
      const refusal = this.#refusalIn(request, answer);
      if (refusal === undefined || mended.has(refusal)) return answer;
      mended.add(refusal);
      if (refusal === 'csrf') await this.#readCsrf(transmit);
      else if (shown === undefined || !(await this.#authorization?.renew(shown))) return answer;
    }
  }

  /** Whether an answer says that nobody is logged in. */
  isUnauthenticated({ status, text }: HttpAnswer): boolean {
    if (status === unauthorised) return true;
    // An answer of CometD is an array.
    if (this.#identity.isUnauthenticated === undefined || !text.startsWith('{')) return false;
    try {
      return this.#identity.isUnauthenticated(JSON.parse(text));
    } catch {
      return false;
    }
  }

  /** Keeps what an answer sets: cookies and the CSRF token. */
  absorb(url: string, headers: AnswerHeaders): void {
    const cookies = headers.getSetCookie();
    if (cookies.length > 0) this.#cookies.absorb(url, cookies);
    const id = cookies.length > 0 ? this.#cookies.sessionId : this.id;
    if (id !== this.id) this.#csrf.forget();
    this.#csrf.absorb(headers);
    if (id !== this.id) this.#id.next(id);
  }

  async #exchange(request: Anonymous, shown: string | undefined, transmit: Transmit): Promise<HttpAnswer> {
    const { method, url } = request;
    const cookie = this.#cookies.headerFor(url);
    const answer = await transmit({
      ...request,
      headers: {
        ...this.#identity.headers,
        ...request.headers,
        ...(shown !== undefined && { authorization: shown }),
        ...(cookie !== '' && { cookie }),
        ...this.#csrf.headers(method),
      },
    });
    this.absorb(url, answer.headers);
    return answer;
  }

  /** One read does for all who wait for it. That it failed, the request that needs the token will tell. */
  async #readCsrf(transmit: Transmit): Promise<void> {
    const { csrfPath } = this.#identity;
    if (csrfPath === undefined) return;
    this.#readingCsrf ??= (async () => {
      try {
        const shown = await this.#authorization?.header();
        await this.#exchange({ method: 'GET', url: `${this.origin}${csrfPath}` }, shown, transmit);
      } catch {
        // Told above.
      } finally {
        this.#csrf.asked();
        this.#readingCsrf = undefined;
      }
    })();
    await this.#readingCsrf;
  }

  #refusalIn(request: Anonymous, answer: HttpAnswer): Refusal | undefined {
    if (this.#identity.csrfPath !== undefined && CsrfToken.refuses(request.method, answer)) return 'csrf';
    return this.isUnauthenticated(answer) ? 'authorization' : undefined;
  }
}
