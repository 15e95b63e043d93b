import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { onTestFinished } from 'vitest';

/** Stands before a server, and hands on its answers cut to pieces inside every letter of several bytes. */
export async function splittingRelay(port: number): Promise<string> {
  const sockets = new Set<Socket>();
  const relay = createServer({ noDelay: true }, (client) => {
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
    let sending = Promise.resolve();
    server.on('data', (bytes: Buffer) => {
      sending = sending.then(() => sendInPieces(client, bytes));
    });
  });
  await new Promise<void>((resolve) => relay.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy();
    relay.close();
  });
  return `http://127.0.0.1:${(relay.address() as AddressInfo).port}`;
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
