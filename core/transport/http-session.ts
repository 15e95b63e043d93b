import { BehaviorSubject, distinctUntilChanged, type Observable } from 'rxjs';
import { CookieJar } from 'tough-cookie';

/** What the agent logs in with. */
export interface Credentials {
  readonly username: string;
  readonly password: string;
}

/** The header of GWS that names the header of the token (8.5.2 "CSRF Protection"). */
const csrfNameHeader = 'x-csrf-header';

/** What a header may be called (RFC 9110, token). */
const headerName = /^[\w!#$%&'*+.^`|~-]+$/;

/**
 * What the server remembers one agent by: cookies, credentials and the CSRF token. Each agent session has its
 * own, shared by its operations and its CometD connection, and by nobody else.
 */
export class HttpSession {
  readonly origin: string;
  readonly #jar = new CookieJar(undefined, { looseMode: true, rejectPublicSuffixes: false });
  readonly #authorization: string;
  readonly #id = new BehaviorSubject<string | undefined>(undefined);
  #csrf: { name: string; value: string } | undefined;

  constructor(origin: string, { username, password }: Credentials) {
    this.origin = origin;
    this.#authorization = `Basic ${Buffer.from(`${username}:${password}`, 'utf8').toString('base64')}`;
  }

  /** The server's name for this session; changes when the server has forgotten it and begins another. */
  get id(): string | undefined {
    return this.#id.value;
  }

  /** Emits whenever the server begins another session. */
  get id$(): Observable<string | undefined> {
    return this.#id.pipe(distinctUntilChanged());
  }

  /** The headers that a request to this address needs. */
  headers(method: string, url: string): Record<string, string> {
    const cookie = this.#jar.getCookieStringSync(url);
    return {
      authorization: this.#authorization,
      ...(cookie !== '' && { cookie }),
      ...(this.#csrf !== undefined && method !== 'GET' && { [this.#csrf.name]: this.#csrf.value }),
    };
  }

  /** Keeps what an answer sets: cookies, and the CSRF token, whose header GWS names in another header. */
  absorb(url: string, headers: Headers): void {
    const cookies = headers.getSetCookie();
    for (const cookie of cookies) this.#jar.setCookieSync(cookie, url, { ignoreError: true });
    if (cookies.length > 0) this.#id.next(this.#nameOfSession());
    const name = headers.get(csrfNameHeader);
    const value = name !== null && headerName.test(name) ? headers.get(name) : null;
    if (name !== null && value !== null) this.#csrf = { name, value };
  }

  #nameOfSession(): string | undefined {
    return this.#jar.getCookiesSync(this.origin, { allPaths: true }).find(({ key }) => key === 'JSESSIONID')
      ?.value;
  }
}
