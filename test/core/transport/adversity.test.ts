import { describe, expect, it, vi } from 'vitest';
import { HttpSession } from '../../../core/transport/http-session.ts';
import { type Answers, type BayeuxMessage, bayeuxServer } from './bayeux-server.ts';
import { type ConnectOptions, connectTo, topic } from './connect-to.ts';
import { eventually } from './eventually.ts';
import { skippingPauses } from './library-pauses.ts';

async function connected(answers: Answers, options: ConnectOptions = {}) {
  const server = await bayeuxServer(answers);
  return { server, ...connectTo(server.origin, options) };
}

/** The first poll asks not to be held; answers those after it. */
const laterPolls =
  (answer: (message: BayeuxMessage, count: number) => ReturnType<Answers[string]>): Answers[string] =>
  (message, count) =>
    message.advice?.['timeout'] === 0 && count === 1 ? {} : answer(message, count - 1);

const failed = (error: string, advice?: object) => ({ successful: false, error, advice });

describe('a poll that fails', () => {
  it.each<[string, ReturnType<Answers[string]>]>([
    ['HTTP 500', { http: 500 }],
    ['HTTP 502', { http: 502 }],
    ['HTTP 429', { http: 429 }],
    ['HTTP 204', { http: 204 }],
    ['an empty array', { body: '[]' }],
    ['an empty body', { body: '' }],
    ['a page', { body: '<html>' }],
    ['half a message', { body: '[{"channel":"/meta/connect"' }],
    ['a string', { body: '"connected"' }],
    ['null', { body: 'null' }],
    ['null in an array', { body: '[null]' }],
    ['messages without a channel', { body: '[{},[],7,"/meta/connect"]' }],
    ['messages, and no reply', { body: '[{"channel":"/v2/me/interactions","data":1}]' }],
    ['another object', { body: '{"ok":true}' }],
    ['a failure without a word', { successful: false }],
    ['a failure that is passing', failed('500::busy', { reconnect: 'retry', interval: 0 })],
  ])('by %s is tried again with growing pauses, and then goes on', async (_what, answer) => {
    const pauses = skippingPauses();
    const { server, first, kinds } = await connected({
      '/meta/connect': laterPolls((_message, count) => (count <= 3 ? answer : undefined)),
    });
    await first('interrupted');
    // The first poll after a failure asks to be answered at once; it is held here until there is a message.
    await server.deliver({ channel: topic, data: 'after all' });
    await first('resumed');
    expect(kinds()).toEqual(expect.arrayContaining(['subscribed', 'interrupted', 'resumed']));
    expect(kinds().filter((kind) => kind === 'interrupted')).toHaveLength(1);
    expect(server.channels.filter((channel) => channel === '/meta/handshake')).toHaveLength(1);
    expect(pauses.filter((pause) => pause > 0)).toEqual([500, 1_000, 1_500]);
  });

  it('for long is tried again every few seconds', async () => {
    const pauses = skippingPauses();
    const { first } = await connected({
      '/meta/connect': laterPolls((_message, count) => (count <= 14 ? { http: 503 } : {})),
    });
    await first('resumed');
    expect(pauses.filter((pause) => pause > 0).slice(9)).toEqual([5_000, 5_000, 5_000, 5_000, 5_000]);
  });

  it('tells nothing of what the server wrote', async () => {
    const { first } = await connected({
      '/meta/connect': laterPolls(() => ({ body: 'my password is hunter2' })),
    });
    expect(await first('interrupted')).toEqual({
      kind: 'interrupted',
      reason: 'the answer is not Bayeux',
    });
  });
});

