import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';

export interface Tunnel {
  /** On the loopback. */
  readonly port: number;
  /**
   * From now on nothing comes through, either way, and nobody is told: as if packets were dropped. A connection of
   * which something was dropped does not outlive that.
   */
  swallow(): void;
  /** From now on nothing comes through, either way, until `forward`: then everything does, in its order. */
  hold(): void;
  /** All connections are ended, and new ones as soon as they are made. */
  refuse(): void;
  forward(): void;
  /** From now on it leads to another port; the connections that there are end. */
  pointTo(port: number): void;
  close(): Promise<void>;
}

type State = 'forward' | 'swallow' | 'hold' | 'refuse';

/** A way to a port of the loopback that can be cut, with or without a word. */
export async function tunnelTo(target: number): Promise<Tunnel> {
  let state: State = 'forward';
  let port = target;
  const sockets = new Set<Socket>();
  const held: (() => void)[] = [];
  const torn = new Set<Socket>();
  const joined = (one: Socket, other: Socket): void => {
    sockets.add(one);
    one.on('data', (data) => {
      if (state === 'forward') other.write(data);
      else if (state === 'hold') held.push(() => other.write(data));
      else torn.add(one).add(other);
    });
    one.on('error', () => {});
    one.on('close', () => {
      sockets.delete(one);
      if (state === 'hold') held.push(() => other.end());
      else if (state === 'swallow') torn.add(other);
      else other.destroy();
    });
  };
  const hangUp = (): void => {
    for (const socket of sockets) socket.destroy();
  };
  const server = createServer((near) => {
    if (state === 'refuse') return void near.destroy();
    const far = connect(port, '127.0.0.1');
    joined(near, far);
    joined(far, near);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    swallow: () => {
      state = 'swallow';
    },
    hold: () => {
      state = 'hold';
    },
    refuse: () => {
      state = 'refuse';
      hangUp();
    },
    forward: () => {
      state = 'forward';
      for (const pass of held.splice(0)) pass();
      for (const socket of torn) socket.destroy();
      torn.clear();
    },
    pointTo: (other) => {
      port = other;
      hangUp();
    },
    close: async () => {
      hangUp();
      server.close();
      await once(server, 'close');
    },
  };
}
