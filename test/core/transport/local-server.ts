import { readFileSync } from 'node:fs';
import {
  createServer,
  type IncomingHttpHeaders,
  type RequestListener,
  type Server,
  type ServerResponse,
} from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import { onTestFinished } from 'vitest';
import { HttpSession } from '../../../core/transport/http-session.ts';
import { Network, type NetworkOptions } from '../../../core/transport/network.ts';

/** What came in. */
export interface Received {
  readonly method: string;
  readonly url: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

export type Handler = (received: Received, response: ServerResponse) => void;

/** The certificate of the test authority for localhost, gws.test and 127.0.0.1. */
export const fixture = (name: 'ca.pem' | 'server.pem' | 'server-key.pem'): string =>
  fileURLToPath(new URL(`fixtures/${name}`, import.meta.url));

export const readFixture = (name: Parameters<typeof fixture>[0]): string =>
  readFileSync(fixture(name), 'utf8');

export interface LocalServerOptions {
  readonly tls?: boolean;
  /** Sees the server before it listens. */
  readonly prepare?: (server: Server) => void;
}

/** A server on a free port that is closed with the test; returns its origin. */
export async function localServer(
  handler: Handler,
  { tls = false, prepare }: LocalServerOptions = {},
): Promise<string> {
  const listener: RequestListener = async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(Buffer.from(chunk));
    const { method = '', url = '', headers } = request;
    handler({ method, url, headers, body: Buffer.concat(chunks).toString() }, response);
  };
  const server = tls
    ? createTlsServer({ key: readFixture('server-key.pem'), cert: readFixture('server.pem') }, listener)
    : createServer(listener);
  prepare?.(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return `${tls ? 'https' : 'http'}://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

/** Sockets that are closed with the test. */
export function testNetwork(options: NetworkOptions = {}): Network {
  const network = new Network(options);
  onTestFinished(() => network.close());
  return network;
}

export const session = (origin: string, username = 'ada'): HttpSession =>
  new HttpSession(origin, { username, password: 'secret', csrfPath: '/api/v2/me?subresources=*' });
