import { createRequire } from 'node:module';
import type { CometDServer, ServerMessage, ServerSession } from 'cometd-nodejs-server';
import type { FastifyInstance } from 'fastify';
import type { Agent } from './engine/part.ts';
import { bases } from './http/server.ts';
import type { HttpSessions } from './http/sessions.ts';
import type { CometdOptions, WireExchange } from './options.ts';

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

/** Wildcards that take in a topic, besides the topic itself. */
function covers(subscription: string, topic: string): boolean {
  if (subscription === topic) return true;
  if (subscription.endsWith('/**')) return topic.startsWith(subscription.slice(0, -2));
  if (!subscription.endsWith('/*')) return false;
  const stem = subscription.slice(0, -1);
  return topic.startsWith(stem) && !topic.slice(stem.length).includes('/');
}

/** The CometD side: private delivery, to those sessions of one agent that have subscribed. */
export class CometdSide {
  readonly #server;
  readonly #sessions = new Map<ServerSession, Agent>();

  constructor(
    server: FastifyInstance,
    http: HttpSessions,
    options: CometdOptions,
    onExchange?: (exchange: WireExchange) => void,
  ) {
    this.#server = createCometDServer({ timeout: 30_000, maxInterval: 10_000, ...options });
    this.#server.addExtension(new AcknowledgedMessagesExtension());
    this.#server.policy = {
      canHandshake: (session, _message, callback) => {
        const agent = http.agentOf(this.#server.context.request.headers);
        if (agent !== undefined) this.#sessions.set(session, agent);
        callback(undefined, agent !== undefined);
      },
      canPublish: (_session, _message, _channel, callback) => callback(undefined, false),
    };
    this.#server.addListener(
      'sessionRemoved',
      (session: ServerSession) => void this.#sessions.delete(session),
    );
    if (onExchange !== undefined) this.#server.addExtension(watching(onExchange));
    for (const base of bases) {
      // A parsed body spares the library's own reader, which breaks UTF-8 at chunk borders.
      // Clients append the type of the message to the address, or do not.
      for (const path of [`${base}/notifications`, `${base}/notifications/*`]) {
        server.post(path, (request, reply) => {
          reply.hijack();
          this.#server.handle(Object.assign(request.raw, { body: request.body }), reply.raw);
        });
      }
    }
  }

  /** Sends data to the agent on the first of the topics that a session has subscribed. */
  deliver(agent: Agent, topics: readonly string[], data: object): void {
    for (const [session, owner] of this.#sessions) {
      if (owner !== agent) continue;
      const names = session.subscriptions.map(({ name }) => name);
      const topic = topics.find((candidate) => names.some((name) => covers(name, candidate)));
      if (topic !== undefined) session.deliver(null, topic, data);
    }
  }

  /** Forgets the sessions of an agent, or all: their next poll is answered with 402. */
  expire(username?: string): void {
    for (const [session, agent] of [...this.#sessions]) {
      if (username === undefined || agent.username === username)
        this.#server._removeServerSession(session, true);
    }
  }

  /** The agent's sessions, and the subscriptions of all of them. */
  connections(agent: Agent): { readonly cometdSessions: number; readonly subscriptions: number } {
    const own = [...this.#sessions].filter(([, owner]) => owner === agent);
    const subscriptions = own.reduce((sum, [session]) => sum + session.subscriptions.length, 0);
    return { cometdSessions: own.length, subscriptions };
  }

  /** Answers the held polls too: their timers would keep the process alive. */
  close(): void {
    this.expire();
    this.#server.close();
  }
}

function watching(onExchange: (exchange: WireExchange) => void): object {
  return {
    incoming: (
      _server: unknown,
      _session: unknown,
      message: ServerMessage,
      callback: (error?: Error, go?: boolean) => void,
    ) => {
      onExchange({ kind: 'bayeux', direction: 'in', message: structuredClone(message) });
      callback(undefined, true);
    },
    outgoing: (
      _server: unknown,
      _sender: unknown,
      _session: unknown,
      message: ServerMessage,
      callback: (error?: Error, message?: ServerMessage) => void,
    ) => {
      onExchange({ kind: 'bayeux', direction: 'out', message: structuredClone(message) });
      callback(undefined, message);
    },
  };
}
