import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import type { Clock } from '../../core/index.ts';
import type { Authority } from './wire.ts';

export interface AccessOptions {
  /** Whoever has it may look and act. */
  readonly token: string | undefined;
  /** Whoever has it may look. */
  readonly viewToken: string | undefined;
  /** Only this machine can reach the page. */
  readonly isLoopback: boolean;
  /** There are no real customers behind it. */
  readonly isPlay: boolean;
}

/** Somebody at the page. */
export interface Visitor {
  readonly id: string;
  readonly authority: Authority;
  readonly texts: boolean;
  readonly who: string;
  readonly csrf: string;
}

/** Milliseconds after which one has to log in again. */
const lifetime = 8 * 3_600_000;
const mostVisitors = 10_000;

/** Who may look, and who may act. Where no token is set, this machine may look, and act on a playground only. */
export class Access {
  readonly #options: AccessOptions;
  readonly #clock: Clock;
  readonly #visitors = new Map<string, Visitor & { readonly until: number }>();

  constructor(options: AccessOptions, clock: Clock) {
    this.#options = options;
    this.#clock = clock;
  }

  /** There is a token to log in with. */
  get canLogIn(): boolean {
    return this.#options.token !== undefined || this.#options.viewToken !== undefined;
  }

  /** The visitor of a cookie, as long as it is good. */
  visitor(id: string | undefined): Visitor | undefined {
    const visitor = id === undefined ? undefined : this.#visitors.get(id);
    if (visitor === undefined) return undefined;
    if (visitor.until > this.#clock.now()) return visitor;
    this.#visitors.delete(visitor.id);
    return undefined;
  }

  /** Somebody who has not logged in. */
  welcome(): Visitor {
    const { isLoopback, isPlay } = this.#options;
    if (this.canLogIn || !isLoopback) return this.#admit('none', false, '');
    return this.#admit(isPlay ? 'act' : 'look', isPlay, 'this machine');
  }

  /** `undefined`: there is no such token. */
  logIn(given: string, who: string): Visitor | undefined {
    const { token, viewToken } = this.#options;
    // Both are compared, whatever comes of the first: the time it takes tells nothing.
    const mayAct = isSame(given, token);
    const mayLook = isSame(given, viewToken);
    if (mayAct) return this.#admit('act', true, who);
    return mayLook ? this.#admit('look', true, who) : undefined;
  }

  logOut(id: string): void {
    this.#visitors.delete(id);
  }

  #admit(authority: Authority, texts: boolean, who: string): Visitor {
    const visitor = {
      id: randomBytes(32).toString('base64url'),
      csrf: randomBytes(32).toString('base64url'),
      authority,
      texts,
      who,
      until: this.#clock.now() + lifetime,
    };
    for (const oldest of this.#visitors.keys()) {
      if (this.#visitors.size < mostVisitors) break;
      this.#visitors.delete(oldest);
    }
    this.#visitors.set(visitor.id, visitor);
    return visitor;
  }
}

/** Compares in a time that does not depend on where they differ, or on their lengths. */
export function isSame(given: string, wanted: string | undefined): boolean {
  const digest = (text: string): Buffer => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(given), digest(wanted ?? '')) && wanted !== undefined;
}
