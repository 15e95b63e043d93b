import type { IncomingMessage } from 'node:http';
import { TokenProvider } from 'usher-bots';
import { describe, expect, it, onTestFinished } from 'vitest';
import { createCometD } from '../../../core/transport/cometd-library.ts';
import { HttpSession } from '../../../core/transport/http-session.ts';
import type { NetworkOptions } from '../../../core/transport/network.ts';
import type { BayeuxMessage } from './bayeux-server.ts';
import { connectTo, topic } from './connect-to.ts';
import { eventually } from './eventually.ts';
import { forwardProxy } from './forward-proxy.ts';
import { localServer, readFixture, session, testNetwork } from './local-server.ts';
import { acceptWebSockets, type ServerSocket } from './web-socket-server.ts';

const transports = ['websocket', 'long-polling'] as const;
const ca = readFixture('ca.pem');

interface Options {
  readonly tls?: boolean;
  readonly refusal?: (request: IncomingMessage) => number | undefined;
  /** Answers a message; `true`: it is answered. */
  readonly answers?: (message: BayeuxMessage, socket: ServerSocket) => boolean;
}

/** A server that speaks Bayeux by web socket, and by HTTP only enough for a connection to fall back to it. */
async function socketServer({ tls = false, refusal, answers = () => false }: Options = {}) {
  const sockets: ServerSocket[] = [];
  const posted: string[] = [];
  /** For each poll that is held, or was, its socket. */
  const held: ServerSocket[] = [];
  const reply = (message: BayeuxMessage): object => ({
    id: message.id,
    channel: message.channel,
    clientId: 'c1',
    successful: true,
    version: '1.0',
    supportedConnectionTypes: ['websocket', 'long-polling'],
    ...(message.subscription !== undefined && { subscription: message.subscription }),
    ...(message.channel === '/meta/handshake' && { advice: { reconnect: 'retry', timeout: 30_000 } }),
  });
  const isHeld = ({ channel, advice }: BayeuxMessage) =>
    channel === '/meta/connect' && advice?.['timeout'] !== 0;
  const origin = await localServer(
    ({ body }, response) => {
      const messages: BayeuxMessage[] = JSON.parse(body);
      posted.push(...messages.map(({ channel }) => channel));
      if (!messages.some(isHeld)) response.end(JSON.stringify(messages.map(reply)));
    },
    {
      tls,
      prepare: (server) =>
        acceptWebSockets(
          server,
          (socket) => {
            sockets.push(socket);
            socket.onText = (text) => {
              for (const message of JSON.parse(text) as BayeuxMessage[]) {
                if (answers(message, socket)) continue;
                if (isHeld(message)) held.push(socket);
                else socket.send(JSON.stringify([reply(message)]));
              }
            };
          },
          refusal,
        ),
    },
  );
  const last = (): ServerSocket => sockets.at(-1) ?? expect.unreachable('no web socket is open');
  const polled = async (): Promise<ServerSocket> => {
    await eventually(() => held.includes(last())).toBe(true);
    return last();
  };
  return { origin, sockets, posted, reply, last, polled };
}

const connect = (origin: string, options: NetworkOptions = {}, http = session(origin)) =>
  connectTo(origin, { http, network: testNetwork({ transports, ...options }) });