describe('a session is lost, and no other is made behind our back, when a poll', () => {
  it.each<[string, ReturnType<Answers[string]>]>([
    ['is answered with HTTP 401', { http: 401 }],
    ['is answered with HTTP 403', { http: 403 }],
    ['is answered with HTTP 404', { http: 404 }],
    ['is answered with a redirection', { http: 302 }],
    ['is refused with 402, and advice', failed('402::session_unknown', { reconnect: 'handshake' })],
    ['is refused with 402, without advice', failed('402::Unknown client')],
    ['is refused with 402, and advice to go on', failed('402::Unknown client', { reconnect: 'retry' })],
    ['is refused in the words of faye', failed('401:c1:Unknown client', { reconnect: 'handshake' })],
    ['is refused in the words of Salesforce', failed('403::Unknown client', { reconnect: 'retry' })],
    ['fails with advice to give up', failed('500::no', { reconnect: 'none' })],
    ['succeeds with advice to give up', { advice: { reconnect: 'none' } }],
  ])('%s', async (_what, answer) => {
    const { server, failure } = await connected({ '/meta/connect': laterPolls(() => answer) });
    expect(await failure()).toMatchObject({ code: 'USHER_CONNECTION_LOST' });
    expect(server.channels.filter((channel) => channel === '/meta/handshake')).toHaveLength(1);
  });

  it('is answered by GWS that nobody is logged in', async () => {
    const server = await bayeuxServer({ '/meta/connect': laterPolls(() => ({ body: '{"statusCode":20}' })) });
    const http = new HttpSession(server.origin, {
      username: 'ada',
      password: 'x',
      isUnauthenticated: (body) => (body as { statusCode?: number }).statusCode === 20,
    });
    const { failure } = connectTo(server.origin, { http });
    expect(await failure()).toMatchObject({
      code: 'USHER_CONNECTION_LOST',
      message: 'the CometD session is lost: HTTP 401',
    });
  });
});

describe('a connection goes on', () => {
  it.each<[string, Answers]>([
    [
      'when a handshake that succeeds advises another',
      { '/meta/handshake': () => ({ advice: { reconnect: 'handshake', timeout: 30_000 } }) },
    ],
    [
      'when a poll that succeeds advises a handshake',
      {
        '/meta/connect': laterPolls((_message, n) =>
          n < 3 ? { advice: { reconnect: 'handshake' } } : undefined,
        ),
      },
    ],
    ['when the handshake reply does not name its request', { '/meta/handshake': () => ({ id: undefined }) }],
    ['when the subscription reply does not', { '/meta/subscribe': () => ({ id: undefined }) }],
    [
      'when the replies to polls do not',
      { '/meta/connect': laterPolls((_message, n) => (n < 3 ? { id: undefined } : undefined)) },
    ],
    [
      'when the replies are of another number',
      { '/meta/subscribe': () => ({ id: undefined, subscription: undefined }) },
    ],
    ['when the handshake announces messages', { '/meta/handshake': () => ({ 'x-messages': 3 }) }],
    ['when success is a word', { '/meta/handshake': () => ({ successful: 'true' }) }],
    [
      'when the server does not say what it supports',
      { '/meta/handshake': () => ({ supportedConnectionTypes: null }) },
    ],
    ...['retyr', null, 7, {}].map((reconnect): [string, Answers] => [
      `when the advice is to reconnect by ${JSON.stringify(reconnect)}`,
      { '/meta/handshake': () => ({ advice: { reconnect } }) },
    ]),
    ...[null, [], 'retry', 7].map((advice): [string, Answers] => [
      `when the advice is ${JSON.stringify(advice)}`,
      { '/meta/handshake': () => ({ advice }) },
    ]),
  ])('%s', async (_what, answers) => {
    const { server, first, kinds } = await connected(answers);
    await first('subscribed');
    await server.deliver({ channel: topic, data: 'hello' });
    expect(await first('message')).toMatchObject({ data: 'hello' });
    await server.held();
    expect(kinds()).toEqual(['subscribed', 'message']);
  });

  it('when clocks are set', async () => {
    const { server, first, kinds } = await connected({});
    await first('subscribed');
    for (const [at, leap] of [3_600_000, -7_200_000, 0].entries()) {
      const { now } = Date;
      const clock = vi.spyOn(Date, 'now').mockImplementation(() => now() + leap);
      await server.deliver({ channel: topic, data: at });
      await server.held();
      clock.mockRestore();
    }
    expect(kinds()).toEqual(['subscribed', 'message', 'message', 'message']);
  });
});

