import type { Failure, Message } from 'cometd';
import { UsherError } from '../errors.ts';
import { networkFault } from './network-errors.ts';

const unauthorised = 401;
const passing = new Set([408, 429]);

/** `402::session_unknown` of CometD, `401:…:Unknown client` of faye, `403::Unknown client` of Salesforce. */
const unknownSession = /^402:|:Unknown client$/i;

/** A poll is refused for no other reason than the session. */
const refusedPoll = /^40[1-3]:/;

/** Whether a poll failed such that the next may succeed, in the same session. */
export function isPassing({ error = '', failure }: Message, { action }: Failure): boolean {
  if (action !== 'retry' || refusedPoll.test(error)) return false;
  const status = failure?.httpCode ?? 0;
  return status < 300 || status >= 500 || passing.has(status);
}

/** The session is gone, with its subscriptions. */
export function lost(reason: string): UsherError {
  return new UsherError('USHER_CONNECTION_LOST', `the CometD session is lost: ${reason}`);
}

/**
 * What it means that the server did not do this.
 *
 * @param what for instance "the CometD handshake"
 * @param server as messages name it
 */
export function refusalOf(message: Message, what: string, server: string): UsherError {
  const { failure, error = '' } = message;
  if (failure?.exception !== undefined) return networkFault(failure.exception, server).error;
  if (failure?.httpCode === unauthorised) {
    return new UsherError('USHER_LOGIN_REFUSED', 'CometD refuses the credentials (HTTP 401)');
  }
  if (message.channel !== '/meta/handshake' && (failure !== undefined || unknownSession.test(error))) {
    return lost(`${what} failed: ${reasonOf(message)}`);
  }
  if (isLate(failure?.reason)) {
    return new UsherError('USHER_SERVER_UNREACHABLE', `no answer from ${server} to ${what} in time`);
  }
  return new UsherError('USHER_COMETD_REFUSED', `the server refuses ${what}: ${reasonOf(message)}`);
}

export function reasonOf({ error, failure }: Message): string {
  const { exception, reason, websocketCode } = failure ?? {};
  if (isLate(reason)) return 'no answer in time';
  const thrown = exception instanceof Error ? exception.message : '';
  const closed = websocketCode === undefined ? '' : `the web socket was closed (${websocketCode})`;
  return error || thrown || reason || closed || 'no reason given';
}

/** The library's own words. */
function isLate(reason = ''): boolean {
  return / expired waiting /.test(reason);
}
