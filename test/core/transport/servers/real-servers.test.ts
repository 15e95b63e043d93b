import { describe, expect, it } from 'vitest';
import type { TransportName } from '../../../../core/transport/network.ts';
import { connectTo, follow, topic } from '../connect-to.ts';
import { eventually } from '../eventually.ts';
import { session, testNetwork } from '../local-server.ts';
import { cometdServer } from './cometd-server.ts';
import { fayeServer } from './faye-server.ts';
import type { RealServer, RealServerOptions } from './real-server.ts';
import { cuttingRelay, splittingRelay } from './relays.ts';

const words = 'Grüße, 愛子 👋 – Καλημέρα';

const longPolling: readonly TransportName[] = ['long-polling'];
const webSocket: readonly TransportName[] = ['websocket', 'long-polling'];

const cases: readonly [
  string,
  (options?: RealServerOptions) => Promise<RealServer>,
  readonly TransportName[],
][] = [
  ['cometd-nodejs-server, by long polling', cometdServer, longPolling],
  ['faye, by long polling', fayeServer, longPolling],
  [
    'cometd-nodejs-server, by web socket',
    (options) => cometdServer({ ...options, webSockets: true }),
    webSocket,
  ],
  ['faye, by web socket', fayeServer, webSocket],
];

describe.each(cases)('on %s, a connection', (_name, start, transports) => {
  const connect = (origin: string) => connectTo(origin, { network: testNetwork({ transports }) });

  it('has one session and one subscription, and hands on what is published, in order', async () => {
    const server = await start();
    const { first, data } = connect(server.origin);
    await first('subscribed');
    expect([server.sessions(), server.subscribers(topic), server.handshakes()]).toEqual([1, 1, 1]);
    expect(server.posts() > 0).toBe(transports[0] === 'long-polling');
    for (let n = 1; n <= 20; n += 1) server.publish(topic, { n });
    await eventually(data).toHaveLength(20);
    expect(data()).toEqual(Array.from({ length: 20 }, (_, at) => ({ n: at + 1 })));
  });

  it('reads letters that are cut between two chunks', async () => {
    const server = await start();
    const { first, data } = connect(await splittingRelay(server.port));
    await first('subscribed');
    server.publish(topic, { words });
    server.publish(topic, { words });
    await eventually(data).toHaveLength(2);
    expect(data()).toEqual([{ words }, { words }]);
  });

  it('bears a message of megabytes', async () => {
    const server = await start();
    const { first, data } = connect(server.origin);
    await first('subscribed');
    const long = words.repeat(100_000);
    server.publish(topic, { long });
    await eventually(data).toHaveLength(1);
    expect(data()).toEqual([{ long }]);
  });

  it('is lost when the server forgets its session; the next is one session with one subscription', async () => {
    const server = await start();
    const before = connect(server.origin);
    await before.first('subscribed');
    server.forgetSessions();
    expect(await before.failure()).toMatchObject({ code: 'USHER_CONNECTION_LOST' });
    expect(server.handshakes()).toBe(1);

    const after = follow(before.stream$);
    await after.first('subscribed');
    server.publish(topic, { n: 1 });
    await eventually(after.data).toEqual([{ n: 1 }]);
    expect([server.sessions(), server.subscribers(topic), server.handshakes()]).toEqual([1, 1, 2]);
    expect(before.data()).toEqual([]);
  });

  it('is lost when the server is started again; the next is one session with one subscription', async () => {
    const first = await start();
    const before = connect(first.origin);
    await before.first('subscribed');
    await first.close();
    const second = await start({ port: first.port });
    expect(await before.failure()).toMatchObject({ code: 'USHER_CONNECTION_LOST' });

    const after = follow(before.stream$);
    await after.first('subscribed');
    second.publish(topic, { n: 1 });
    await eventually(after.data).toEqual([{ n: 1 }]);
    expect([second.sessions(), second.subscribers(topic), second.handshakes()]).toEqual([1, 1, 1]);
  });

  it('ends its session at the server when it is closed, and when it is unsubscribed', async () => {
    const server = await start();
    const closed = connect(server.origin);
    await closed.first('subscribed');
    closed.close$.next();
    await eventually(server.sessions).toBe(0);
    const dropped = connect(server.origin);
    await dropped.first('subscribed');
    dropped.running.unsubscribe();
    await eventually(server.sessions).toBe(0);
  });

  it('may be one of several on one host, each with its own session', async () => {
    const server = await start();
    const network = testNetwork({ transports });
    const all = ['ada', 'bea', 'cora'].map((name) =>
      connectTo(server.origin, { http: session(server.origin, name), network }),
    );
    await Promise.all(all.map(({ first }) => first('subscribed')));
    server.publish(topic, { n: 1 });
    for (const { data } of all) await eventually(data).toEqual([{ n: 1 }]);
    expect([server.sessions(), server.subscribers(topic), server.handshakes()]).toEqual([3, 3, 3]);
  });

  it('polls on when polls end without a message', async () => {
    // faye forgets a client after twice the hold without a poll.
    const server = await start({ hold: 500 });
    const { first, data, kinds } = connect(server.origin);
    await first('subscribed');
    const before = server.polls();
    await eventually(() => server.polls() >= before + 3).toBe(true);
    server.publish(topic, { n: 1 });
    await eventually(data).toEqual([{ n: 1 }]);
    expect(kinds()).toEqual(['subscribed', 'message']);
  });
});

describe('a server that knows acknowledgements', () => {
  it('sends again what was in a poll that was cut: nothing is lost, nothing comes twice', async () => {
    const server = await cometdServer();
    const { origin, cutNext, cuts } = await cuttingRelay(server.port);
    const { first, data } = connectTo(origin);
    await first('subscribed');
    for (let n = 1; n <= 3; n += 1) {
      cutNext();
      server.publish(topic, { n });
      await eventually(data).toHaveLength(n);
    }
    expect(data()).toEqual([{ n: 1 }, { n: 2 }, { n: 3 }]);
    expect([cuts(), server.handshakes()]).toEqual([3, 1]);
  });
});

describe('a web socket that a server does not have', () => {
  it('is replaced by long polling', async () => {
    const server = await cometdServer();
    const { first, data } = connectTo(server.origin, { network: testNetwork({ transports: webSocket }) });
    await first('subscribed');
    server.publish(topic, { n: 1 });
    await eventually(data).toEqual([{ n: 1 }]);
    expect([server.sessions(), server.subscribers(topic), server.handshakes()]).toEqual([1, 1, 1]);
  });
});
