import { describe, expect, it } from 'vitest';
import { type Answers, bayeuxServer } from './bayeux-server.ts';
import { type ClientOptions, clientProcess } from './client-process.ts';
import { connectTo } from './connect-to.ts';
import { eventually } from './eventually.ts';
import { localServer } from './local-server.ts';
import { cometdServer } from './servers/cometd-server.ts';
import { acceptWebSockets } from './web-socket-server.ts';

const laterPolls = (answer: ReturnType<Answers[string]>): Answers => ({
  '/meta/connect': (_message, count) => (count === 1 ? {} : answer),
});
const webSocket = ['websocket', 'long-polling'];

/** A process with a connection, that is told to leave at some point: nothing may keep it alive then. */
async function leaving(
  options: ClientOptions,
  isTime: (client: ReturnType<typeof clientProcess>) => boolean,
): Promise<void> {
  const client = clientProcess(options);
  await eventually(() => isTime(client)).toBe(true);
  client.leave();
  expect(await client.ended).toBe(0);
  expect(client.told.at(-1)).toEqual({ kind: 'left', resources: [] });
}

describe('a process that has closed its connection ends by itself', () => {
  it('while a poll is held', async () => {
    const { origin, channels } = await bayeuxServer();
    await leaving({ origin }, () => channels.includes('/meta/connect'));
  });

  it('while the handshake is not answered', async () => {
    const { origin, channels } = await bayeuxServer({ '/meta/handshake': () => 'silence' });
    await leaving({ origin }, () => channels.includes('/meta/handshake'));
    expect(channels).toEqual(['/meta/handshake']);
  });

  it('while the subscription is not answered', async () => {
    const { origin, channels } = await bayeuxServer({ '/meta/subscribe': () => 'silence' });
    await leaving({ origin }, () => channels.includes('/meta/subscribe'));
  });

  it('while polls fail', async () => {
    const { origin } = await bayeuxServer(laterPolls({ http: 503 }));
    await leaving({ origin }, ({ kinds }) => kinds().includes('interrupted'));
  });

  it('after its session was lost', async () => {
    const { origin } = await bayeuxServer(laterPolls({ http: 401 }));
    await leaving({ origin }, ({ kinds }) => kinds().includes('error'));
  });

  it('after its topic was refused', async () => {
    const { origin } = await bayeuxServer({ '/meta/subscribe': () => ({ successful: false }) });
    await leaving({ origin }, ({ kinds }) => kinds().includes('error'));
  });

  it('while the server answers nothing any more, not even the good-bye', async () => {
    const { origin, channels } = await bayeuxServer({
      ...laterPolls('silence'),
      '/meta/disconnect': () => 'silence',
    });
    await leaving({ origin }, () => channels.filter((one) => one === '/meta/connect').length === 2);
  });

  it('by web socket', async () => {
    const { origin } = await cometdServer({ webSockets: true });
    await leaving({ origin, transports: webSocket }, ({ kinds }) => kinds().includes('subscribed'));
  });

  it('while the upgrade to a web socket is not answered', async () => {
    let asked = 0;
    const origin = await localServer(() => undefined, {
      prepare: (server) =>
        server.on('upgrade', (_request, line) => {
          asked += 1;
          line.on('error', () => line.destroy());
        }),
    });
    await leaving({ origin, transports: webSocket }, () => asked === 1);
  });

  it('while nothing is said over the web socket', async () => {
    let opened = 0;
    const origin = await localServer(() => undefined, {
      prepare: (server) =>
        acceptWebSockets(server, (socket) => {
          socket.onText = () => {
            opened += 1;
          };
        }),
    });
    await leaving({ origin, transports: webSocket }, () => opened === 1);
  });

  it('after long polling took the place of a web socket', async () => {
    const { origin } = await cometdServer();
    await leaving({ origin, transports: webSocket }, ({ kinds }) => kinds().includes('subscribed'));
  });
});

describe('a connection that is unsubscribed while it is being made', () => {
  it('has no session, and asks for nothing more, when the handshake is answered late', async () => {
    const server = await bayeuxServer({ '/meta/handshake': () => 'silence' });
    const { running } = connectTo(server.origin);
    await eventually(() => server.channels).toEqual(['/meta/handshake']);
    const closed = new Promise<void>((resolve) => server.onLineClosed(resolve));
    running.unsubscribe();
    await closed;
    expect(server.channels).toEqual(['/meta/handshake']);
  });

  it('is complete at once when it is told to close', async () => {
    const server = await bayeuxServer({ '/meta/handshake': () => 'silence' });
    const { close$, running } = connectTo(server.origin);
    await eventually(() => server.channels).toEqual(['/meta/handshake']);
    close$.next();
    expect(running.closed).toBe(true);
  });

  it('ends its session when its topics are not subscribed yet', async () => {
    const server = await bayeuxServer({ '/meta/subscribe': () => 'silence' });
    const { running } = connectTo(server.origin, { maxNetworkDelay: 500 });
    await eventually(() => server.channels).toContain('/meta/subscribe');
    running.unsubscribe();
    await eventually(server.openLines).toBe(0);
  });
});
