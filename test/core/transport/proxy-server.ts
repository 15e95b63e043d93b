import { createServer, type IncomingMessage, type RequestListener, request as send } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import { type AddressInfo, connect, type Socket } from 'node:net';

export interface ProxyServerOptions {
  /** `user:password` that it wants. */
  readonly credentials?: string;
  /** What it answers to every CONNECT instead of a tunnel; 0: nothing at all. */
  readonly tunnelStatus?: number;
  /** Speaks TLS itself, with this certificate. */
  readonly tls?: { readonly key: string | Buffer; readonly cert: string | Buffer };
}

/**
 * A proxy as contact centres have them: forwards plain HTTP, opens tunnels for the rest. Every host is this
 * machine, so that names need not resolve.
 */
export async function startProxy({ credentials, tunnelStatus, tls }: ProxyServerOptions = {}) {
  const open = new Set<Socket>();
  const asked: string[] = [];
  let accepted = 0;
  const isWelcome = ({ headers }: IncomingMessage): boolean =>
    credentials === undefined ||
    headers['proxy-authorization'] === `Basic ${Buffer.from(credentials).toString('base64')}`;

  const forward: RequestListener = (request, response) => {
    asked.push(`${request.method} ${request.url}`);
    if (!isWelcome(request)) return void response.writeHead(407).end('who are you?');
    const { port, pathname, search } = new URL(request.url ?? '');
    const { 'proxy-authorization': _secret, 'proxy-connection': _hop, ...headers } = request.headers;
    const onward = send(
      { port, host: '127.0.0.1', path: `${pathname}${search}`, method: request.method, headers },
      (answer) => answer.pipe(response.writeHead(answer.statusCode ?? 502, answer.headers)),
    );
    onward.on('error', () => response.destroy());
    response.on('close', () => onward.destroy());
    request.pipe(onward);
  };
  const proxy = tls ? createTlsServer(tls, forward) : createServer(forward);
  proxy.on('connect', (request, client: Socket) => {
    asked.push(`CONNECT ${request.url}`);
    if (!isWelcome(request)) return client.end('HTTP/1.1 407 Proxy Authentication Required\r\n\r\n');
    if (tunnelStatus === 0) return;
    if (tunnelStatus !== undefined) return client.end(`HTTP/1.1 ${tunnelStatus} No\r\n\r\n`);
    const server = connect(Number(request.url?.split(':').at(-1)), '127.0.0.1', () => {
      client.write('HTTP/1.1 200 Connection established\r\n\r\n');
      client.pipe(server).pipe(client);
    });
    for (const socket of [client, server]) {
      socket.on('error', () => socket.destroy());
      socket.on('close', () => {
        client.destroy();
        server.destroy();
      });
    }
  });
  proxy.on('connection', (socket) => {
    accepted += 1;
    open.add(socket);
    socket.on('close', () => open.delete(socket));
  });
  await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve));
  const { port } = proxy.address() as AddressInfo;
  return {
    port,
    /** Host and port. */
    host: `127.0.0.1:${port}`,
    /** What was asked of it, for instance `CONNECT gws.test:443`. */
    asked,
    /** How many sockets it has accepted. */
    accepted: () => accepted,
    /** How many of them are open. */
    open: () => open.size,
    close: (): void => {
      for (const socket of open) socket.destroy();
      proxy.close();
    },
  };
}
