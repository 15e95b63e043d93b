import { UsherError } from '../errors.ts';
import type { Clock } from '../ports.ts';

/** How an agent session holds out. */
export interface Endurance {
  /** Milliseconds that GWS may take to do what was sent to it before the answer was lost. Default: 1,500. */
  readonly settleTime?: number | undefined;
  /**
   * Milliseconds from one comparison with the server to the next: what it listed, against what it told. 0: never.
   * Default: 60,000.
   */
  readonly auditEvery?: number | undefined;
  /** Milliseconds until an answer is given up. Default: 10,000. */
  readonly requestTimeout?: number | undefined;
  /** Milliseconds without a connection after which the agent is given up. Default: 900,000 (15 minutes). */
  readonly giveUpAfter?: number | undefined;
}

/** Milliseconds until the first new try after a loss; doubles up to the longest. */
const firstPause = 250;
const longestPause = 10_000;

/** Errors that a new try seldom mends, and that may yet be a server's on its way up. */
const stubborn = new Set(['USHER_LOGIN_REFUSED', 'USHER_NOT_GWS', 'USHER_TLS']);
const stubbornTries = 5;

/** How often a connection is made again that is lost while the agent starts. */
const startTries = 3;

const defaultLimit = 900_000;

/** How long, and how often, a lost connection is restored before the agent is given up. */
export class Persistence {
  readonly #username: string;
  readonly #clock: Clock;
  readonly #limit: number;
  #lostAt: number | undefined;
  #stubbornErrors = 0;

  constructor(username: string, clock: Clock, limit = defaultLimit) {
    this.#username = username;
    this.#clock = clock;
    this.#limit = limit;
  }

  /** Milliseconds since the connection was lost; `undefined` while it stands. */
  get away(): number | undefined {
    return this.#lostAt === undefined ? undefined : Math.max(0, this.#clock.now() - this.#lostAt);
  }

  lost(): void {
    this.#lostAt ??= this.#clock.now();
  }

  restored(): void {
    this.#lostAt = undefined;
    this.#stubbornErrors = 0;
  }

  /** What is to be done after an error: to try again after some milliseconds, or to end with an error. */
  after(
    error: UsherError,
    count: number,
    isStarting: boolean,
  ): { readonly pause: number } | { readonly final: UsherError } {
    const isPassing = error.code === 'USHER_CONNECTION_LOST' && count <= startTries;
    // What keeps an agent from starting is to be told, unless it passes.
    const final = isStarting ? (isPassing ? undefined : error) : this.#finalError(error);
    if (final !== undefined) return { final };
    // Growing, and different for every agent, so that they do not come in step.
    return { pause: Math.min(firstPause * 2 ** (count - 1), longestPause) * (0.5 + Math.random()) };
  }

  /** The error that ends the session, if this one does. */
  #finalError(error: UsherError): UsherError | undefined {
    if (error.code === 'USHER_SEAT_TAKEN') return error;
    this.#stubbornErrors = stubborn.has(error.code) ? this.#stubbornErrors + 1 : 0;
    if (this.#stubbornErrors >= stubbornTries) return error;
    if ((this.away ?? 0) < this.#limit) return undefined;
    const text = `agent ${this.#username} is given up after ${this.#limit / 1_000} s without a connection: ${error.message}`;
    return new UsherError('USHER_AGENT_GIVEN_UP', text, { cause: error });
  }
}
