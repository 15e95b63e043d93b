import type { Dialect, Me } from '../dialects/dialect.ts';
import { UsherError } from '../errors.ts';
import type { Notification } from '../model/notification.ts';
import type { WireRequest } from '../model/wire-request.ts';
import type { Answer, Requests } from '../transport/requests.ts';

const unauthorised = 401;
const notAuthenticated = 20;

/** The calls of a session that are no operation: reading `/me`, starting, ending, Ready, NotReady. */
export class GwsCalls {
  readonly #requests: Requests;
  readonly #dialect: Dialect;
  readonly #where: string;

  constructor(requests: Requests, dialect: Dialect, where: string) {
    this.#requests = requests;
    this.#dialect = dialect;
    this.#where = where;
  }

  /**
   * Logs in by reading the agent's own resource.
   *
   * @throws UsherError USHER_LOGIN_REFUSED, USHER_NOT_GWS, USHER_SERVER_UNREACHABLE, USHER_TLS.
   */
  async me(): Promise<Me> {
    const { session } = this.#dialect;
    const answer = await this.#requests.send(session.me);
    const body = this.#bodyOf(session.me, answer);
    const me = this.#dialect.me(body);
    if (me === undefined) throw this.#notGws(session.me, answer);
    return me;
  }

  /**
   * The open interactions, whole; `undefined` if the server does not list them.
   *
   * @throws UsherError as `me`.
   */
  async interactions(): Promise<readonly Notification[] | undefined> {
    const { session, interactions } = this.#dialect;
    if (session.interactions === undefined) return (await this.me()).interactions;
    const answer = await this.#requests.send(session.interactions);
    return interactions?.(this.#bodyOf(session.interactions, answer));
  }

  /** @throws UsherError as `command`. */
  notReady(): Promise<void> {
    return this.command('NotReady', this.#dialect.session.notReady);
  }

  /** @throws UsherError as `command`. */
  end(): Promise<void> {
    return this.command('EndContactCenterSession', this.#dialect.session.end);
  }

  /** @throws UsherError as `me`, and USHER_SESSION_REFUSED with what GWS says. */
  async command(what: string, request: WireRequest): Promise<void> {
    const answer = await this.#requests.send(request);
    const reply = this.#dialect.reply(this.#bodyOf(request, answer));
    if (reply === undefined) throw this.#notGws(request, answer);
    if (reply.status === 0) return;
    const reason = reply.message ?? 'no reason given';
    throw new UsherError(
      'USHER_SESSION_REFUSED',
      `GWS refuses ${what} (statusCode ${reply.status}): ${reason}`,
    );
  }

  #bodyOf(request: WireRequest, answer: Answer): unknown {
    if (answer.kind !== 'answered') throw answer.error;
    const reply = this.#dialect.reply(answer.body);
    if (answer.httpStatus === unauthorised || reply?.status === notAuthenticated) {
      const { proof } = this.#requests;
      throw new UsherError('USHER_LOGIN_REFUSED', `${this.#where} refuses the agent's ${proof}`);
    }
    // Without a body, a status is all that an answer says.
    if (answer.httpStatus >= 300 && (reply === undefined || reply.status === 0))
      throw this.#notGws(request, answer);
    return answer.body;
  }

  #notGws({ method, path }: WireRequest, answer: Answer): UsherError {
    const got = answer.kind === 'answered' ? `HTTP ${answer.httpStatus} without a GWS body` : 'no answer';
    return new UsherError(
      'USHER_NOT_GWS',
      `${this.#where} does not answer like a GWS server: ${method} ${this.#dialect.basePath}${path} gave ${got}`,
    );
  }
}
