import { defer, firstValueFrom, throwError, timeout } from 'rxjs';
import { messageOf, UsherError } from '../errors.ts';
import type { TokenProvider } from '../ports.ts';

/** How an agent proves who it is. */
export interface Authorization {
  /** What the server can be said to refuse: goes into messages. */
  readonly kind: 'username or password' | 'token';
  /**
   * The header's value now.
   *
   * @throws UsherError USHER_TOKEN_UNAVAILABLE
   */
  header(): string | Promise<string>;
  /**
   * Called when the server has refused this value; tells whether there is another.
   *
   * @throws UsherError USHER_TOKEN_UNAVAILABLE
   */
  renew(refused: string): Promise<boolean>;
}

/** HTTP Basic (RFC 7617), in UTF-8. */
export function basic(username: string, password: string): Authorization {
  const value = `Basic ${Buffer.from(`${username}:${password}`, 'utf8').toString('base64')}`;
  return { kind: 'username or password', header: () => value, renew: async () => false };
}

/** Milliseconds that a provider may take. */
const defaultPatience = 10_000;

/** Bearer tokens (RFC 6750): one is used until the server refuses it, and all requests share it. */
export function bearer(provider: TokenProvider, username: string, patience = defaultPatience): Authorization {
  let held: string | undefined;
  let asking: Promise<string> | undefined;
  let reason: 'first' | 'expired' = 'first';

  const ask = async (): Promise<string> => {
    try {
      held = `Bearer ${await tokenOf(provider, username, reason, patience)}`;
      return held;
    } finally {
      asking = undefined;
    }
  };
  const header = (): string | Promise<string> => {
    if (held !== undefined) return held;
    asking ??= ask();
    return asking;
  };
  return {
    kind: 'token',
    header,
    renew: async (refused) => {
      if (held === refused) {
        held = undefined;
        reason = 'expired';
      }
      return (await header()) !== refused;
    },
  };
}

/** What a header can carry. */
const sendable = /^[\x21-\x7e]+$/;

async function tokenOf(
  provider: TokenProvider,
  username: string,
  reason: 'first' | 'expired',
  patience: number,
): Promise<string> {
  const unavailable = (why: string, cause?: unknown): UsherError =>
    new UsherError('USHER_TOKEN_UNAVAILABLE', `no token for agent ${username}: ${why}`, { cause });
  const asked$ = defer(async () => provider.token({ username }, reason)).pipe(
    timeout({
      first: patience,
      with: () => throwError(() => new Error(`the TokenProvider has not answered for ${patience} ms`)),
    }),
  );
  const token: unknown = await firstValueFrom(asked$).catch((thrown: unknown) => {
    throw unavailable(messageOf(thrown), thrown);
  });
  if (typeof token === 'string' && sendable.test(token)) return token;
  throw unavailable('the TokenProvider gave something that is no token');
}
