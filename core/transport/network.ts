import { createSecureContext, getCACertificates } from 'node:tls';
import { Agent, type buildConnector, type Dispatcher, Pool, ProxyAgent } from 'undici';
import { shownProxy } from './proxy.ts';

/** CometD's ways to carry notifications, the preferred one first. */
export type TransportName = 'websocket' | 'long-polling';

/** How one server is reached. */
export interface NetworkOptions {
  /** The proxy's URL, perhaps with credentials. Default: none. */
  readonly proxy?: string | undefined;
  /** Certificates in PEM that are trusted beside those that Node trusts. */
  readonly ca?: string | undefined;
  /** Headers that every request carries. Names in lower case. */
  readonly headers?: Readonly<Record<string, string>>;
  /** Default: long polling alone. */
  readonly transports?: readonly TransportName[];
}

/** Milliseconds after which a silent socket is probed; without an answer it is dropped some 10 s later. */
const keepAliveInitialDelay = 10_000;

/** Milliseconds that a proxy may take to open a tunnel. */
const tunnelTimeout = 10_000;

/** HTTP/1.1 throughout: over HTTP/2, one lost TCP connection would interrupt all agents at once. */
const common = { keepAliveTimeout: 30_000, bodyTimeout: 0, allowH2: false } as const;

/**
 * The sockets to one server, shared by all agent sessions of a process. Held polls have their own, without a
 * limit: with fewer sockets than sessions, polls would block each other and the operations.
 */
export class Network {
  readonly operations: Dispatcher;
  readonly polls: Dispatcher;
  readonly webSockets: Dispatcher;
  readonly headers: Readonly<Record<string, string>>;
  readonly transports: readonly TransportName[];
  readonly #proxy: string | undefined;

  constructor({ proxy, ca, headers = {}, transports = ['long-polling'] }: NetworkOptions = {}) {
    this.headers = headers;
    this.transports = transports;
    this.#proxy = proxy;
    const tls = ca === undefined ? {} : { secureContext: trusting(ca) };
    const polling = { ...common, headersTimeout: 0 };
    this.operations = dispatcher(proxy, tls, { ...common, connections: 64 });
    this.polls = dispatcher(proxy, tls, polling);
    // Proxies pass no upgrade on; a tunnel needs them to know nothing of it.
    this.webSockets = dispatcher(proxy, tls, polling, true);
  }

  /** The server as messages name it: with the proxy on the way to it. */
  wayTo(origin: string): string {
    return this.#proxy === undefined ? origin : `${origin} through the proxy ${shownProxy(this.#proxy)}`;
  }

  async close(): Promise<void> {
    await Promise.all([this.operations, this.polls, this.webSockets].map((sockets) => sockets.destroy()));
  }
}

/** One context for all sockets: reading some 150 certificates for each would take milliseconds. */
function trusting(ca: string): ReturnType<typeof createSecureContext> {
  return createSecureContext({ ca: [...getCACertificates('default'), ca] });
}

function dispatcher(
  proxy: string | undefined,
  tls: buildConnector.BuildOptions,
  options: Pool.Options,
  proxyTunnel = false,
): Dispatcher {
  const connect = { ...tls, keepAliveInitialDelay };
  if (proxy === undefined) return new Agent({ ...options, connect });
  return new ProxyAgent({
    ...options,
    uri: proxy,
    requestTls: connect,
    proxyTls: connect,
    // Without these two, undici's own defaults would hold: another time-out, no limit.
    factory: (origin, given) => new Pool(origin, { ...options, ...given }),
    clientFactory: (origin, given) => new Pool(origin, { ...given, headersTimeout: tunnelTimeout }),
    ...(proxyTunnel && { proxyTunnel }),
  });
}
