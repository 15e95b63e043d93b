import { describe, expect, it } from 'vitest';
import { desk } from '../desk.ts';
import { chatting, texts } from './chatting.ts';

type Chatting = Awaited<ReturnType<typeof chatting>>;

const say = ({ agent, id }: Chatting, text: string): Promise<Response> =>
  agent.send(`/me/interactions/${id}`, { operationName: 'SendMessage', text });

/** What the customer has heard, once a last message has come through. */
async function heardAtLast(chat: Chatting): Promise<string[]> {
  await say(chat, 'last');
  await expect.poll(() => chat.customer.heard.map(({ text }) => text)).toContain('last');
  return chat.customer.heard.map(({ text }) => text);
}

describe('a fault of calls answers wrongly', () => {
  it.each([
    ['http5xx', 503, 'Service Unavailable', []],
    ['error500AfterEffect', 500, 'Internal Server Error', ['a']],
    ['statusCode4', 200, '{"statusCode":4,"statusMessage":"internal error"}', []],
    ['slow', 200, '{"statusCode":0}', ['a']],
  ] as const)('%s: %i', async (kind, status, body, heard) => {
    const chat = await chatting();
    chat.plan({ kind, operation: 'SendMessage', ...(kind === 'slow' && { ms: [10, 10] as const }) });
    const response = await say(chat, 'a');
    expect([response.status, await response.text()]).toEqual([status, body]);
    expect(await heardAtLast(chat)).toEqual([...heard, 'last']);
    expect(chat.server.faults.injected).toMatchObject([
      { kind, username: 'ada', operation: 'SendMessage', interactionId: chat.id },
    ]);
  });

  it.each([
    ['cutBefore', []],
    ['cutAfter', ['a']],
  ] as const)('%s: not at all', async (kind, heard) => {
    const chat = await chatting();
    chat.plan({ kind });
    await expect(say(chat, 'a')).rejects.toThrow('fetch failed');
    expect(await heardAtLast(chat)).toEqual([...heard, 'last']);
  });

  it('lateEffect: not at all, and takes effect afterwards', async () => {
    const chat = await chatting();
    chat.plan({ kind: 'lateEffect', ms: [100, 100] });
    await expect(say(chat, 'a')).rejects.toThrow('fetch failed');
    expect(chat.customer.heard).toEqual([]);
    await expect.poll(() => chat.customer.heard.map(({ text }) => text)).toEqual(['a']);
  });

  it.each([
    ['before the effect', 0, []],
    ['after the effect', 1, ['a']],
  ] as const)('hang: never, %s', async (detail, effect, heard) => {
    const chat = await chatting();
    chat.plan({ kind: 'hang', effect });
    let settled = false;
    say(chat, 'a').then(
      () => {
        settled = true;
      },
      () => undefined,
    );
    await expect.poll(() => chat.server.faults.injected).toMatchObject([{ kind: 'hang', detail }]);
    expect(await heardAtLast(chat)).toEqual([...heard, 'last']);
    expect(settled).toBe(false);
  });

  it('says what has had an effect', async () => {
    const chat = await chatting();
    for (const kind of ['http5xx', 'statusCode4', 'error500AfterEffect', 'errorEvent'] as const) {
      chat.plan({ kind });
      await say(chat, kind);
    }
    expect(chat.server.operations.slice(1)).toMatchObject([
      { operationName: 'SendMessage', status: 4, effect: false },
      { operationName: 'SendMessage', status: 0, effect: true },
      { operationName: 'SendMessage', status: 0, effect: false },
    ]);
  });
});

