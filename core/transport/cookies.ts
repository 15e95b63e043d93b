import { CookieJar, pathMatch } from 'tough-cookie';

/** GWS's own cookie: the name of the HTTP session. */
const sessionCookie = 'JSESSIONID';

/**
 * The cookies of one agent at one origin. Asking the jar takes longer than most else that a request does in here, so
 * its answers are remembered for as long as they can be: until a cookie is set, and not while one ends by itself.
 */
export class Cookies {
  readonly #origin: string;
  readonly #jar = new CookieJar(undefined, { looseMode: true, rejectPublicSuffixes: false });
  /** The paths that cookies are for. */
  #paths: readonly string[] = [];
  /** The jar's answers, by the paths that fit the request. */
  #remembered: Map<string, string> | undefined = new Map();

  constructor(origin: string) {
    this.#origin = origin;
  }

  /** What the server calls the session. */
  get sessionId(): string | undefined {
    return this.#all().find(({ key }) => key === sessionCookie)?.value;
  }

  /** The header of a request; empty if there is none. */
  headerFor(url: string): string {
    if (this.#remembered === undefined) return this.#jar.getCookieStringSync(url);
    const path = pathOf(url, this.#origin);
    const key = this.#paths.filter((cookiePath) => pathMatch(path, cookiePath)).join();
    const known = this.#remembered.get(key);
    if (known !== undefined) return known;
    const header = this.#jar.getCookieStringSync(url);
    this.#remembered.set(key, header);
    return header;
  }

  /** Keeps what an answer sets. */
  absorb(url: string, cookies: readonly string[]): void {
    for (const cookie of cookies) this.#jar.setCookieSync(cookie, url, { ignoreError: true });
    const all = this.#all();
    this.#paths = [...new Set(all.map(({ path }) => path ?? '/'))];
    const areLasting = all.every(
      ({ expires, maxAge }) => (expires === 'Infinity' || expires === null) && maxAge === null,
    );
    this.#remembered = areLasting ? new Map() : undefined;
  }

  #all(): ReturnType<CookieJar['getCookiesSync']> {
    return this.#jar.getCookiesSync(this.#origin, { allPaths: true });
  }
}

function pathOf(url: string, origin: string): string {
  const path = url.startsWith(origin) ? url.slice(origin.length) : new URL(url).pathname;
  const end = path.search(/[?#]/);
  return end < 0 ? path || '/' : path.slice(0, end) || '/';
}
