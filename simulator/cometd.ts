import type { ServerResponse } from 'node:http';
import { createRequire } from 'node:module';
import type { Socket } from 'node:net';
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

export interface CometdSideOptions extends CometdOptions {
  /** The topics an event may be delivered on, the preferred one first. */
  readonly topics: readonly string[];
  /** Whether the reply to a poll of this agent advises to give up. */
  readonly misadvised: (agent: Agent) => boolean;
  readonly onExchange: ((exchange: WireExchange) => void) | undefined;
}

/** The CometD side: private delivery, to those sessions of one agent that have subscribed. */
export class CometdSide {
  readonly #server;
  readonly #topics: readonly string[];
  readonly #sessions = new Map<ServerSession, Agent>();
  /** The sockets that polls are held on, by the client's id. */
  readonly #polls = new Map<string, Socket>();

  constructor(
    server: FastifyInstance,
    http: HttpSessions,
    { topics, misadvised, onExchange, ...options }: CometdSideOptions,
  ) {
    this.#topics = topics;
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
    this.#server.addExtension(advising((session) => this.#isMisadvised(session, misadvised)));
    if (onExchange !== undefined) this.#server.addExtension(watching(onExchange));
    for (const base of bases) {
      // A parsed body spares the library's own reader, which breaks UTF-8 at chunk borders.
      // Clients append the type of the message to the address, or do not.
      for (const path of [`${base}/notifications`, `${base}/notifications/*`]) {
        server.post(path, (request, reply) => {
          reply.hijack();
          this.#watchPoll(request.body, reply.raw);
          this.#server.handle(Object.assign(request.raw, { body: request.body }), reply.raw);
        });
      }
    }
  }

  /** Sends data to the agent on the first of the topics that a session has subscribed. */
  deliver(agent: Agent, data: unknown): void {
    for (const [session, owner] of this.#sessions) {
      if (owner !== agent) continue;
      const names = session.subscriptions.map(({ name }) => name);
      const topic = this.#topics.find((candidate) => names.some((name) => covers(name, candidate)));
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

  /** Whether a poll of the agent is held. */
  polls(agent: Agent): boolean {
    return [...this.#sessions].some(([{ id }, owner]) => owner === agent && this.#polls.has(id));
  }

  /** Destroys the sockets of the agent's held polls; the sessions live on, and take them for intact. */
  cutPolls(agent: Agent): void {
    for (const [{ id }, owner] of this.#sessions) if (owner === agent) this.#polls.get(id)?.destroy();
  }

  /** The agent's sessions, and the subscriptions of all of them. */
  connections(agent: Agent): { readonly cometdSessions: number; readonly subscriptions: number } {
    const own = [...this.#sessions].filter(([, owner]) => owner === agent);
    const subscriptions = own.reduce((sum, [session]) => sum + session.subscriptions.length, 0);
    return { cometdSessions: own.length, subscriptions };
  }

  #watchPoll(body: unknown, response: ServerResponse): void {
    const poll = (Array.isArray(body) ? body : [body]).find((one) => one?.channel === '/meta/connect');
    const { socket } = response;
    if (typeof poll?.clientId !== 'string' || socket === null) return;
    this.#polls.set(poll.clientId, socket);
    response.once('close', () => {
      if (this.#polls.get(poll.clientId) === socket) this.#polls.delete(poll.clientId);
    });
  }

  #isMisadvised(session: ServerSession | null, misadvised: (agent: Agent) => boolean): boolean {
    const agent = session === null ? undefined : this.#sessions.get(session);
    return agent !== undefined && misadvised(agent);
  }

  /** Answers the held polls too: their timers would keep the process alive. */
  close(): void {
    this.expire();
    this.#server.close();
  }
}

/** Turns the advice of replies to polls into a wrong one. */
function advising(isMisadvised: (session: ServerSession | null) => boolean): object {
  return {
    outgoing: (
      _server: unknown,
      _sender: unknown,
      session: ServerSession | null,
      message: ServerMessage,
      callback: (error?: Error, message?: ServerMessage) => void,
    ) => {
      const isReply = message.channel === '/meta/connect' && message.successful === true;
      if (isReply && isMisadvised(session)) message.advice = { reconnect: 'none', interval: 0 };
      callback(undefined, message);
    },
  };
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
