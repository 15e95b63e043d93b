import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { onTestFinished } from 'vitest';

/** A Bayeux server that somebody else wrote, on a port. */
export interface RealServer {
  readonly origin: string;
  readonly port: number;
  /** The sessions the server holds. */
  sessions(): number;
  /** The sessions that are subscribed to a topic. */
  subscribers(topic: string): number;
  /** How many handshakes succeeded. */
  handshakes(): number;
  /** How many polls came. */
  polls(): number;
  /** How many HTTP requests came, upgrades aside. */
  posts(): number;
  publish(topic: string, data: unknown): void;
  /** Forgets all sessions: their next poll is refused. */
  forgetSessions(): void;
  close(): Promise<void>;
}

export interface RealServerOptions {
  /** Default: a free one. */
  readonly port?: number | undefined;
  /** Milliseconds that polls are held. */
  readonly hold?: number;
}

/** Listens, and closes with the test at the latest. */
export async function listening(
  server: Server,
  port: number | undefined,
  stop: () => void,
): Promise<Pick<RealServer, 'origin' | 'port' | 'posts' | 'close'>> {
  let posts = 0;
  server.on('request', () => {
    posts += 1;
  });
  await new Promise<void>((resolve) => server.listen(port ?? 0, '127.0.0.1', resolve));
  const actual = (server.address() as AddressInfo).port;
  let closed: Promise<void> | undefined;
  const close = (): Promise<void> => {
    closed ??= new Promise((resolve) => {
      stop();
      server.close(() => resolve());
      server.closeAllConnections();
    });
    return closed;
  };
  onTestFinished(close);
  return { origin: `http://127.0.0.1:${actual}`, port: actual, posts: () => posts, close };
}
