import type { Dialect } from '../dialects/dialect.ts';
import type { TokenProvider } from '../ports.ts';
import { HttpSession } from '../transport/http-session.ts';
import type { Network } from '../transport/network.ts';

/** Who logs in, and where. */
export interface LogIn {
  /** For instance https://gws.example.com */
  readonly origin: string;
  readonly dialect: Dialect;
  readonly username: string;
  readonly password: string;
  /** Where they are given, agents log in by token. */
  readonly tokens?: TokenProvider | undefined;
  readonly network: Network;
}

/** statusCode: send credentials (8.5.2 "Return Values"). */
const notAuthenticated = 20;

/** The HTTP session of an agent, as the server's dialect has it. */
export function httpSessionOf({ origin, dialect, username, password, tokens, network }: LogIn): HttpSession {
  return new HttpSession(origin, {
    username,
    password,
    tokens,
    headers: network.headers,
    csrfPath: `${dialect.basePath}${dialect.session.me.path}`,
    isUnauthenticated: (body) => dialect.reply(body)?.status === notAuthenticated,
  });
}
