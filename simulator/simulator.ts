import { CancellableClock, realClock } from './clock.ts';
import { CometdSide } from './cometd.ts';
import { ContactCentre } from './engine/contact-centre.ts';
import type { Agent, Chat } from './engine/part.ts';
import type { AgentEvent, Line, Result } from './engine/records.ts';
import { faultyCaller } from './faults/caller.ts';
import { Deliveries } from './faults/deliveries.ts';
import { type FaultControl, Faults } from './faults/faults.ts';
import { addChatRoutes } from './http/chat-routes.ts';
import { Listener } from './http/listener.ts';
import { operating, type ReceivedOperation } from './http/operate.ts';
import { Readings } from './http/read.ts';
import { createServer } from './http/server.ts';
import { addSessionRoutes } from './http/session-routes.ts';
import { HttpSessions } from './http/sessions.ts';
import { type SimulatorOptions, wireDefaults } from './options.ts';
import { Outbox } from './outbox.ts';
import { Colleagues } from './people/colleague.ts';
import type { Customer } from './people/customer.ts';
import { Customers } from './people/customers.ts';
import type { CustomerScript } from './people/script.ts';
import { PlannedRefusals, type Refusal } from './refusals.ts';
import { dialects } from './wire/dialects.ts';
import { Wire } from './wire/wire.ts';

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
  /** Every operation on interactions that the server has answered or carried out since the start. */
  readonly operations: readonly ReceivedOperation[];
  /** What goes wrong, by chance and as planned. */
  readonly faults: FaultControl;
  /** What the server holds open for an agent now. */
  connections(username: string): Connections;
  /** A customer enters the web chat and waits in the queue. `onSeen`: called for each line that the customer sees. */
  arrive(script: CustomerScript, onSeen?: () => void): Customer;
  /** The next operations of this name get a refusal and change nothing. */
  refuse(refusal: Refusal): void;
  /** Forgets HTTP and CometD sessions, of one agent or all. */
  expireSessions(username?: string): void;
  /** Destroys the sockets of one agent, or all; sessions live on. */
  cut(username?: string): void;
  /**
   * Goes away as a restarted server does, and resolves when it is back on the same port: sockets destroyed, sessions
   * forgotten, connections refused for `downFor` milliseconds (default: 100). Chats and agents' states are kept.
   */
  restart(options?: { readonly downFor?: number }): Promise<void>;
  /** Sends data to an agent as if GWS had. */
  notify(username: string, data: object): void;
  close(): Promise<void>;
}

/** Starts a simulated GWS server; resolves when it listens. */
export async function startSimulator(options: SimulatorOptions = {}): Promise<Simulator> {
  const { host = '127.0.0.1', port = 0, csrf = false, onLog, onExchange } = options;
  const clock = new CancellableClock(options.clock ?? realClock);
  const faults = new Faults(options.faults ?? {}, clock, onLog);
  const dialect = dialects[options.dialect ?? 'gws-8.5.0'];
  const wireOptions = { ...wireDefaults, ...dialect.defaults, ...options.wire };
  const wire = new Wire(dialect, wireOptions, () => url);
  const refusals = new PlannedRefusals();
  const operations: ReceivedOperation[] = [];
  const outbox = new Outbox(clock);
  const listener = new Listener(clock);
  let url = '';

  const invitations = { timeout: options.invitationTimeout ?? 10_000, sharedIds: dialect.sharedIds };
  const centre = new ContactCentre(options.agents ?? [], clock, invitations, {
    onAgentEvent: (agent: Agent, event: AgentEvent) => {
      const data = wire.event(event);
      outbox.add(() => {
        if (agent.human === undefined) deliveries.send(agent, event, data);
        else colleagues.onEvent(agent, event);
      });
    },
    onCustomerLine: (chat: Chat, line: Line) => outbox.add(() => customers.see(chat, line)),
    skippedBefore: ({ active }: Chat) => {
      const [part] = active;
      if (part === undefined) return 0;
      const { agent, interactionId } = part;
      const where = { scope: 'notifications', username: agent.username, interactionId } as const;
      return faults.take('gap', where)?.count ?? 0;
    },
    onLog: (entry) => onLog?.(entry),
  });
  const colleagues = new Colleagues(centre, clock);
  const customers = new Customers(centre, clock);
  const sessions = new HttpSessions(centre.agents);
  const server = createServer({
    sessions,
    csrf,
    httpErrorMapping: wireOptions.httpErrorMapping,
    onExchange,
    onCaller: ({ username }, socket) => listener.noteCaller(username, socket),
  });
  const cometd = new CometdSide(server, sessions, {
    ...options.cometd,
    topics: dialect.topics,
    misadvised: ({ username }) => faults.take('badAdvice', { scope: 'cometd', username }) !== undefined,
    onExchange,
  });
  const deliveries = new Deliveries(faults, cometd, clock, wire);

  const forget = (username?: string): void => {
    sessions.expire(username);
    cometd.expire(username);
  };
  const restart = (downFor: number): Promise<void> => {
    const back = listener.restart(downFor);
    forget();
    return back;
  };
  const call = faultyCaller({
    faults,
    clock,
    sessions,
    mishaps: centre.mishaps,
    csrf,
    mapped: wireOptions.httpErrorMapping,
    flush: () => outbox.flush(),
    forget,
    restart: (downFor) => {
      restart(downFor).catch((thrown: Error) => onLog?.({ event: 'not back', detail: thrown.message }));
    },
  });
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
    onOperation: (agent, operation, { message, note }) => {
      operations.push(operation);
      const { operationName, status } = operation;
      if (note !== undefined) onLog?.({ event: 'note', agent: agent.username, detail: note });
      if (status === 0) return;
      const detail = `${operationName}: statusCode ${status}, ${message}`;
      onLog?.({ event: 'refused', agent: agent.username, detail });
    },
  });
  addChatRoutes(server, centre, dialect, operate, new Readings(wire, call));
  try {
    url = await listener.open(server, host, port);
  } catch (thrown) {
    cometd.close();
    await server.close();
    throw thrown;
  }

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
    faults,
    connections: (username) => {
      const agent = find(username);
      return { ...cometd.connections(agent), httpSessions: sessions.count(agent) };
    },
    arrive: (script, onSeen) => customers.arrive(script, onSeen),
    refuse: (refusal) => refusals.plan(refusal),
    expireSessions: forget,
    cut: (username) => listener.cut(username),
    restart: ({ downFor = 100 } = {}) => restart(downFor),
    notify: (username, data) => cometd.deliver(find(username), data),
    close: async () => {
      customers.leave();
      listener.close();
      cometd.close();
      await server.close();
      clock.cancelAll();
    },
  };
}
