import { defer, type Observable } from 'rxjs';
import type { Dialect } from '../dialects/dialect.ts';
import { unsupported } from '../gateway/unsupported.ts';
import type { Notification } from '../model/notification.ts';
import type { Operation } from '../model/operation.ts';
import type { Outcome } from '../model/outcome.ts';
import type { Interaction } from '../ports.ts';
import { isCsrfRefusal, type Requests } from '../transport/requests.ts';
import { colleagueIn } from './colleague.ts';

/** statusCode: send credentials (8.5.2 "Return Values"); HTTP: the same. Nothing was changed. */
const notAuthenticated = 20;
const unauthorised = 401;

/** HTTP: the server is not able to take the request now, and did not. */
const busy = new Set([429, 503]);

export interface SenderOptions {
  readonly dialect: Dialect;
  readonly requests: Requests;
  readonly find: (interactionId: string) => Interaction | undefined;
  /** A transcript that came as an answer: elsewhere it would have been a notification. */
  readonly onTranscript: (notification: Notification) => void;
  /** The server no longer knows who is asking. */
  readonly onUnauthenticated: () => void;
}

/** The wire end of the gateway: one operation, one request, one outcome. */
export function operationSender(options: SenderOptions): (operation: Operation) => Observable<Outcome> {
  return (operation) => defer(() => send(operation, options));
}

async function send(
  operation: Operation,
  { dialect, requests, find, onTranscript, onUnauthenticated }: SenderOptions,
): Promise<Outcome> {
  const colleagueId = colleagueIn(find(operation.interactionId));
  const request = dialect.encode(operation, { origin: requests.origin, colleagueId });
  if (request === undefined) return unsupported(operation, dialect);
  const answer = await requests.operate(request);
  if (answer.kind === 'not-sent') {
    return { operation, kind: 'failed', reason: 'unreachable', message: answer.error.message, attempts: 1 };
  }
  if (answer.kind === 'no-answer') {
    return { operation, kind: 'unknown', reason: 'no-reply', message: answer.error.message, attempts: 1 };
  }
  const { httpStatus, body } = answer;
  const reply = dialect.reply(body);
  if (httpStatus === unauthorised || reply?.status === notAuthenticated) {
    onUnauthenticated();
    return { operation, kind: 'failed', reason: 'session', message: 'not logged in any more', attempts: 1 };
  }
  // Nothing was changed (8.5.2 "CSRF Protection"); the next try comes with the token of then.
  if (isCsrfRefusal(answer)) {
    return {
      operation,
      kind: 'failed',
      reason: 'session',
      message: 'the CSRF token was refused',
      attempts: 1,
    };
  }
  if (busy.has(httpStatus)) {
    return { operation, kind: 'failed', reason: 'busy', message: `HTTP ${httpStatus}`, attempts: 1 };
  }
  if (reply === undefined || (httpStatus >= 300 && reply.status === 0)) {
    const message = `HTTP ${httpStatus} without an answer of GWS`;
    return httpStatus >= 500
      ? { operation, kind: 'unknown', reason: 'no-reply', message, attempts: 1 }
      : { operation, kind: 'refused', reason: 'http', message, attempts: 1 };
  }
  const { status, referenceId } = reply;
  if (status === 0) {
    if (operation.name === 'requestHistory' && dialect.history !== undefined)
      onTranscript(dialect.history(operation.interactionId, body));
    return {
      operation,
      kind: 'sent',
      status,
      attempts: 1,
      ...(referenceId !== undefined && { referenceId }),
    };
  }
  const message = reply.message ?? 'no reason given';
  return { operation, kind: 'refused', reason: 'status', status, message, attempts: 1 };
}
