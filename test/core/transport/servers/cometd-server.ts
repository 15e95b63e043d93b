import { EventEmitter } from 'node:events';
import { createServer } from 'node:http';
import { createRequire } from 'node:module';
import type { Duplex } from 'node:stream';
import type { CometDServer, ServerMessage, ServerSession } from 'cometd-nodejs-server';
import { acceptWebSockets, type ServerSocket } from '../web-socket-server.ts';
import { listening, type RealServer, type RealServerOptions } from './real-server.ts';

// The package is CommonJS without named exports that Node could see.
const require = createRequire(import.meta.url);
const { createCometDServer } = require('cometd-nodejs-server') as {
  createCometDServer(options: object): CometDServer & {
    _removeServerSession(session: ServerSession, timeout: boolean): void;
  };
};
const { AcknowledgedMessagesExtension } = require('cometd-nodejs-server/ack-extension') as {
  AcknowledgedMessagesExtension: new () => object;
};

export interface CometdServerOptions extends RealServerOptions {
  /** Serves web sockets too, which the server by itself does not. */
  readonly webSockets?: boolean;
  /** Milliseconds after which a session without a poll ends. */
  readonly maxInterval?: number;
}

/** cometd-nodejs-server, with its acknowledgements. */
export async function cometdServer({
  port,
  hold = 30_000,
  webSockets = false,
  maxInterval = 10_000,
}: CometdServerOptions = {}): Promise<RealServer> {
  const cometd = createCometDServer({ timeout: hold, maxInterval, sweepPeriod: 100 });
  cometd.addExtension(new AcknowledgedMessagesExtension());
  const sessions = new Set<ServerSession>();
  let handshakes = 0;
  let polls = 0;
  cometd.addExtension({
    incoming: (_server, _session, { channel }, done) => {
      if (channel === '/meta/connect') polls += 1;
      done(undefined, true);
    },
  });
  cometd.addListener('sessionAdded', (session: ServerSession) => {
    handshakes += 1;
    sessions.add(session);
  });
  cometd.addListener('sessionRemoved', (session: ServerSession) => void sessions.delete(session));
  const forgetSessions = (): void => {
    for (const session of [...sessions]) cometd._removeServerSession(session, true);
  };
  const server = createServer((request, response) => cometd.handle(request, response));
  const lines = new Set<Duplex>();
  if (webSockets) {
    cometd.addExtension(offeringWebSockets());
    const cookies = new Map<string, string>();
    acceptWebSockets(server, (socket) => {
      lines.add(socket.line);
      bridge(cometd, socket, cookies);
    });
  }
  const base = await listening(server, port, () => {
    // Held polls are answered, since their timers would outlive the server.
    forgetSessions();
    cometd.close();
    for (const line of lines) line.destroy();
  });
  return {
    ...base,
    sessions: () => sessions.size,
    subscribers: (topic) => cometd.getServerChannel(topic)?.subscribers.length ?? 0,
    handshakes: () => handshakes,
    polls: () => polls,
    publish: (topic, data) => cometd.createServerChannel(topic).publish(null, data),
    forgetSessions,
  };
}

function offeringWebSockets(): object {
  return {
    outgoing: (
      _server: unknown,
      _sender: unknown,
      _session: unknown,
      message: ServerMessage,
      done: (error?: Error, message?: ServerMessage) => void,
    ) => {
      if (message.channel === '/meta/handshake')
        message.supportedConnectionTypes = ['websocket', 'long-polling'];
      done(undefined, message);
    },
  };
}

/** Feeds the server with the messages of a web socket, as if each had come by HTTP with its browser's cookie. */
function bridge(cometd: CometDServer, socket: ServerSocket, cookies: Map<string, string>): void {
  socket.onText = (text) => {
    const body = JSON.parse(text) as ServerMessage[];
    const request = { method: 'POST', headers: { cookie: cookies.get(body[0]?.clientId ?? '') ?? '' }, body };
    let browser = '';
    const response = Object.assign(new EventEmitter(), {
      statusCode: 200,
      socket: socket.line,
      setHeader: (name: string, value: string) => {
        if (name === 'Set-Cookie') browser = value.split(';', 1)[0] ?? '';
      },
      end: (replies = '') => {
        for (const { channel, clientId } of JSON.parse(replies || '[]') as ServerMessage[]) {
          if (channel === '/meta/handshake' && clientId !== undefined) cookies.set(clientId, browser);
        }
        if (replies !== '') socket.send(replies);
        response.emit('finish');
      },
    });
    cometd.handle(request, response);
  };
}
