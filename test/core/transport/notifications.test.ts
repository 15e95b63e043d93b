import { filter, firstValueFrom, lastValueFrom, NEVER, take, toArray } from 'rxjs';
import type { ErrorCode } from 'usher-bots';
import { describe, expect, it } from 'vitest';
import { notifications } from '../../../core/transport/notifications.ts';
import { type Answers, bayeuxServer } from './bayeux-server.ts';
import { connectTo, topic } from './connect-to.ts';
import { eventually } from './eventually.ts';
import { session, testNetwork } from './local-server.ts';

const topics = [topic];

/** A connection to a server that answers like this, closed with the test. */
async function connected(answers: Answers = {}, wanted = topics) {
  const server = await bayeuxServer(answers);
  return { server, ...connectTo(server.origin, { topics: wanted }) };
}

const told = (data: unknown, channel = topics[0]) => ({ channel, data });

describe('a CometD connection', () => {
  it('tells that it has subscribed, once, when every topic is', async () => {
    const { server, signals, first } = await connected({}, ['/v2/me/interactions', '/v2/me/channels']);
    await first('subscribed');
    await server.deliver(told({ messageType: 'x' }));
    await first('message');
    const seen = await firstValueFrom(signals.pipe(take(2), toArray()));
    expect(seen.map(({ kind }) => kind)).toEqual(['subscribed', 'message']);
  });

  it('hands on each message with its topic, in order', async () => {
    const { server, signals, first } = await connected();
    await first('subscribed');
    await server.deliver(told({ n: 1 }), told({ n: 2 }));
    const seen = await firstValueFrom(
      signals.pipe(
        filter(({ kind }) => kind === 'message'),
        take(2),
        toArray(),
      ),
    );
    expect(seen).toEqual([1, 2].map((n) => ({ kind: 'message', topic: topics[0], data: { n } })));
  });

  it('reads a letter that is cut between two chunks of a poll', async () => {
    const { server, first } = await connected();
    await first('subscribed');
    const { response } = await server.held();
    const bytes = Buffer.from(JSON.stringify([told({ text: 'Grüße, 愛子 👋' })]));
    response.write(bytes.subarray(0, bytes.indexOf(0xf0) + 2), () =>
      response.end(bytes.subarray(bytes.indexOf(0xf0) + 2)),
    );
    expect(await first('message')).toMatchObject({ data: { text: 'Grüße, 愛子 👋' } });
  });

  it('shows the credentials, the cookies and the CSRF token of its session with every request', async () => {
    const { server, first, http } = await connected();
    await first('subscribed');
    http.absorb(
      server.origin,
      new Headers({ 'set-cookie': 'JSESSIONID=s1', 'x-csrf-header': 'X-T', 'x-t': 'token' }),
    );
    await server.deliver(told({ n: 1 }));
    await first('message');
    await server.held();
    expect(server.requests.at(-1)?.headers).toMatchObject({ cookie: 'JSESSIONID=s1', 'x-t': 'token' });
    expect(server.requests.every(({ headers }) => headers.authorization?.startsWith('Basic '))).toBe(true);
  });

  it('is interrupted by a poll that fails, and resumed by the next: nothing is lost', async () => {
    const { signals } = await connected({
      '/meta/connect': (_message, count) => (count === 2 ? { http: 500 } : count < 5 ? {} : undefined),
    });
    const seen = await firstValueFrom(signals.pipe(take(3), toArray()));
    expect(seen.map(({ kind }) => kind)).toEqual(['subscribed', 'interrupted', 'resumed']);
  });
});

describe('a CometD connection that cannot be made', () => {
  it.each<[string, Answers, ErrorCode, RegExp]>([
    [
      'the credentials are refused',
      { '/meta/handshake': () => ({ http: 401 }) },
      'USHER_LOGIN_REFUSED',
      /401/,
    ],
    ['the path is another', { '/meta/handshake': () => ({ http: 404 }) }, 'USHER_COMETD_REFUSED', /404/],
    [
      'the handshake is refused',
      {
        '/meta/handshake': () => ({
          successful: false,
          error: '403::Handshake denied',
          advice: { reconnect: 'none' },
        }),
      },
      'USHER_COMETD_REFUSED',
      /Handshake denied/,
    ],
    [
      'the topic is refused',
      { '/meta/subscribe': () => ({ successful: false, error: '403:/x:Subscription denied' }) },
      'USHER_COMETD_REFUSED',
      /topic \/v2\/me\/interactions: .*Subscription denied/,
    ],
  ])('fails when %s', async (_what, answers, code, message) => {
    const { failure, signals } = await connected(answers);
    expect(await failure()).toMatchObject({ code, message: expect.stringMatching(message) });
    const kinds: string[] = [];
    signals.subscribe({ next: ({ kind }) => kinds.push(kind), error: () => undefined });
    expect(kinds).toEqual([]);
  });

  it('fails when nobody listens', async () => {
    const connection = notifications({
      url: 'http://127.0.0.1:1/notifications',
      topics,
      http: session('http://127.0.0.1:1'),
      network: testNetwork(),
      close$: NEVER,
    });
    await expect(lastValueFrom(connection)).rejects.toMatchObject({ code: 'USHER_SERVER_UNREACHABLE' });
  });
});

describe('a CometD session that is lost', () => {
  it.each([
    ['402::session_unknown', { reconnect: 'handshake', interval: 0 }],
    ['402::Unknown client', { reconnect: 'handshake' }],
    ['402::session_unknown', { reconnect: 'none' }],
  ])('by %s is an error, and no session is made behind our back', async (error, advice) => {
    const { server, failure } = await connected({
      '/meta/connect': (_message, count) => (count < 2 ? {} : { successful: false, error, advice }),
    });
    expect(await failure()).toMatchObject({ code: 'USHER_CONNECTION_LOST' });
    expect(server.channels.filter((channel) => channel === '/meta/handshake')).toHaveLength(1);
  });
});

describe('a CometD connection that is no longer wanted', () => {
  it('is ended in good order when told so', async () => {
    const { server, signals, first, close$ } = await connected();
    await first('subscribed');
    const ended = lastValueFrom(signals);
    close$.next();
    expect(await ended).toEqual({ kind: 'subscribed' });
    expect(server.channels.at(-1)).toBe('/meta/disconnect');
  });

  it('says good-bye when it is unsubscribed, and says nothing after', async () => {
    const { server, running, first } = await connected();
    await first('subscribed');
    running.unsubscribe();
    await eventually(() => server.channels.at(-1)).toBe('/meta/disconnect');
  });
});