describe('a web socket', () => {
  it("is opened in the agent's HTTP session: credentials, cookies, CSRF token, headers of the config", async () => {
    const { origin, last, posted } = await socketServer();
    const http = new HttpSession(origin, {
      username: 'ada',
      password: 'secret',
      headers: { 'x-api-key': 'k' },
    });
    http.absorb(origin, new Headers({ 'set-cookie': 'JSESSIONID=s1', 'x-csrf-header': 'X-T', 'x-t': 't1' }));
    const { first } = connect(origin, {}, http);
    await first('subscribed');
    expect(last().request.headers).toMatchObject({
      authorization: `Basic ${Buffer.from('ada:secret').toString('base64')}`,
      cookie: 'JSESSIONID=s1',
      'x-t': 't1',
      'x-api-key': 'k',
    });
    expect(last().request.url).toBe('/notifications');
    expect(posted).toEqual([]);
  });

  it("keeps what the server's answer to the upgrade sets", async () => {
    const { origin } = await socketServer();
    const { first, http } = connect(origin);
    await first('subscribed');
    const cookies: (string | undefined)[] = [];
    await http.send({ method: 'GET', url: origin }, async ({ headers }) => {
      cookies.push(headers['cookie']);
      return { status: 200, headers: new Headers(), text: '' };
    });
    expect(cookies).toEqual(['FROM_UPGRADE=1']);
  });

  it('is its own for each of two agents on one host', async () => {
    const { origin, sockets } = await socketServer();
    const network = testNetwork({ transports });
    const agents = ['ada', 'bea'].map((name) => {
      const http = session(origin, name);
      http.absorb(origin, new Headers({ 'set-cookie': `JSESSIONID=${name}` }));
      return { name, ...connectTo(origin, { http, network }) };
    });
    await Promise.all(agents.map(({ first }) => first('subscribed')));
    expect(sockets.map(({ request }) => request.headers.cookie).sort()).toEqual([
      'JSESSIONID=ada',
      'JSESSIONID=bea',
    ]);
    for (const { line, request, send } of sockets) {
      const data = request.headers.cookie;
      expect(line.destroyed).toBe(false);
      send(JSON.stringify([{ channel: topic, data }]));
    }
    for (const { name, data } of agents) await eventually(data).toEqual([`JSESSIONID=${name}`]);
  });

  it('reads letters that are cut between two frames', async () => {
    const { origin, last } = await socketServer();
    const { first } = connect(origin);
    await first('subscribed');
    last().send(JSON.stringify([{ channel: topic, data: 'Grüße, 愛子 👋' }]), 1);
    expect(await first('message')).toMatchObject({ data: 'Grüße, 愛子 👋' });
  });

  it('is opened with a new token when the old one is refused', async () => {
    const { origin, last } = await socketServer({
      refusal: ({ headers }) => (headers.authorization === 'Bearer t2' ? undefined : 401),
    });
    let count = 0;
    class Counting extends TokenProvider {
      override token(): string {
        count += 1;
        return `t${count}`;
      }
    }
    const { first } = connect(
      origin,
      {},
      new HttpSession(origin, { username: 'ada', tokens: new Counting() }),
    );
    await first('subscribed');
    expect(last().request.headers.authorization).toBe('Bearer t2');
    expect(count).toBe(2);
  });

  it('is not opened for one who has unsubscribed while the token was awaited', async () => {
    const { origin, sockets } = await socketServer();
    let give: (token: string) => void = () => undefined;
    class Slow extends TokenProvider {
      override token(): Promise<string> {
        return new Promise((resolve) => {
          give = resolve;
        });
      }
    }
    const http = new HttpSession(origin, { username: 'ada', tokens: new Slow() });
    const { running } = connect(origin, {}, http);
    running.unsubscribe();
    give('t1');
    // Once this has gone out with the token, the web socket would have, too.
    const transmit = async () => ({ status: 200, headers: new Headers(), text: '' });
    await http.send({ method: 'GET', url: origin }, transmit);
    expect((await fetch(origin, { method: 'POST', body: '[]' })).ok).toBe(true);
    expect(sockets).toEqual([]);
  });

  it('is opened again when it is cut, and the session goes on', async () => {
    const { origin, sockets, polled } = await socketServer();
    const { first, kinds } = connect(origin);
    await first('subscribed');
    (await polled()).line.destroy();
    await first('resumed');
    expect(kinds()).toEqual(['subscribed', 'interrupted', 'resumed']);
    expect(await first('interrupted')).toMatchObject({ reason: 'the web socket was closed (1006)' });
    expect(sockets).toHaveLength(2);
  });

  it.each([
    ['no JSON', (socket: ServerSocket) => socket.send('<html>')],
    ['no messages', (socket: ServerSocket) => socket.send('[null, 7, {}]')],
    ['bytes', (socket: ServerSocket) => socket.sendFrame(2, Buffer.from([1, 2, 3]))],
  ])('bears %s', async (_what, disturb) => {
    const { origin, last } = await socketServer();
    const { first, kinds } = connect(origin);
    await first('subscribed');
    disturb(last());
    last().send(JSON.stringify([{ channel: topic, data: 1 }]));
    expect(await first('message')).toMatchObject({ data: 1 });
    expect(kinds()).toEqual(['subscribed', 'message']);
  });

  it.each([
    ['a frame that breaks the protocol', (socket: ServerSocket) => socket.sendFrame(7, Buffer.from('x'))],
    ['a text that is no UTF-8', (socket: ServerSocket) => socket.sendFrame(1, Buffer.from([0xff, 0xfe]))],
    ['a close of the server', (socket: ServerSocket) => socket.sendFrame(8, Buffer.from([0x03, 0xe9]))],
  ])('is replaced after %s', async (_what, disturb) => {
    const { origin, polled, sockets } = await socketServer();
    const { first } = connect(origin);
    await first('subscribed');
    disturb(await polled());
    await first('resumed');
    expect(sockets).toHaveLength(2);
  });

  it('ends the session when the server does not know it any more', async () => {
    const { origin, last, reply } = await socketServer({
      answers: (message, socket) => {
        if (message.channel !== '/meta/connect' || message.advice?.['timeout'] === 0) return false;
        socket.send(
          JSON.stringify([
            {
              ...reply(message),
              successful: false,
              error: '402::session_unknown',
              advice: { reconnect: 'handshake' },
            },
          ]),
        );
        return true;
      },
    });
    const { failure } = connect(origin);
    expect(await failure()).toMatchObject({ code: 'USHER_CONNECTION_LOST' });
    await eventually(() => last().line.destroyed).toBe(true);
  });

  it('is heard no more once another has taken its place', async () => {
    const { origin, sockets, polled, reply } = await socketServer({
      answers: (message, socket) => {
        socket.isPolite = false;
        if (message.channel !== '/meta/handshake') return false;
        const advice = { reconnect: 'retry', timeout: 100 };
        socket.send(JSON.stringify([{ ...reply(message), advice }]));
        return true;
      },
    });
    const network = testNetwork({ transports });
    const { first, data } = connectTo(origin, { network, maxNetworkDelay: 1_000 });
    await first('subscribed');
    const old = await polled();
    await first('resumed');
    old.send(JSON.stringify([{ channel: topic, data: 'late' }]));
    (await polled()).send(JSON.stringify([{ channel: topic, data: 'in time' }]));
    await eventually(data).toEqual(['in time']);
    expect(sockets.length).toBeGreaterThan(1);
  });

  it('is closed with its connection', async () => {
    const { origin, last } = await socketServer();
    const { first, running } = connect(origin);
    await first('subscribed');
    running.unsubscribe();
    await eventually(() => last().line.destroyed).toBe(true);
  });

  it('is closed with its connection by a server that says nothing to that', async () => {
    const { origin, last } = await socketServer({
      answers: ({ channel }) => channel === '/meta/disconnect',
    });
    const network = testNetwork({ transports });
    const { first, running } = connectTo(origin, { network, maxNetworkDelay: 500 });
    await first('subscribed');
    last().isPolite = false;
    running.unsubscribe();
    await eventually(() => last().line.destroyed).toBe(true);
  });

  it('is given up with its connection while the upgrade is not answered', async () => {
    const lines: IncomingMessage['socket'][] = [];
    const { origin } = await socketServer({
      refusal: ({ socket }) => {
        lines.push(socket);
        return 0;
      },
    });
    const { running } = connect(origin);
    await eventually(() => lines).toHaveLength(1);
    running.unsubscribe();
    await eventually(() => lines.map(({ destroyed }) => destroyed)).toEqual([true]);
  });

  it('trusts the authority of the config, over TLS', async () => {
    const { origin, posted } = await socketServer({ tls: true });
    const { first } = connect(origin, { ca });
    await first('subscribed');
    expect(posted).toEqual([]);
  });

  it.each([false, true])('goes through the proxy by a tunnel (TLS: %s)', async (tls) => {
    const proxy = await forwardProxy({ credentials: 'desk:secret' });
    const { origin, posted } = await socketServer({ tls });
    const named = origin.replace('127.0.0.1', 'gws.test');
    const { first } = connect(named, { ca, proxy: `http://desk:secret@${proxy.host}` });
    await first('subscribed');
    expect(proxy.asked).toEqual([`CONNECT ${new URL(named).host}`]);
    expect(posted).toEqual([]);
  });
});

