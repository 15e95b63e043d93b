import { messageOf, UsherError } from '../../errors.ts';
import { storeBroken, storeUnavailable } from '../store-errors.ts';

/** The server at hand takes no writes: a standby, or one that is set to read only. */
export class ReadOnlyServer extends Error {
  override readonly name = 'ReadOnlyServer';

  constructor(host: string) {
    super(`${host} is a standby, or read only`);
  }
}

/** https://www.postgresql.org/docs/current/errcodes-appendix.html: a repetition may do what this try did not. */
const repeatable = new Set([
  '40001', // serialization_failure
  '40P01', // deadlock_detected
  '23505', // unique_violation: somebody created the same at the same moment, and is seen by the next try
]);

/** What ends the use of a connection, by code or by class: the next try needs another one. */
const lost = ['08', '57P01', '57P02', '57P03', '57P05', '25006', '25P03', '53300'];

/** What passes by itself, or when there is room again: resources, locks, cancellation, the system. */
const passing = ['53', '55P03', '57014', '57', '58', '40'];

const lasting: Readonly<Record<string, string>> = {
  '28000': 'refuses the role',
  '28P01': 'refuses the password',
  '3D000': 'has no such database',
  '3F000': 'has no tables of Usher: run usher store migrate',
  '42P01': 'has no tables of Usher: run usher store migrate',
  '42501': 'gives the role too few rights: docs/operations/postgres-worker.sql has what it needs',
};

/** By Node, https://nodejs.org/api/tls.html and https://nodejs.org/api/errors.html: nothing that passes by itself. */
const untrusted =
  /^(ERR_TLS_|ERR_OSSL_|ERR_SSL_|CERT_|DEPTH_ZERO_|SELF_SIGNED_|UNABLE_TO_(GET|VERIFY)_|HOSTNAME_MISMATCH)/;
const noTls = 'The server does not support SSL connections';

export const isRepeatable = (error: unknown): boolean => repeatable.has(codeOf(error));

/** Whether it says something about the connection rather than about what was asked. */
export function isConnectionLost(error: unknown): boolean {
  if (error instanceof UsherError || isDefect(error) || isBrokenTrust(error)) return false;
  const code = codeOf(error);
  // A message of the server has a code of five characters; what has none comes from the socket, or from a deadline.
  return isSqlState(code) ? lost.some((start) => code.startsWith(start)) : true;
}

/** An error of PostgreSQL, or of the way to it, as one of the store; a defect of ours as it is. */
export function postgresError(store: string, error: unknown): unknown {
  if (error instanceof UsherError || isDefect(error)) return error;
  if (isBrokenTrust(error)) return cannotBeTrusted(store, error);
  const code = codeOf(error);
  const reason = Object.hasOwn(lasting, code) ? lasting[code] : undefined;
  if (reason !== undefined) return storeBroken(store, `${reason} (${messageOf(error)})`, error);
  if (isConnectionLost(error)) return storeUnavailable(store, oneOf(error));
  return passing.some((start) => code.startsWith(start)) ? storeUnavailable(store, error) : error;
}

function cannotBeTrusted(store: string, error: unknown): UsherError {
  const reason =
    messageOf(error) === noTls
      ? 'speaks no TLS: switch it on there, or say sslmode=disable if the way to it is safe'
      : `cannot be trusted: ${messageOf(error)}; sslrootcert, or tls.ca, names the CA of its certificate`;
  return storeBroken(store, reason, error);
}

function isBrokenTrust(error: unknown): boolean {
  return untrusted.test(codeOf(error)) || messageOf(error) === noTls;
}

/** What our own code throws; pg and Node's sockets throw plain errors. */
function isDefect(error: unknown): boolean {
  return error instanceof TypeError || error instanceof RangeError || error instanceof SyntaxError;
}

/** A name with several addresses fails with an error for each, and no message of its own. */
function oneOf(error: unknown): unknown {
  if (!(error instanceof AggregateError)) return error;
  return new Error(error.errors.map(messageOf).join('; '), { cause: error });
}

const isSqlState = (code: string): boolean => /^[0-9A-Z]{5}$/.test(code) && !/^E[A-Z]{4}$/.test(code);

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : '';
}
