import { createServer } from 'node:http';
import { createRequire } from 'node:module';
import { listening, type RealServer, type RealServerOptions } from './real-server.ts';

interface Faye {
  attach(server: object): void;
  close(): void;
  addExtension(extension: {
    incoming(message: { readonly channel: string }, done: (message: object) => void): void;
  }): void;
  getClient(): { publish(channel: string, data: unknown): PromiseLike<void> };
  readonly _server: {
    readonly _engine: {
      bind(event: string, listener: (clientId: string, channel: string) => void): void;
      destroyClient(clientId: string): void;
    };
  };
}

// The package is CommonJS without types.
const require = createRequire(import.meta.url);
const { NodeAdapter } = require('faye') as {
  NodeAdapter: new (options: object) => Faye;
};

/** faye: another reading of Bayeux. No acknowledgements; its errors are worded by itself; it speaks web sockets. */
export async function fayeServer({ port, hold = 30_000 }: RealServerOptions = {}): Promise<RealServer> {
  const faye = new NodeAdapter({ mount: '/notifications', timeout: hold / 1_000 });
  const sessions = new Set<string>();
  const subscriptions = new Map<string, Set<string>>();
  const of = (topic: string): Set<string> => {
    const known = subscriptions.get(topic) ?? new Set();
    subscriptions.set(topic, known);
    return known;
  };
  let handshakes = 0;
  let polls = 0;
  faye.addExtension({
    incoming: (message, done) => {
      if (message.channel === '/meta/connect') polls += 1;
      done(message);
    },
  });
  const engine = faye._server._engine;
  engine.bind('handshake', (clientId) => {
    handshakes += 1;
    sessions.add(clientId);
  });
  engine.bind('disconnect', (clientId) => void sessions.delete(clientId));
  engine.bind('subscribe', (clientId, topic) => void of(topic).add(clientId));
  engine.bind('unsubscribe', (clientId, topic) => void of(topic).delete(clientId));
  const server = createServer((_request, response) => response.writeHead(404).end());
  faye.attach(server);
  const base = await listening(server, port, () => faye.close());
  // Its own client is a session too: it is there before anybody counts.
  await faye.getClient().publish('/warm-up', {});
  const own = new Set(sessions);
  handshakes = 0;
  return {
    ...base,
    sessions: () => [...sessions].filter((clientId) => !own.has(clientId)).length,
    subscribers: (topic) => of(topic).size,
    handshakes: () => handshakes,
    polls: () => polls,
    publish: (topic, data) => void faye.getClient().publish(topic, data),
    forgetSessions: () => {
      for (const clientId of [...sessions]) if (!own.has(clientId)) engine.destroyClient(clientId);
    },
  };
}