describe('a server that answers polls at once', () => {
  it('is asked less and less often, until it holds one', async () => {
    const pauses = skippingPauses();
    const { server, first } = await connected({
      '/meta/connect': laterPolls((_message, count) => (count <= 12 ? {} : undefined)),
    });
    await first('subscribed');
    await server.held();
    const slower = pauses.filter((pause) => pause > 0);
    expect(slower).toEqual([100, 200, 400, 800, 1_600, 2_000, 2_000, 2_000]);
    // The next two answers are judged one poll later each.
    for (const data of [1, 2, 3]) await server.deliver({ channel: topic, data });
    await server.held();
    expect(pauses.slice(-2)).toEqual([0, 0]);
  });

  it('but with a message each time, is asked as often as it has one', async () => {
    const pauses = skippingPauses();
    const { server, first, data } = await connected({});
    await first('subscribed');
    for (let n = 1; n <= 10; n += 1) await server.deliver({ channel: topic, data: n });
    await eventually(data).toHaveLength(10);
    expect(pauses.filter((pause) => pause > 0)).toEqual([]);
  });
});

describe('a server that does not answer', () => {
  it('to a handshake makes the connection fail', async () => {
    const { failure } = await connected({ '/meta/handshake': () => 'silence' }, { maxNetworkDelay: 50 });
    expect(await failure()).toMatchObject({
      code: 'USHER_SERVER_UNREACHABLE',
      message: expect.stringMatching(/^no answer from .* to the CometD handshake in time$/),
    });
  });

  it('to a subscription makes the connection fail', async () => {
    const { failure } = await connected({ '/meta/subscribe': () => 'silence' }, { maxNetworkDelay: 500 });
    expect(await failure()).toMatchObject({
      code: 'USHER_CONNECTION_LOST',
      message: `the CometD session is lost: topic ${topic} failed: no answer in time`,
    });
  });

  it('with a reply to a subscription makes the connection fail', async () => {
    const { failure } = await connected({
      '/meta/subscribe': () => ({ body: '[{"channel":"/x","data":1}]' }),
    });
    expect(await failure()).toMatchObject({ code: 'USHER_CONNECTION_LOST' });
  });

  it('to a poll any more, after it has kept to the hold it was asked for, is noticed after that', async () => {
    const { server, first } = await connected(
      {
        '/meta/handshake': () => ({ advice: { reconnect: 'retry', timeout: 60_000 } }),
        '/meta/connect': laterPolls((_message, count) => (count === 1 ? undefined : 'silence')),
      },
      { hold: 200, maxNetworkDelay: 1_000 },
    );
    const { message } = await server.held();
    expect(message.advice).toEqual({ timeout: 200 });
    setTimeout(() => void server.deliver(), 200);
    expect(await first('interrupted')).toEqual({ kind: 'interrupted', reason: 'no answer in time' });
  });

  it('to a poll before it has held it as long as it advised is waited for', async () => {
    const { server, kinds } = await connected(
      {
        '/meta/handshake': () => ({ advice: { reconnect: 'retry', timeout: 4_000 } }),
        '/meta/connect': laterPolls(() => undefined),
      },
      { hold: 100, maxNetworkDelay: 1_000 },
    );
    const { message } = await server.held();
    expect(message.advice).toEqual({ timeout: 100 });
    setTimeout(() => void server.deliver({ channel: topic, data: 1 }), 1_500);
    await eventually(() => kinds().length).toBe(2);
    expect(kinds()).toEqual(['subscribed', 'message']);
  });

  it('at all any more ends the connection', async () => {
    const { failure } = await connected(
      {
        '/meta/handshake': () => ({ advice: { reconnect: 'retry', timeout: 100 } }),
        '/meta/connect': laterPolls(() => 'silence'),
      },
      { maxNetworkDelay: 1_000 },
    );
    expect(await failure()).toMatchObject({
      message: 'the CometD session is lost: no poll has succeeded for too long',
    });
  });
});
