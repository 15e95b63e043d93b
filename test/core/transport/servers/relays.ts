import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { onTestFinished } from 'vitest';

/** Stands before a server, and hands its answers on as told; returns its origin. */
async function relay(port: number, handOn: (client: Socket, bytes: Buffer) => void): Promise<string> {
  const sockets = new Set<Socket>();
  const listener = createServer({ noDelay: true }, (client) => {
    const server = connect(port, '127.0.0.1');
    for (const socket of [client, server]) {
      sockets.add(socket);
      socket.on('error', () => socket.destroy());
      socket.on('close', () => {
        client.destroy();
        server.destroy();
      });
    }
    client.on('data', (bytes) => server.write(bytes));
    server.on('data', (bytes: Buffer) => handOn(client, bytes));
  });
  await new Promise<void>((resolve) => listener.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy();
    listener.close();
  });
  return `http://127.0.0.1:${(listener.address() as AddressInfo).port}`;
}

/** Cuts answers to pieces inside every letter of several bytes. */
export function splittingRelay(port: number): Promise<string> {
  const sending = new WeakMap<Socket, Promise<void>>();
  return relay(port, (client, bytes) => {
    const before = sending.get(client) ?? Promise.resolve();
    sending.set(
      client,
      before.then(() => sendInPieces(client, bytes)),
    );
  });
}

async function sendInPieces(client: Socket, bytes: Buffer): Promise<void> {
  let start = 0;
  for (let at = 1; at <= bytes.length; at += 1) {
    // The bytes of a letter after its first look like 10xxxxxx.
    const isInsideLetter = at < bytes.length && ((bytes[at] ?? 0) & 0xc0) === 0x80;
    if (!isInsideLetter && at < bytes.length) continue;
    const piece = bytes.subarray(start, at);
    start = at;
    if (client.destroyed) return;
    await new Promise<void>((resolve) => client.write(piece, () => setImmediate(resolve)));
  }
}

/** Cuts the line, when told so, as the next answer comes: the server has sent it, nobody gets it. */
export async function cuttingRelay(
  port: number,
): Promise<{ origin: string; cutNext(): void; cuts(): number }> {
  let isToCut = false;
  let cuts = 0;
  const origin = await relay(port, (client, bytes) => {
    if (!isToCut) return void client.write(bytes);
    isToCut = false;
    cuts += 1;
    client.destroy();
  });
  return {
    origin,
    cutNext: () => {
      isToCut = true;
    },
    cuts: () => cuts,
  };
}