describe('a fault of sessions', () => {
  const body = { operationName: 'SendMessage', text: 'a' };

  it('expireHttp: 401 with statusCode 20 without a log-in, and CometD goes with it', async () => {
    const { server, agent, id, plan } = await chatting();
    plan({ kind: 'expireHttp' });
    const response = await agent.send(`/me/interactions/${id}`, body, { authorization: '' });
    expect([response.status, await response.json()]).toMatchObject([401, { statusCode: 20 }]);
    expect(server.connections('ada')).toEqual({ cometdSessions: 0, subscriptions: 0, httpSessions: 0 });
  });

  it('expireHttp: a new session with a log-in', async () => {
    const { server, agent, id, plan } = await chatting();
    plan({ kind: 'expireHttp' });
    const response = await agent.send(`/me/interactions/${id}`, body);
    expect(response.headers.getSetCookie()[0]).toMatch(/^JSESSIONID=/);
    expect(await response.json()).toEqual({ statusCode: 0 });
    expect(server.connections('ada')).toEqual({ cometdSessions: 0, subscriptions: 0, httpSessions: 1 });
    expect((await agent.poll())[0]).toMatchObject({ error: expect.stringMatching(/^402::/) });
  });

  it('csrf403: the token has changed, and a reading tells the new one', async () => {
    const { agent, customer, id, plan } = await chatting({ csrf: true });
    plan({ kind: 'csrf403' });
    for (const _time of [1, 2]) {
      const response = await agent.send(`/me/interactions/${id}`, body);
      expect([response.status, await response.text()]).toEqual([403, 'Missing or invalid Csrf token']);
    }
    await agent.get('/me');
    expect(await agent.post(`/me/interactions/${id}`, body)).toEqual({ statusCode: 0 });
    await expect.poll(() => customer.heard).toHaveLength(1);
  });

  it('csrf403 needs the protection to be on', async () => {
    const { server, agent, id, plan } = await chatting();
    plan({ kind: 'csrf403' });
    expect(await agent.post(`/me/interactions/${id}`, body)).toEqual({ statusCode: 0 });
    expect(server.faults.injected).toEqual([]);
  });
});

describe('a fault of the server', () => {
  it('restart: refuses connections, then listens again without sessions, with its chats', async () => {
    const chat = await chatting();
    const { server, agent, id, plan } = chat;
    plan({ kind: 'restart', ms: [200, 200] });
    await expect(say(chat, 'a')).rejects.toThrow('fetch failed');
    await expect(fetch(server.url)).rejects.toMatchObject({ cause: { code: 'ECONNREFUSED' } });
    await expect
      .poll(() =>
        fetch(server.url).then(
          ({ status }) => status,
          () => 0,
        ),
      )
      .toBe(401);
    expect(server.connections('ada')).toEqual({ cometdSessions: 0, subscriptions: 0, httpSessions: 0 });
    expect(server.agents[0]).toMatchObject({ loggedIn: true, ready: true });
    await agent.connect();
    expect(await heardAtLast(chat)).toEqual(['last']);
    await agent.until(() => texts(agent).includes('last'));
    expect(server.chats.has(id)).toBe(true);
  });

  it('restarts when told, twice at a time as once, and can be closed meanwhile', async () => {
    const { server } = await chatting();
    await Promise.all([server.restart({ downFor: 10 }), server.restart()]);
    expect((await fetch(server.url)).status).toBe(401);
    const away = server.restart({ downFor: 60_000 });
    await server.close();
    await away;
    await expect(fetch(server.url)).rejects.toThrow('fetch failed');
  });

  it('cuts the sockets of one agent, and nobody else’s', async () => {
    const { server, agent } = await chatting({ cometd: { timeout: 60_000 } });
    const other = await desk(server, 'bea');
    const heard = other.until(({ messageType }) => messageType === 'Marker');
    let cut = false;
    agent.poll().catch(() => {
      cut = true;
    });
    await expect
      .poll(() => {
        server.cut('ada');
        return cut;
      })
      .toBe(true);
    server.notify('bea', { messageType: 'Marker' });
    await heard;
    expect(server.connections('ada')).toMatchObject({ cometdSessions: 1, subscriptions: 1 });
  });

  it('cuts the sockets of all', async () => {
    const { server, agent } = await chatting({ cometd: { timeout: 60_000 } });
    let cut = false;
    agent.poll().catch(() => {
      cut = true;
    });
    await expect
      .poll(() => {
        server.cut();
        return cut;
      })
      .toBe(true);
  });
});
