import { getCACertificates, setDefaultCACertificates } from 'node:tls';
import { inspect } from 'node:util';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { NetworkOptions } from '../../../core/transport/network.ts';
import { Requests } from '../../../core/transport/requests.ts';
import { certificate } from '../../integration/certificate.ts';
import { bayeuxServer } from './bayeux-server.ts';
import { connectTo, topic } from './connect-to.ts';
import { eventually } from './eventually.ts';
import { forwardProxy } from './forward-proxy.ts';
import { localServer, readFixture, session, testNetwork } from './local-server.ts';

const get = { method: 'GET', path: '/me' } as const;
const post = { method: 'POST', path: '/me', body: { operationName: 'Ready' } } as const;

const answering = (tls: boolean) =>
  localServer((_received, response) => void response.end('{"statusCode":0}'), { tls });

const requests = (origin: string, options: NetworkOptions = {}, timeout = 5_000): Requests =>
  new Requests(session(origin), testNetwork(options), { basePath: '', timeout });

const ca = readFixture('ca.pem');

/** The server under a name that only a proxy can resolve. */
const named = (origin: string): string => origin.replace('127.0.0.1', 'gws.test');

describe('a server with a certificate of a private authority', () => {
  it('is not trusted by itself', async () => {
    expect(await requests(await answering(true)).send(get)).toMatchObject({
      kind: 'not-sent',
      error: { code: 'USHER_TLS' },
    });
  });

  it('is trusted with the certificate of the authority', async () => {
    expect(await requests(await answering(true), { ca }).send(get)).toMatchObject({
      kind: 'answered',
      httpStatus: 200,
    });
  });

  it('is trusted beside the authorities that Node trusts', async () => {
    const usual = getCACertificates('default');
    setDefaultCACertificates([...usual, ca]);
    onTestFinished(() => setDefaultCACertificates(usual));
    const other = requests(await answering(true), { ca: certificate.cert });
    expect(await other.send(get)).toMatchObject({ kind: 'answered' });
  });

  it('must have the name that it is reached by', async () => {
    const origin = (await answering(true)).replace('127.0.0.1', 'other.test');
    const { host } = await forwardProxy();
    expect(await requests(origin, { ca, proxy: `http://${host}` }).send(get)).toMatchObject({
      kind: 'not-sent',
      error: { code: 'USHER_TLS' },
    });
  });

  it('sends its notifications too', async () => {
    const server = await bayeuxServer({}, { tls: true });
    const { first } = connectTo(server.origin, { network: testNetwork({ ca }) });
    await first('subscribed');
    await server.deliver({ channel: topic, data: 'hello' });
    expect(await first('message')).toMatchObject({ data: 'hello' });
  });
});

