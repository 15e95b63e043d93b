import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { onTestFinished } from 'vitest';
import { HttpSession } from '../../../core/transport/http-session.ts';
import { Network } from '../../../core/transport/network.ts';

/** What came in. */
export interface Received {
  readonly method: string;
  readonly url: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

export type Handler = (received: Received, response: ServerResponse) => void;

/** A server on a free port that is closed with the test; returns its origin. */
export async function localServer(handler: Handler): Promise<string> {
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(Buffer.from(chunk));
    const { method = '', url = '', headers } = request;
    handler({ method, url, headers, body: Buffer.concat(chunks).toString() }, response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

/** Sockets that are closed with the test. */
export function testNetwork(): Network {
  const network = new Network();
  onTestFinished(() => network.close());
  return network;
}

export const session = (origin: string, username = 'ada'): HttpSession =>
  new HttpSession(origin, { username, password: 'secret', csrfPath: '/api/v2/me?subresources=*' });
