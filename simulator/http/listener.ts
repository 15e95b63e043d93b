import { once } from 'node:events';
import type { Socket } from 'node:net';
import type { FastifyInstance } from 'fastify';
import type { SimulatorClock } from '../clock.ts';

/** The listening side of the server: its address, its sockets, and going away for a while. */
export class Listener {
  readonly #clock: SimulatorClock;
  /** Whose request came last on a socket. */
  readonly #callers = new Map<Socket, string>();
  #server: FastifyInstance | undefined;
  #restarting: Promise<void> | undefined;
  #closed = false;
  #comeBack: () => void = () => undefined;

  constructor(clock: SimulatorClock) {
    this.#clock = clock;
  }

  /** Resolves with the root address. */
  async open(server: FastifyInstance, host: string, port: number): Promise<string> {
    // For localhost two servers would listen, and only one would go away.
    await server.listen({ host: host === 'localhost' ? '127.0.0.1' : host, port });
    this.#server = server;
    return `http://${host.includes(':') ? `[${host}]` : host}:${this.#port(server)}`;
  }

  noteCaller(username: string, socket: Socket): void {
    if (!this.#callers.has(socket)) socket.once('close', () => this.#callers.delete(socket));
    this.#callers.set(socket, username);
  }

  /** Destroys the sockets of one agent, or all. */
  cut(username?: string): void {
    if (username === undefined) return this.#server?.server.closeAllConnections();
    for (const [socket, caller] of this.#callers) if (caller === username) socket.destroy();
  }

  /** Refuses connections for some milliseconds, then listens on the same port again. */
  restart(downFor: number): Promise<void> {
    this.#restarting ??= this.#restart(downFor).finally(() => {
      this.#restarting = undefined;
    });
    return this.#restarting;
  }

  /** A restart that is under way does not come back. */
  close(): void {
    this.#closed = true;
    this.#comeBack();
  }

  async #restart(downFor: number): Promise<void> {
    const http = this.#server?.server;
    if (this.#server === undefined || http === undefined || !http.listening) return;
    const { address } = http.address() as { address: string };
    const port = this.#port(this.#server);
    http.close();
    this.cut();
    await new Promise<void>((resolve) => {
      this.#comeBack = resolve;
      this.#clock.after(downFor, resolve);
    });
    if (this.#closed) return;
    http.listen(port, address);
    await once(http, 'listening');
  }

  #port({ server }: FastifyInstance): number {
    const address = server.address();
    return typeof address === 'object' && address !== null ? address.port : 0;
  }
}
