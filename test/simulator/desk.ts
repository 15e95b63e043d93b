import type { SimulatorOptions } from 'usher-bots/simulator';
import { type Simulator, startSimulator } from 'usher-bots/simulator';
import { onTestFinished } from 'vitest';

export const ada = {
  username: 'ada',
  password: 'secret',
  id: 'u-ada',
  firstName: 'Ada',
  skills: ['Sales'],
  capacity: 5,
};
export const bea = {
  username: 'bea',
  password: 'secret',
  id: 'u-bea',
  firstName: 'Bea',
  skills: ['Cards'],
  capacity: 5,
};

/** An agent's desk written by hand against the wire, without anything of the framework. */
export interface Desk {
  /** The body of the answer. */
  post(path: string, body: unknown, headers?: Record<string, string>): Promise<Record<string, unknown>>;
  get(path: string): Promise<Response>;
  /** The whole answer, whatever it is; an empty header is left out. */
  send(path: string, body: unknown, headers?: Record<string, string>): Promise<Response>;
  /** Makes a CometD session and subscribes. */
  connect(): Promise<void>;
  /** Polls once; what comes is collected. */
  poll(): Promise<Record<string, unknown>[]>;
  /** Sends an operation on an interaction. */
  operate(id: string, operationName: string, members?: object): Promise<Record<string, unknown>>;
  /** What came by CometD so far: the `data` of each notification. */
  readonly events: Record<string, unknown>[];
  /** Polls until an event fits. */
  until(fits: (event: Record<string, unknown>) => boolean): Promise<Record<string, unknown>>;
}

export interface DeskOptions {
  /** Starts the session and goes Ready. */
  readonly ready?: boolean;
  /** What the dialect calls an agent's parts in chats. */
  readonly collection?: 'interactions' | 'chats';
  readonly topic?: string;
}

export async function gws(options: SimulatorOptions = {}): Promise<Simulator> {
  const simulator = await startSimulator({ agents: [ada, bea], ...options });
  onTestFinished(() => simulator.close());
  return simulator;
}

/** Logs an agent in, subscribes, starts the session and goes Ready, unless told not to. */
export async function desk(
  { url }: Simulator,
  username: string,
  { ready = true, collection = 'interactions', topic = `/v2/me/${collection}` }: DeskOptions = {},
): Promise<Desk> {
  const cookies = new Map<string, string>();
  const events: Record<string, unknown>[] = [];
  let csrf: Record<string, string> = {};
  const headers = (): Record<string, string> => ({
    authorization: `Basic ${Buffer.from(`${username}:secret`).toString('base64')}`,
    cookie: [...cookies].map(([name, value]) => `${name}=${value}`).join('; '),
    ...csrf,
  });
  const keep = (response: Response): Response => {
    for (const cookie of response.headers.getSetCookie()) {
      const [name = '', value = ''] = cookie.split(';', 1)[0]?.split('=') ?? [];
      cookies.set(name, value);
    }
    const name = response.headers.get('x-csrf-header');
    if (name !== null) csrf = { [name]: response.headers.get(name) ?? '' };
    return response;
  };
  const send: Desk['send'] = async (path, body, more = {}) => {
    const all = { ...headers(), 'content-type': 'application/json', ...more };
    const response = await fetch(`${url}/api/v2${path}`, {
      method: 'POST',
      headers: Object.fromEntries(Object.entries(all).filter(([, value]) => value !== '')),
      body: typeof body === 'string' ? body : JSON.stringify(body),
    });
    return keep(response);
  };
  const post: Desk['post'] = async (path, body, more) =>
    (await (await send(path, body, more)).json()) as Record<string, unknown>;
  const get: Desk['get'] = async (path) => keep(await fetch(`${url}/api/v2${path}`, { headers: headers() }));
  const bayeux = async (message: object): Promise<Record<string, unknown>[]> =>
    (await post('/notifications', [message])) as unknown as Record<string, unknown>[];
  const collect = (messages: Record<string, unknown>[]): void => {
    for (const { channel, data } of messages) {
      if (typeof channel === 'string' && !channel.startsWith('/meta/'))
        events.push(data as Record<string, unknown>);
    }
  };

  let clientId: unknown;
  const connect: Desk['connect'] = async () => {
    const [handshake] = await bayeux({
      channel: '/meta/handshake',
      version: '1.0',
      supportedConnectionTypes: ['long-polling'],
    });
    clientId = handshake?.['clientId'];
    await bayeux({ channel: '/meta/subscribe', clientId, subscription: topic });
  };
  const poll: Desk['poll'] = async () => {
    const messages = await bayeux({ channel: '/meta/connect', clientId, connectionType: 'long-polling' });
    collect(messages);
    return messages;
  };

  await get('/me');
  await connect();
  if (ready) {
    await post('/me', { operationName: 'StartContactCenterSession', channels: ['chat'] });
    await post('/me/channels/chat', { operationName: 'Ready' });
  }
  return {
    post,
    get,
    send,
    connect,
    poll,
    events,
    operate: (id, operationName, members = {}) =>
      post(`/me/${collection}/${id}`, { operationName, ...members }),
    until: async (fits) => {
      for (;;) {
        const found = events.find(fits);
        if (found !== undefined) return found;
        await poll();
      }
    },
  };
}

/** The interaction or chat of an event, in the default envelope. */
export function interactionOf(event: Record<string, unknown> | null): {
  id: string;
  state: string;
  [key: string]: unknown;
} {
  return (event?.['interaction'] ?? event?.['chat']) as { id: string; state: string };
}

export const inState =
  (state: string) =>
  (event: Record<string, unknown>): boolean =>
    event['notificationType'] === 'StatusChange' && interactionOf(event)?.state === state;
