import { randomBytes, randomUUID, timingSafeEqual } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import type { Agent } from '../engine/part.ts';

/** What the server remembers of one log-in. */
export interface HttpSession {
  readonly id: string;
  readonly agent: Agent;
  /** Lives as long as the session (8.5.2 "CSRF Protection"). */
  csrfToken: string;
}

/** The HTTP sessions: a cookie JSESSIONID, made at the first request with good Basic credentials. */
export class HttpSessions {
  readonly #agents: readonly Agent[];
  readonly #sessions = new Map<string, HttpSession>();

  constructor(agents: readonly Agent[]) {
    this.#agents = agents;
  }

  /** The session of a request, which may be new; `undefined` if the request shows neither cookie nor login. */
  of(headers: IncomingHttpHeaders): { session: HttpSession; isNew: boolean } | undefined {
    const known = this.known(headers);
    if (known !== undefined) return { session: known, isNew: false };
    const agent = this.#authenticated(headers.authorization);
    if (agent === undefined) return undefined;
    const session = { id: randomBytes(16).toString('hex').toUpperCase(), agent, csrfToken: randomUUID() };
    this.#sessions.set(session.id, session);
    return { session, isNew: true };
  }

  /** The session of the cookie, unless the request logs in as somebody else. */
  known({ cookie, authorization }: IncomingHttpHeaders): HttpSession | undefined {
    const session = this.#sessions.get(cookieOf(cookie, 'JSESSIONID') ?? '');
    if (session === undefined || authorization === undefined) return session;
    return this.#authenticated(authorization) === session.agent ? session : undefined;
  }

  /** Who asks, by cookie or by login, without a new session for it. */
  agentOf(headers: IncomingHttpHeaders): Agent | undefined {
    return this.known(headers)?.agent ?? this.#authenticated(headers.authorization);
  }

  /** How many sessions the agent has. */
  count(agent: Agent): number {
    return [...this.#sessions.values()].filter((session) => session.agent === agent).length;
  }

  /** The client's token is no longer the right one. */
  changeToken(session: HttpSession): void {
    session.csrfToken = randomUUID();
  }

  end(session: HttpSession): void {
    this.#sessions.delete(session.id);
  }

  /** Forgets the sessions of one agent, or all. */
  expire(username?: string): void {
    for (const session of this.#sessions.values()) {
      if (username === undefined || session.agent.username === username) this.#sessions.delete(session.id);
    }
  }

  #authenticated(authorization: string | undefined): Agent | undefined {
    const [scheme, code = ''] = (authorization ?? '').split(' ');
    if (scheme?.toLowerCase() !== 'basic') return undefined;
    const text = Buffer.from(code, 'base64').toString('utf8');
    const colon = text.indexOf(':');
    const [username, password] = [text.slice(0, colon), text.slice(colon + 1)];
    return this.#agents.find((agent) => agent.username === username && same(agent.password, password));
  }
}

function same(a: string, b: string): boolean {
  const [left, right] = [Buffer.from(a), Buffer.from(b)];
  return left.length === right.length && timingSafeEqual(left, right);
}

function cookieOf(header: string | undefined, name: string): string | undefined {
  return header
    ?.split(';')
    .map((pair) => pair.trim().split('='))
    .find(([key]) => key === name)?.[1];
}
