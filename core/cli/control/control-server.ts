import { once } from 'node:events';
import { chmodSync, rmSync } from 'node:fs';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { createInterface } from 'node:readline';
import { type DrainAnswer, type DrainRequest, drainRequest } from './message.ts';

/** Called for each process that asks this one to stop; `answer` may be called until it has stopped. */
export type OnDrain = (request: DrainRequest, answer: (line: DrainAnswer) => void) => void;

export interface ControlServer {
  close(): Promise<void>;
}

/**
 * Listens for other processes of the same user. `undefined` if another process listens there already, which runs the
 * same config then.
 */
export async function controlServer(path: string, onDrain: OnDrain): Promise<ControlServer | undefined> {
  if (await isListening(path)) return undefined;
  rmSync(path, { force: true });
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
    socket.on('error', () => socket.destroy());
    const lines = createInterface({ input: socket });
    // What the socket fails with comes here as well.
    lines.on('error', () => undefined);
    lines.on('line', (line) => take(line, socket, onDrain));
  });
  server.listen(path);
  await once(server, 'listening');
  chmodSync(path, 0o600);
  server.unref();
  return { close: () => closed(server, sockets) };
}

function take(line: string, socket: Socket, onDrain: OnDrain): void {
  const answer = (value: DrainAnswer): void => {
    if (socket.writable) socket.write(`${JSON.stringify(value)}\n`);
  };
  const request = drainRequest.safeParse(parsed(line));
  if (request.success) onDrain(request.data, answer);
  else answer({ error: `is no request: ${request.error.issues[0]?.message}` });
}

function parsed(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}

/** A socket that a process left behind when it was killed refuses connections. */
function isListening(path: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(path);
    socket.on('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.on('error', () => resolve(false));
  });
}

async function closed(server: Server, sockets: ReadonlySet<Socket>): Promise<void> {
  for (const socket of sockets) socket.end();
  await new Promise((resolve) => server.close(resolve));
}
