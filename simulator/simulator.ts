import { realClock } from './clock.ts';
import { CometdSide } from './cometd.ts';
import { ContactCentre } from './engine/contact-centre.ts';
import type { Agent, Chat } from './engine/part.ts';
import type { AgentEvent, Line, Result } from './engine/records.ts';
import type { Caller } from './http/call.ts';
import { addChatRoutes } from './http/chat-routes.ts';
import { operating } from './http/operate.ts';
import { Readings } from './http/read.ts';
import { createServer, send } from './http/server.ts';
import { addSessionRoutes } from './http/session-routes.ts';
import { HttpSessions } from './http/sessions.ts';
import { type SimulatorOptions, wireDefaults } from './options.ts';
import { Colleagues } from './people/colleague.ts';
import { Customer } from './people/customer.ts';
import type { CustomerScript } from './people/script.ts';
import { PlannedRefusals, type Refusal } from './refusals.ts';
import { dialects } from './wire/dialects.ts';
import { Wire } from './wire/wire.ts';

/** An operation that an agent's client asked for. */
export interface ReceivedOperation {
  readonly username: string;
  readonly interactionId: string;
  readonly operationName: string;
  /** 0: done. */
  readonly status: number;
}

export interface Connections {
  readonly cometdSessions: number;
  /** Of all the CometD sessions together. */
  readonly subscriptions: number;
  readonly httpSessions: number;
}

/** A running simulated server. */
export interface Simulator {
  /** The root, for instance http://127.0.0.1:40123 */
  readonly url: string;
  readonly agents: readonly Pick<
    Agent,
    'id' | 'username' | 'loggedIn' | 'ready' | 'capacity' | 'parts' | 'sessionsStarted'
  >[];
  /** Every chat since the start, by id. */
  readonly chats: ReadonlyMap<string, Chat>;
  /** Every operation on interactions since the start. */
  readonly operations: readonly ReceivedOperation[];
  /** What the server holds open for an agent now. */
  connections(username: string): Connections;
  /** A customer enters the web chat and waits in the queue. */
  arrive(script: CustomerScript): Customer;
  /** The next operations of this name get a refusal and change nothing. */
  refuse(refusal: Refusal): void;
  /** Forgets HTTP and CometD sessions, of one agent or all. */
  expireSessions(username?: string): void;
  /** Sends data to an agent as if GWS had. */
  notify(username: string, data: object): void;
  close(): Promise<void>;
}

/** Starts a simulated GWS server; resolves when it listens. */
export async function startSimulator(options: SimulatorOptions = {}): Promise<Simulator> {
  const { host = '127.0.0.1', port = 0, csrf = false, clock = realClock, onLog, onExchange } = options;
  const dialect = dialects[options.dialect ?? 'gws-8.5.0'];
  const wireOptions = { ...wireDefaults, ...dialect.defaults, ...options.wire };
  const wire = new Wire(dialect, wireOptions, () => url);
  const refusals = new PlannedRefusals();
  const operations: ReceivedOperation[] = [];
  const customers = new Map<string, Customer>();
  let url = '';

  // The outcome of an operation comes after the reply to it: GWS only hands the request on (8.5.2 "Asynchronous Events").
  const outbox: (() => void)[] = [];
  const later = (deliver: () => void): void => {
    outbox.push(deliver);
    if (outbox.length === 1) {
      clock.after(notificationDelay, () => {
        for (const send of outbox.splice(0)) send();
      });
    }
  };

  const invitations = { timeout: options.invitationTimeout ?? 10_000, sharedIds: dialect.sharedIds };
  const centre = new ContactCentre(options.agents ?? [], clock, invitations, {
    onAgentEvent: (agent: Agent, event: AgentEvent) => {
      const data = wire.event(event);
      later(() => {
        if (agent.human === undefined) cometd.deliver(agent, dialect.topics, data);
        else colleagues.onEvent(agent, event);
      });
    },
    onCustomerLine: (chat: Chat, line: Line) => {
      later(() => {
        customers.get(chat.id)?.see(line);
        if (!chat.customerHere) customers.get(chat.id)?.close();
      });
    },
    skippedBefore: () => 0,
    onLog: (entry) => onLog?.(entry),
  });
  const colleagues = new Colleagues(centre, clock);
  const sessions = new HttpSessions(centre.agents);
  const server = createServer({ sessions, csrf, httpErrorMapping: wireOptions.httpErrorMapping, onExchange });
  const cometd = new CometdSide(server, sessions, options.cometd ?? {}, onExchange);

  const call: Caller = async (_request, reply, { perform }) =>
    send(reply, perform(), wireOptions.httpErrorMapping);
  const planned = (agent: Agent, operationName: string): Result | undefined =>
    refusals.take(agent.username, operationName);
  addSessionRoutes(server, {
    centre,
    wire,
    call,
    planned,
    origin: () => url,
    onEnd: (session) => {
      sessions.end(session);
      cometd.expire(session.agent.username);
    },
  });
  const operate = operating({
    centre,
    wire,
    call,
    planned,
    onOperation: (agent, interactionId, operationName, { status, message }, note) => {
      operations.push({ username: agent.username, interactionId, operationName, status });
      if (note !== undefined) onLog?.({ event: 'note', agent: agent.username, detail: note });
      if (status !== 0) {
        onLog?.({
          event: 'refused',
          agent: agent.username,
          detail: `${operationName}: statusCode ${status}, ${message}`,
        });
      }
    },
  });
  addChatRoutes(server, centre, dialect, operate, new Readings(wire, call));
  try {
    await server.listen({ host, port });
  } catch (thrown) {
    cometd.close();
    await server.close();
    throw thrown;
  }
  url = originOf(server.server.address(), host);

  const find = (username: string): Agent => {
    const agent = centre.agents.find((one) => one.username === username);
    if (agent === undefined) throw new Error(`there is no agent ${username}`);
    return agent;
  };
  return {
    url,
    agents: centre.agents,
    chats: centre.chats,
    operations,
    connections: (username) => {
      const agent = find(username);
      return { ...cometd.connections(agent), httpSessions: sessions.count(agent) };
    },
    arrive: (script) => {
      const nickname = [script.firstName, script.lastName].filter(Boolean).join(' ');
      const chat = centre.arrive({
        nickname,
        userData: {
          FirstName: script.firstName,
          ...(script.lastName !== undefined && { LastName: script.lastName }),
          ...(script.subject !== undefined && { Subject: script.subject }),
          ...script.userData,
        },
        ...(script.skill !== undefined && { skill: script.skill }),
      });
      const customer = new Customer(centre, clock, chat, script);
      customers.set(chat.id, customer);
      void customer.done.then(() => customers.delete(chat.id));
      return customer;
    },
    refuse: (refusal) => refusals.plan(refusal),
    expireSessions: (username) => {
      sessions.expire(username);
      cometd.expire(username);
    },
    notify: (username, data) => cometd.deliver(find(username), dialect.topics, data),
    close: async () => {
      for (const customer of customers.values()) customer.leave();
      cometd.close();
      await server.close();
    },
  };
}

/** Milliseconds from a change to the notification of it. */
const notificationDelay = 2;

function originOf(address: string | { port: number } | null, host: string): string {
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  return `http://${host.includes(':') ? `[${host}]` : host}:${port}`;
}