describe('a web socket that cannot be had', () => {
  const fallsBack = async (options: Options, delay = 10_000) => {
    const { origin, posted } = await socketServer(options);
    const { first } = connectTo(origin, { network: testNetwork({ transports }), maxNetworkDelay: delay });
    await first('subscribed');
    expect(posted.filter((channel) => channel === '/meta/handshake')).toHaveLength(1);
  };

  it.each([200, 400, 401, 403, 404, 426, 500, 503])(
    'since the upgrade is answered with %i, is replaced by long polling',
    async (status) => {
      await fallsBack({ refusal: () => status });
    },
  );

  it('since the upgrade is not answered, is replaced by long polling', async () => {
    await fallsBack({ refusal: () => 0 }, 500);
  });

  it('since the line is silent after the upgrade, is replaced by long polling', async () => {
    await fallsBack({ answers: () => true }, 500);
  });

  it('is not replaced for one who has unsubscribed meanwhile', async () => {
    const { origin, posted } = await socketServer({ refusal: () => 404 });
    createCometD();
    const { window } = globalThis as unknown as { window: { setTimeout: typeof setTimeout } };
    const { setTimeout: usual } = window;
    onTestFinished(() => {
      window.setTimeout = usual;
    });
    const { running } = connect(origin);
    const toldToGoOn = new Promise<void>((resolve) => {
      window.setTimeout = ((run: () => void, delay: number) => {
        if (delay === 0) running.unsubscribe();
        return usual(() => {
          run();
          if (delay === 0) resolve();
        }, delay);
      }) as typeof setTimeout;
    });
    await toldToGoOn;
    const answer = await fetch(origin, { method: 'POST', body: '[{"channel":"/afterwards"}]' });
    expect(answer.ok).toBe(true);
    expect(posted).toEqual(['/afterwards']);
  });

  it('since the handshake is cut, is replaced by long polling', async () => {
    await fallsBack({
      answers: (_message, { line }) => {
        line.destroy();
        return true;
      },
    });
  });
});
