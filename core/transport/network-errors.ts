import { UsherError } from '../errors.ts';

/** Faults from before a request could leave: the server certainly has not seen it. */
const neverLeft = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'UND_ERR_CONNECT_TIMEOUT',
  'PROXY',
]);

/** Faults of a TLS handshake, which comes before any request. */
const handshakeFaults =
  /^(CERT_|DEPTH_ZERO|SELF_SIGNED|UNABLE_TO_|ERR_TLS_CERT|ERR_SSL_WRONG_VERSION|ERR_SSL_UNSUPPORTED)/;
/** Faults of TLS at any time. */
const tlsFaults = /^(ERR_TLS_|ERR_SSL_|EPROTO)/;

/** What a failed request means. `certain`: the server has not seen it, so it may be sent again. */
export interface NetworkFault {
  readonly certain: boolean;
  readonly error: UsherError;
}

/**
 * Reads the error of a request by its codes, wherever in the chain of causes they are.
 *
 * @param server as messages name it, perhaps with the proxy on the way
 */
export function networkFault(thrown: unknown, server: string): NetworkFault {
  // Our own come before a request, or after one that was refused.
  if (thrown instanceof UsherError) return { certain: true, error: thrown };
  const roots = rootsOf(thrown);
  const { code, message } = roots[0] ?? { code: '', message: 'the connection failed' };
  const certain =
    roots.length > 0 && roots.every((root) => neverLeft.has(root.code) || handshakeFaults.test(root.code));
  if (handshakeFaults.test(code) || tlsFaults.test(code)) {
    const text = `cannot make a secure connection to ${server}: ${readable[code] ?? `${message} (${code})`}`;
    return { certain, error: new UsherError('USHER_TLS', text, { cause: thrown }) };
  }
  const why = readable[code] ?? message;
  const text = certain ? `cannot reach ${server}: ${why}` : `no answer from ${server}: ${why}`;
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
  UND_ERR_HEADERS_TIMEOUT: 'it takes too long (UND_ERR_HEADERS_TIMEOUT)',
  UND_ERR_BODY_TIMEOUT: 'it takes too long (UND_ERR_BODY_TIMEOUT)',
  UND_ERR_CONNECT_TIMEOUT: 'the connection takes too long (UND_ERR_CONNECT_TIMEOUT)',
};

interface Root {
  readonly code: string;
  readonly message: string;
}

/** The faults at the bottom of the causes; several where several addresses of a host were tried. */
function rootsOf(
  thrown: unknown,
  above: Root = { code: '', message: 'the connection failed' },
  depth = 0,
): Root[] {
  if (!(thrown instanceof Error) || depth > 8) return [above];
  const refusal = proxyRefusal(thrown);
  if (refusal !== undefined) return [{ code: 'PROXY', message: refusal }];
  const root = {
    code: 'code' in thrown && typeof thrown.code === 'string' ? thrown.code : above.code,
    message: thrown.message.split('\n', 1)[0] || above.message,
  };
  if (thrown instanceof AggregateError && thrown.errors.length > 0) {
    return thrown.errors.flatMap((error) => rootsOf(error, root, depth + 1));
  }
  return rootsOf(thrown.cause, root, depth + 1);
}

/** What undici throws when a proxy opens no way; it has no code of its own for the first two. */
function proxyRefusal({ message, ...rest }: Error & { code?: unknown }): string | undefined {
  const status = /^Proxy response \((\d+)\)|^Proxy Authentication Required \((407)\)/.exec(message);
  const number = status?.[1] ?? status?.[2];
  if (number === '407') return 'the proxy wants credentials, or others (HTTP 407)';
  if (number !== undefined) return `the proxy opens no tunnel (HTTP ${number})`;
  if (rest.code === 'UND_ERR_PRX_CONN') return 'the proxy cut the line before there was a tunnel';
  if (rest.code === 'UND_ERR_PRX_TLS') return "the proxy's certificate does not fit its name";
  return undefined;
}
