import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';

export interface Tunnel {
  readonly port: number;
  /** From now on nothing comes through, either way, and nobody is told: as if packets were dropped. */
  swallow(): void;
  forward(): void;
  close(): Promise<void>;
}

/** A way to a port of the loopback that can be cut without a word. */
export async function tunnelTo(port: number): Promise<Tunnel> {
  let isCut = false;
  const sockets = new Set<Socket>();
  const joined = (one: Socket, other: Socket): void => {
    sockets.add(one);
    one.on('data', (data) => {
      if (!isCut) other.write(data);
    });
    one.on('error', () => {});
    one.on('close', () => {
      sockets.delete(one);
      if (!isCut) other.destroy();
    });
  };
  const server = createServer((near) => {
    const far = connect(port, '127.0.0.1');
    joined(near, far);
    joined(far, near);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    swallow: () => {
      isCut = true;
    },
    forward: () => {
      isCut = false;
    },
    close: async () => {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}
