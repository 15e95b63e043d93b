import { defer, type Observable } from 'rxjs';
import type { Dialect } from '../dialects/dialect.ts';
import type { Operation } from '../model/operation.ts';
import type { Outcome } from '../model/outcome.ts';
import type { Requests } from '../transport/requests.ts';

/** HTTP: the server is not able to take the request now, and did not. */
const busy = new Set([429, 503]);

/** The wire end of the gateway: one operation, one request, one outcome. */
export function operationSender(
  dialect: Dialect,
  requests: Requests,
): (operation: Operation) => Observable<Outcome> {
  return (operation) => defer(() => send(operation, dialect, requests));
}

async function send(operation: Operation, dialect: Dialect, requests: Requests): Promise<Outcome> {
  const request = dialect.encode(operation);
  if (request === undefined) {
    const message = `${dialect.name} has no ${operation.name} of this kind`;
    return { operation, kind: 'unsupported', reason: 'dialect', message, attempts: 0 };
  }
  const answer = await requests.send(request);
  if (answer.kind === 'not-sent') {
    return { operation, kind: 'failed', reason: 'unreachable', message: answer.error.message, attempts: 1 };
  }
  if (answer.kind === 'no-answer') {
    return { operation, kind: 'unknown', reason: 'no-reply', message: answer.error.message, attempts: 1 };
  }
  const { httpStatus, body } = answer;
  const reply = dialect.reply(body);
  if (busy.has(httpStatus)) {
    return { operation, kind: 'failed', reason: 'busy', message: `HTTP ${httpStatus}`, attempts: 1 };
  }
  if (reply === undefined || (httpStatus >= 300 && reply.status === 0)) {
    const message = `HTTP ${httpStatus} without an answer of GWS`;
    return httpStatus >= 500
      ? { operation, kind: 'unknown', reason: 'no-reply', message, attempts: 1 }
      : { operation, kind: 'refused', reason: 'http', message, attempts: 1 };
  }
  if (reply.status === 0) return { operation, kind: 'sent', status: 0, attempts: 1 };
  const message = reply.message ?? 'no reason given';
  return { operation, kind: 'refused', reason: 'status', status: reply.status, message, attempts: 1 };
}