describe.each([
  ['an http server', false],
  ['an https server', true],
])('%s behind a proxy', (_what, tls) => {
  it('is reached by one socket for requests and one for polls, however many there are', async () => {
    const proxy = await forwardProxy();
    const server = await bayeuxServer({}, { tls });
    const origin = named(server.origin);
    const network = testNetwork({ proxy: `http://${proxy.host}`, ca });
    const { first, running, data } = connectTo(origin, { network });
    await first('subscribed');
    const rest = new Requests(session(origin), network, { basePath: '' });
    for (let n = 0; n < 30; n += 1) {
      await server.deliver({ channel: topic, data: n });
      await eventually(data).toHaveLength(n + 1);
      expect(await rest.send(post)).toMatchObject({ kind: 'answered' });
    }
    // One more may have been needed while a poll was held and the topics were subscribed.
    expect(proxy.accepted()).toBeLessThanOrEqual(3);
    running.unsubscribe();
    await network.close();
    await eventually(proxy.open).toBe(0);
  });

  it('is reached by no more than 64 sockets for requests', async () => {
    const proxy = await forwardProxy();
    const held: (() => void)[] = [];
    const origin = await localServer(
      (_received, response) => held.push(() => response.end('{"statusCode":0}')),
      { tls },
    );
    const rest = requests(named(origin), { proxy: `http://${proxy.host}`, ca }, 15_000);
    const answers = Promise.all(Array.from({ length: 70 }, () => rest.send(post)));
    await eventually(() => held).toHaveLength(64);
    for (const release of held.splice(0)) release();
    await eventually(() => held).toHaveLength(6);
    for (const release of held) release();
    expect((await answers).map(({ kind }) => kind)).toEqual(Array(70).fill('answered'));
    expect(proxy.accepted()).toBe(64);
  });

  it('sees nothing of the credentials for the proxy, which sees them', async () => {
    const proxy = await forwardProxy({ credentials: 'desk:p@ss word' });
    const seen: object[] = [];
    const origin = await localServer(
      (received, response) => {
        seen.push(received.headers);
        response.end('{"statusCode":0}');
      },
      { tls },
    );
    const options = { proxy: `http://desk:p%40ss%20word@${proxy.host}`, ca };
    expect(await requests(named(origin), options).send(post)).toMatchObject({ kind: 'answered' });
    expect(seen).toHaveLength(1);
    expect(seen[0]).not.toHaveProperty('proxy-authorization');
    expect(seen[0]).toHaveProperty('authorization');
  });

  it('is not reached with the wrong credentials for the proxy, and they are told to nobody', async () => {
    const proxy = await forwardProxy({ credentials: 'desk:right' });
    const origin = named(await answering(tls));
    const answer = await requests(origin, { proxy: `http://desk:hunter2@${proxy.host}`, ca }).send(post);
    expect(answer).toMatchObject({
      kind: 'not-sent',
      error: {
        code: 'USHER_SERVER_UNREACHABLE',
        message: `cannot reach ${origin} through the proxy http://${proxy.host}: the proxy wants credentials, or others (HTTP 407)`,
      },
    });
    const told = inspect(answer, { depth: 12, showHidden: true });
    expect(told).not.toContain('hunter2');
    expect(told).not.toContain(Buffer.from('desk:hunter2').toString('base64'));
  });

  it('is not reached when nobody listens at the proxy', async () => {
    const origin = named(await answering(tls));
    expect(await requests(origin, { proxy: 'http://127.0.0.1:1', ca }).send(post)).toMatchObject({
      kind: 'not-sent',
      error: {
        code: 'USHER_SERVER_UNREACHABLE',
        message: `cannot reach ${origin} through the proxy http://127.0.0.1:1: nothing listens there (ECONNREFUSED)`,
      },
    });
  });

  it('is reached by a proxy that speaks TLS, with the authority of the config', async () => {
    const proxy = await forwardProxy({ tls: true });
    const origin = named(await answering(tls));
    const url = `https://${proxy.host}`;
    expect(await requests(origin, { proxy: url, ca }).send(post)).toMatchObject({ kind: 'answered' });
    expect(await requests(origin, { proxy: url }).send(post)).toMatchObject({
      kind: 'not-sent',
      error: { code: 'USHER_TLS' },
    });
  });

  it('leaves no socket at the proxy when a poll is given up', async () => {
    const proxy = await forwardProxy();
    const server = await bayeuxServer({}, { tls });
    const network = testNetwork({ proxy: `http://${proxy.host}`, ca });
    for (let n = 0; n < 5; n += 1) {
      const { first, running } = connectTo(named(server.origin), { network });
      await first('subscribed');
      await server.held();
      running.unsubscribe();
      await eventually(() => server.channels.filter((one) => one === '/meta/disconnect')).toHaveLength(n + 1);
    }
    await eventually(proxy.open).toBeLessThanOrEqual(2);
  });
});

describe('a proxy that opens no tunnel', () => {
  it('is told as such: nothing was sent', async () => {
    const proxy = await forwardProxy({ tunnelStatus: 403 });
    const origin = named(await answering(true));
    expect(await requests(origin, { proxy: `http://${proxy.host}`, ca }).send(post)).toMatchObject({
      kind: 'not-sent',
      error: { message: expect.stringMatching(/: the proxy opens no tunnel \(HTTP 403\)$/) },
    });
  });

  it('and says nothing is given up', async () => {
    const proxy = await forwardProxy({ tunnelStatus: 0 });
    const origin = named(await answering(true));
    expect(await requests(origin, { proxy: `http://${proxy.host}`, ca }, 100).send(post)).toMatchObject({
      kind: 'no-answer',
    });
  });
});
