import { UsherError } from '../errors.ts';

/** Faults from before a request could leave: the server certainly has not seen it. */
const neverLeft = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'UND_ERR_CONNECT_TIMEOUT',
]);

const tlsFaults = /^(CERT_|DEPTH_ZERO|SELF_SIGNED|UNABLE_TO_|ERR_TLS_|ERR_SSL_|EPROTO)/;

/** What a failed request means. `certain`: the server has not seen it, so it may be sent again. */
export interface NetworkFault {
  readonly certain: boolean;
  readonly error: UsherError;
}

/** Reads the error of a request by its codes, wherever in the chain of causes they are. */
export function networkFault(thrown: unknown, origin: string): NetworkFault {
  const { code, message } = rootOf(thrown);
  if (tlsFaults.test(code)) {
    const text = `cannot make a secure connection to ${origin}: ${readable[code] ?? `${message} (${code})`}`;
    return { certain: true, error: new UsherError('USHER_TLS', text, { cause: thrown }) };
  }
  const certain = neverLeft.has(code);
  const why = readable[code] ?? message;
  const text = certain ? `cannot reach ${origin}: ${why}` : `no answer from ${origin}: ${why}`;
  return { certain, error: new UsherError('USHER_SERVER_UNREACHABLE', text, { cause: thrown }) };
}

const readable: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'nothing listens there (ECONNREFUSED)',
  ENOTFOUND: 'the host name is unknown (ENOTFOUND)',
  EAI_AGAIN: 'the host name cannot be looked up now (EAI_AGAIN)',
  ERR_SSL_WRONG_VERSION_NUMBER: 'the server speaks no TLS there; is it http instead of https?',
  DEPTH_ZERO_SELF_SIGNED_CERT: 'the certificate is self-signed (DEPTH_ZERO_SELF_SIGNED_CERT)',
  ECONNRESET: 'the connection was cut (ECONNRESET)',
  UND_ERR_SOCKET: 'the connection was cut (UND_ERR_SOCKET)',
  UND_ERR_CONNECT_TIMEOUT: 'the connection takes too long (UND_ERR_CONNECT_TIMEOUT)',
};

function rootOf(thrown: unknown): { code: string; message: string } {
  let code = '';
  let message = 'the connection failed';
  let at: unknown = thrown;
  for (let depth = 0; at instanceof Error && depth < 8; depth += 1) {
    if ('code' in at && typeof at.code === 'string') code = at.code;
    if (at.message !== '') message = at.message.split('\n', 1)[0] ?? message;
    at = at.cause ?? (at instanceof AggregateError ? at.errors[0] : undefined);
  }
  return { code, message };
}
