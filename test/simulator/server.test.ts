import { describe, expect, it } from 'vitest';
import { desk, gws, inState, interactionOf } from './desk.ts';

describe('the simulated server', () => {
  it('tells its version to everybody, and the rest to agents only', async () => {
    const { url } = await gws();
    expect(await (await fetch(`${url}/api/v2/diagnostics/version`)).json()).toMatchObject({ statusCode: 0 });
    const refused = await fetch(`${url}/api/v2/me`);
    expect(refused.status).toBe(401);
    expect(await refused.json()).toMatchObject({ statusCode: 20 });
  });

  it('makes one session per log-in, which ends with EndContactCenterSession', async () => {
    const server = await gws();
    const agent = await desk(server, 'ada');
    expect(server.agents[0]).toMatchObject({ loggedIn: true, ready: true });
    expect(await agent.post('/me', { operationName: 'EndContactCenterSession' })).toEqual({ statusCode: 0 });
    expect(server.agents[0]).toMatchObject({ loggedIn: false, ready: false });
  });

  it('goes on with a session that is started again, and counts how often', async () => {
    const server = await gws();
    const agent = await desk(server, 'ada');
    server.arrive({ firstName: 'Mia', steps: [{ pause: 60_000 }] });
    await agent.until(inState('Invited'));
    const again = { operationName: 'StartContactCenterSession', channels: ['chat'] };
    expect(await agent.post('/me', again)).toEqual({ statusCode: 0 });
    expect(server.agents[0]).toMatchObject({ sessionsStarted: 2, ready: true });
    expect(server.agents[0]?.parts.size).toBe(1);
  });

  it('counts what it holds open for an agent', async () => {
    const server = await gws();
    expect(server.connections('ada')).toEqual({ cometdSessions: 0, subscriptions: 0, httpSessions: 0 });
    await desk(server, 'ada');
    expect(server.connections('ada')).toEqual({ cometdSessions: 1, subscriptions: 1, httpSessions: 1 });
    await desk(server, 'ada', { ready: false, topic: '/**' });
    expect(server.connections('ada')).toEqual({ cometdSessions: 2, subscriptions: 2, httpSessions: 2 });
    server.expireSessions('ada');
    expect(server.connections('ada')).toEqual({ cometdSessions: 0, subscriptions: 0, httpSessions: 0 });
    expect(() => server.connections('nobody')).toThrow('there is no agent nobody');
  });

  it('lists what is open for the agent', async () => {
    const server = await gws();
    const agent = await desk(server, 'ada');
    const { chatId } = server.arrive({ firstName: 'Mia', steps: [{ pause: 60_000 }] });
    await agent.until(inState('Invited'));
    const body = (await (await agent.get('/me?subresources=*')).json()) as {
      user: { interactions: object[] };
    };
    expect(body.user.interactions).toMatchObject([{ id: chatId, state: 'Invited' }]);
  });

  it('wants the CSRF token with everything but GET', async () => {
    const server = await gws({ csrf: true });
    const login = {
      authorization: `Basic ${Buffer.from('ada:secret').toString('base64')}`,
      'content-type': 'application/json',
    };
    const me = await fetch(`${server.url}/api/v2/me`, { headers: login });
    const name = me.headers.get('x-csrf-header') ?? '';
    const token = me.headers.get(name) ?? '';
    const cookie = me.headers.getSetCookie()[0]?.split(';')[0] ?? '';
    const start = (headers: Record<string, string>) =>
      fetch(`${server.url}/api/v2/me`, {
        method: 'POST',
        headers: { ...login, cookie, ...headers },
        body: JSON.stringify({ operationName: 'StartContactCenterSession', channels: ['chat'] }),
      });
    const without = await start({});
    expect([without.status, await without.text()]).toEqual([403, 'Missing or invalid Csrf token']);
    expect((await start({ [name]: token })).status).toBe(200);
  });

  it('answers a body that is no JSON in the words of GWS', async () => {
    const agent = await desk(await gws(), 'ada');
    expect(await agent.post('/me', '{"operationName":')).toMatchObject({
      statusCode: 1,
      statusMessage: expect.stringMatching(/^the request cannot be read/),
    });
  });

  it.each([
    ['flat', (event: Record<string, unknown>) => event['state']],
    ['chat', (event: Record<string, unknown>) => (event['chat'] as { state: string } | undefined)?.state],
    ['interaction', (event: Record<string, unknown>) => interactionOf(event)?.state],
  ] as const)('sends events in the envelope %s', async (eventEnvelope, stateOf) => {
    const server = await gws({ wire: { eventEnvelope } });
    const agent = await desk(server, 'ada');
    server.arrive({ firstName: 'Mia', steps: [{ pause: 60_000 }] });
    expect(stateOf(await agent.until((event) => stateOf(event) !== undefined))).toBe('Invited');
  });

  it.each([
    ['status', { status: 6 }],
    ['statusCode', { statusCode: 6 }],
  ] as const)('answers by %s where told so', async (replyKey, expected) => {
    const agent = await desk(await gws({ wire: { replyKey } }), 'ada');
    expect(await agent.operate('x', 'Reject')).toMatchObject(expected);
  });

  it('maps refusals to HTTP where told so', async () => {
    const { url } = await gws({ wire: { httpErrorMapping: true } });
    const response = await fetch(`${url}/api/v2/me/interactions/x`, {
      method: 'POST',
      headers: {
        authorization: `Basic ${Buffer.from('ada:secret').toString('base64')}`,
        'content-type': 'application/json',
      },
      body: '{"operationName":"Dance"}',
    });
    expect(response.status).toBe(400);
  });

  it.each(['/v2/me/interactions', '/me/interactions', '/v2/me/*', '/v2/me/**', '/**'])(
    'delivers on %s',
    async (topic) => {
      const server = await gws();
      const agent = await desk(server, 'ada', { topic });
      server.arrive({ firstName: 'Mia', steps: [{ pause: 60_000 }] });
      await agent.until(inState('Invited'));
    },
  );

  it('delivers to the agent alone', async () => {
    const server = await gws();
    const [one, two] = [await desk(server, 'ada'), await desk(server, 'bea')];
    server.notify('bea', { messageType: 'ForBea' });
    await two.until(({ messageType }) => messageType === 'ForBea');
    server.notify('ada', { messageType: 'ForAda' });
    await one.until(({ messageType }) => messageType === 'ForAda');
    expect(one.events).toEqual([{ messageType: 'ForAda' }]);
  });

  it('takes chats from a web page by the customer API', async () => {
    const server = await gws();
    const agent = await desk(server, 'ada');
    const call = async (path: string, body?: object) =>
      (await (
        await fetch(`${server.url}/api/v2/chats${path}`, {
          headers: { ContactCenterId: 'x', 'content-type': 'application/json' },
          ...(body && { method: 'POST', body: JSON.stringify(body) }),
        })
      ).json()) as Record<string, unknown>;
    const { id } = await call('', { operationName: 'RequestChat', nickname: 'Mia Kerr', subject: 'Card' });
    await agent.until(inState('Invited'));
    await agent.operate(String(id), 'Accept', { nickname: 'Ada' });
    await call(`/${id}`, { operationName: 'SendMessage', text: 'hello' });
    await agent.operate(String(id), 'SendMessage', { text: 'Hi Mia' });
    expect(await call(`/${id}`)).toMatchObject({ chat: { state: 'Chatting' } });
    const { messages } = await call(`/${id}/messages?index=3`);
    expect(messages).toMatchObject([
      { index: 3, text: 'hello' },
      { index: 4, text: 'Hi Mia', from: { type: 'Agent', nickname: 'Ada' } },
    ]);
    expect(await call(`/${id}`, { operationName: 'Complete' })).toEqual({ statusCode: 0 });
  });

  it('shows what crosses the wire without a password, a cookie or a token', async () => {
    const seen: string[] = [];
    const server = await gws({ onExchange: (exchange) => seen.push(JSON.stringify(exchange)) });
    await desk(server, 'ada');
    expect(seen.length).toBeGreaterThan(4);
    for (const secret of ['secret', 'JSESSIONID', 'Basic ']) expect(seen.join()).not.toContain(secret);
  });

  it('can be closed twice', async () => {
    const server = await gws();
    await server.close();
    await server.close();
  });
});

describe('a scripted customer', () => {
  it('says what it missed', async () => {
    const server = await gws();
    const result = await server.arrive({ firstName: 'Mia', steps: [{ expect: 'Hello', within: 20 }] }).done;
    expect(result).toMatchObject({
      served: false,
      failure: 'waited 20 ms for a line with Hello; nothing was heard',
    });
  });
});
