import { createHash } from 'node:crypto';
import type { IncomingMessage, Server } from 'node:http';
import type { Duplex } from 'node:stream';

/** The server's end of a web socket (RFC 6455), without extensions. */
export interface ServerSocket {
  readonly request: IncomingMessage;
  readonly line: Duplex;
  onText: (text: string) => void;
  onEnd: () => void;
  /** Whether it says good-bye when the client does. */
  isPolite: boolean;
  /** Sends a text, in several frames if pieces of so many bytes are wanted. */
  send(text: string, pieceSize?: number): void;
  /** Sends a frame as it is. */
  sendFrame(opcode: number, payload: Buffer, isLast?: boolean): void;
}

const opcodes = { continuation: 0, text: 1, close: 8, ping: 9, pong: 10 } as const;

/** Accepts the upgrades of an HTTP server, unless a status says otherwise; 0: nothing is answered. */
export function acceptWebSockets(
  server: Server,
  accept: (socket: ServerSocket) => void,
  refusal: (request: IncomingMessage) => number | undefined = () => undefined,
): void {
  server.on('upgrade', (request, line) => {
    // HTTP lines stay half open by themselves.
    for (const event of ['error', 'end']) line.on(event, () => line.destroy());
    const status = refusal(request);
    if (status === 0) return;
    if (status !== undefined) {
      line.end(`HTTP/1.1 ${status} Refused\r\nContent-Length: 0\r\nConnection: close\r\n\r\n`);
      return;
    }
    const key = request.headers['sec-websocket-key'];
    const proof = createHash('sha1').update(`${key}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`).digest('base64');
    line.write(
      [
        'HTTP/1.1 101 Switching Protocols',
        'Upgrade: websocket',
        'Connection: Upgrade',
        `Sec-WebSocket-Accept: ${proof}`,
        'Set-Cookie: FROM_UPGRADE=1; Path=/',
        '\r\n',
      ].join('\r\n'),
    );
    accept(serverSocket(request, line));
  });
}

function serverSocket(request: IncomingMessage, line: Duplex): ServerSocket {
  const socket: ServerSocket = {
    request,
    line,
    onText: () => undefined,
    onEnd: () => undefined,
    isPolite: true,
    send: (text, pieceSize = Number.POSITIVE_INFINITY) => {
      const bytes = Buffer.from(text);
      for (let at = 0; at < bytes.length || at === 0; at += pieceSize) {
        const opcode = at === 0 ? opcodes.text : opcodes.continuation;
        socket.sendFrame(opcode, bytes.subarray(at, at + pieceSize), at + pieceSize >= bytes.length);
      }
    },
    sendFrame: (opcode, payload, isLast = true) => {
      if (!line.destroyed) line.write(Buffer.concat([header(opcode, payload.length, isLast), payload]));
    },
  };
  let rest: Buffer = Buffer.alloc(0);
  line.on('data', (chunk: Buffer) => {
    rest = Buffer.concat([rest, chunk]);
    for (let frame = readFrame(rest); frame !== undefined; frame = readFrame(rest)) {
      rest = rest.subarray(frame.size);
      if (frame.opcode === opcodes.text) socket.onText(frame.payload.toString());
      if (frame.opcode === opcodes.ping) socket.sendFrame(opcodes.pong, frame.payload);
      if (frame.opcode === opcodes.close && socket.isPolite) {
        socket.sendFrame(opcodes.close, frame.payload);
        line.end();
      }
    }
  });
  line.on('close', () => socket.onEnd());
  return socket;
}

function header(opcode: number, length: number, isLast: boolean): Buffer {
  const first = (isLast ? 0x80 : 0) | opcode;
  if (length < 126) return Buffer.from([first, length]);
  if (length < 65_536) return Buffer.from([first, 126, length >> 8, length & 0xff]);
  const long = Buffer.alloc(10);
  long[0] = first;
  long[1] = 127;
  long.writeBigUInt64BE(BigInt(length), 2);
  return long;
}

/** The first frame, if all of it is there; those of a client are masked. */
function readFrame(bytes: Buffer): { opcode: number; payload: Buffer; size: number } | undefined {
  if (bytes.length < 2) return undefined;
  const short = (bytes[1] ?? 0) & 0x7f;
  const extra = short === 127 ? 8 : short === 126 ? 2 : 0;
  if (bytes.length < 2 + extra) return undefined;
  const length = extra === 8 ? Number(bytes.readBigUInt64BE(2)) : extra === 2 ? bytes.readUInt16BE(2) : short;
  const start = 2 + extra + 4;
  if (bytes.length < start + length) return undefined;
  const mask = bytes.subarray(2 + extra, start);
  const payload = Buffer.from(bytes.subarray(start, start + length));
  for (let at = 0; at < payload.length; at += 1) payload[at] = (payload[at] ?? 0) ^ (mask[at % 4] ?? 0);
  return { opcode: (bytes[0] ?? 0) & 0x0f, payload, size: start + length };
}
