import { createServer } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo, Server } from 'node:net';
import { defineBot, definePlugin, type ErrorCode } from 'usher-bots';
import { describe, expect, it, onTestFinished } from 'vitest';
import { receptionist } from '../../bots/receptionist.ts';
import { autoAccept } from '../../plugins/auto-accept.ts';
import { greeter } from '../../plugins/greeter.ts';
import { certificate } from './certificate.ts';
import { cora, oneSeat, password, running, seat, simulator } from './contact-centre.ts';

const greeting = defineBot({
  name: 'tested',
  plugins: [autoAccept(), greeter({ text: 'Hello {FirstName}' })],
});

async function listening(server: Server): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  return (server.address() as AddressInfo).port;
}

async function refusal(url: string, secret = password): Promise<{ code: ErrorCode; message: string }> {
  const config = { server: { url }, agents: [{ username: 'Ada', password: secret, bots: [greeting] }] };
  return running(config).then(
    () => expect.unreachable('the agent has started'),
    (error) => error,
  );
}

describe('an agent that cannot start', () => {
  it('is told so when the password is wrong, without the password', async () => {
    const { url } = await simulator();
    const error = await refusal(url, 'wrong-secret');
    expect(error).toMatchObject({ code: 'USHER_LOGIN_REFUSED' });
    expect(error.message).not.toContain('wrong-secret');
  });

  it('is told so when nothing listens', async () => {
    expect(await refusal('http://127.0.0.1:1')).toMatchObject({
      code: 'USHER_SERVER_UNREACHABLE',
      message: 'cannot reach http://127.0.0.1:1: nothing listens there (ECONNREFUSED)',
    });
  });

  it('is told so when the certificate is not trusted', async () => {
    const port = await listening(createTlsServer(certificate, (_request, response) => response.end('{}')));
    expect(await refusal(`https://127.0.0.1:${port}`)).toMatchObject({ code: 'USHER_TLS' });
  });

  it.each([
    ['a web page', '<html>hello</html>', 200],
    ['a missing page', 'not found', 404],
    ['an API of somebody else', '{"ok":true}', 200],
    ['a broken body', '{"user":', 200],
  ])('is told so when %s answers', async (_what, body, status) => {
    const port = await listening(createServer((_request, response) => response.writeHead(status).end(body)));
    expect(await refusal(`http://127.0.0.1:${port}`)).toMatchObject({ code: 'USHER_NOT_GWS' });
  });

  it.each(['StartContactCenterSession', 'Ready'])(
    'is told what GWS says when it refuses %s',
    async (operation) => {
      const server = await simulator();
      server.refuse({ operation, statusCode: 5, statusMessage: 'no permission for chat' });
      expect(await refusal(server.url)).toMatchObject({
        code: 'USHER_SESSION_REFUSED',
        message: `GWS refuses ${operation} (statusCode 5): no permission for chat`,
      });
    },
  );

  it('harms no other agent', async () => {
    const server = await simulator({ agents: [seat('Ada')] });
    const agents = ['Ada', 'Nobody'].map((username) => ({ username, password, bots: [greeting] }));
    const { Host, resolveConfig } = await import('usher-bots');
    const { silentLog } = await import('../../core/session/silent-log.ts');
    const host = new Host(resolveConfig({ server: { url: server.url }, agents }), silentLog);
    onTestFinished(async () => void (await host.stop()));
    const failed = await host.start();
    expect(failed.map(({ username, error }) => [username, error.code])).toEqual([
      ['Nobody', 'USHER_LOGIN_REFUSED'],
    ]);
    expect(await server.arrive({ firstName: 'Mia', steps: [{ expect: 'Hello Mia' }] }).done).toMatchObject({
      served: true,
    });
  });
});

describe('an agent that starts', () => {
  const bot = defineBot({ name: 'tested', plugins: [autoAccept()] });

  it('does so though the first CometD session is lost', async () => {
    const server = await simulator();
    server.faults.plan({ kind: 'badAdvice', times: 2 });
    const { host } = await running(oneSeat(server.url, bot));
    expect(server.faults.injected.map(({ kind }) => kind)).toEqual(['badAdvice', 'badAdvice']);
    expect(host.isReady).toBe(true);
    expect(server.connections('Ada')).toMatchObject({ subscriptions: 1 });
  });

  it('gives up when that happens again and again', async () => {
    const server = await simulator({ faults: { seed: 1, badAdvice: 1 } });
    await expect(running(oneSeat(server.url, bot))).rejects.toMatchObject({ code: 'USHER_CONNECTION_LOST' });
  });
});

describe('an agent session', () => {
  it('works with CSRF protection, operations and CometD alike', async () => {
    const server = await simulator({ csrf: true });
    await running(oneSeat(server.url, greeting));
    expect(await server.arrive({ firstName: 'Mia', steps: [{ expect: 'Hello Mia' }] }).done).toMatchObject({
      served: true,
    });
  });

  it('comes back by itself when the server has died and come again, and serves the next chat', async () => {
    const first = await simulator();
    const { until, host } = await running(oneSeat(first.url, greeting));
    await first.arrive({ firstName: 'Mia', steps: [{ expect: 'Hello Mia' }] }).done;
    await first.close();
    await until((entry) => entry.kind === 'session' && entry.status === 'recovering');

    const second = await simulator({ port: Number(new URL(first.url).port) });
    const result = await second.arrive({ firstName: 'Jonas', steps: [{ expect: 'Hello Jonas' }] }).done;
    expect(result).toMatchObject({ served: true });
    expect(host.sessions.map(({ status }) => status)).toEqual(['ready']);
    expect(second.operations.filter(({ operationName }) => operationName === 'Accept')).toHaveLength(1);
    await host.stop();
  });

  it('comes back when the server has forgotten all sessions, and starts its session again', async () => {
    const server = await simulator({ cometd: { timeout: 200 } });
    const { until } = await running(oneSeat(server.url, greeting));
    server.expireSessions();
    await until((entry) => entry.kind === 'session' && entry.status === 'recovering');
    expect(await server.arrive({ firstName: 'Mia', steps: [{ expect: 'Hello Mia' }] }).done).toMatchObject({
      served: true,
    });
  });

  it('ends the chats that vanished with the server', async () => {
    const first = await simulator();
    const { until, host } = await running(oneSeat(first.url, greeting));
    const customer = first.arrive({ firstName: 'Mia', steps: [{ expect: 'Hello' }, { pause: 60_000 }] });
    await until((entry) => entry.kind === 'outcome' && entry.outcome.operation.name === 'sendMessage');
    await first.close();
    await simulator({ port: Number(new URL(first.url).port) });
    const ended = await until(({ kind }) => kind === 'interaction-ended');
    expect(ended).toMatchObject({ interactionId: customer.chatId, end: { reason: 'vanished' } });
    await host.stop();
  });

  it('counts malformed and unknown notifications, and goes on', async () => {
    const server = await simulator();
    const { host, until } = await running(oneSeat(server.url, greeting));
    const nonsense = [
      {},
      { messageType: 'WeatherReport' },
      { messageType: 'InteractionStateChanged', interaction: { id: 7 } },
      { messageType: 'MessageLogUpdated', interactionId: 'x', messages: 'none' },
      { messageType: 'MessageLogUpdated', messages: [] },
      JSON.parse(
        '{"messageType":"InteractionStateChanged","interaction":{"id":"a","state":"Invited","__proto__":{"x":1}},"__proto__":1}',
      ),
    ];
    for (const data of nonsense) server.notify('Ada', data);
    await until((entry) => entry.kind === 'interaction-began');
    expect(Object.fromEntries(host.journal.problems)).toEqual({
      USHER_NOTIFICATION_MALFORMED: 4,
      USHER_NOTIFICATION_UNKNOWN: 1,
    });
    expect(await server.arrive({ firstName: 'Mia', steps: [{ expect: 'Hello Mia' }] }).done).toMatchObject({
      served: true,
    });
  });

  it('stops in good order while a chat is open', async () => {
    const server = await simulator();
    const { host, until } = await running(oneSeat(server.url, receptionist({ colleague: cora.id ?? '' })));
    const customer = server.arrive({ firstName: 'Mia', steps: [{ pause: 60_000 }] });
    await until((entry) => entry.kind === 'operation' && entry.operation.name === 'sendMessage');
    await host.stop();
    const names = server.operations.map(({ operationName }) => operationName);
    expect(names).toEqual(['Accept', 'SendNotification', 'SendNotification']);
    expect(
      server.chats
        .get(customer.chatId)
        ?.lines.map(({ type }) => type)
        .filter((type) => type.startsWith('Typing')),
    ).toEqual(['TypingStarted', 'TypingStopped']);
    expect(server.agents[0]).toMatchObject({ loggedIn: false });
  });
});

describe('an operation that GWS refuses', () => {
  it.each([1, 2, 3, 5, 6])(
    'with statusCode %i is an outcome with its reason, sent once',
    async (statusCode) => {
      const server = await simulator();
      server.refuse({ operation: 'SendMessage', statusCode, statusMessage: 'for a reason' });
      const { until } = await running(oneSeat(server.url, greeting));
      server.arrive({ firstName: 'Mia', steps: [{ pause: 60_000 }] });
      const entry = await until(
        ({ kind, ...rest }) => kind === 'outcome' && 'outcome' in rest && rest.outcome.kind === 'refused',
      );
      expect(entry).toMatchObject({ outcome: { status: statusCode, message: 'for a reason', attempts: 1 } });
    },
  );

  it('with an internal error is sent again', async () => {
    const server = await simulator();
    server.refuse({ operation: 'SendMessage', statusCode: 4 });
    await running(oneSeat(server.url, greeting));
    const result = await server.arrive({ firstName: 'Mia', steps: [{ expect: 'Hello Mia' }] }).done;
    expect(result).toMatchObject({ served: true });
    expect(result.heard).toHaveLength(1);
  });
});

describe('a plugin that fails', () => {
  const broken = definePlugin({
    name: 'broken',
    bot: () => () => {
      throw new Error('out of paper');
    },
  });
  const forgetful = definePlugin({ name: 'forgetful', bot: () => () => undefined as never });

  it('is named in the journal; the other plugins and the other chats go on', async () => {
    const server = await simulator();
    const bot = defineBot({
      name: 'tested',
      plugins: [broken(), forgetful(), autoAccept(), greeter({ text: 'Hello' })],
    });
    const { host, entries } = await running(oneSeat(server.url, bot));
    for (const firstName of ['Mia', 'Jonas']) {
      expect(await server.arrive({ firstName, steps: [{ expect: 'Hello' }] }).done).toMatchObject({
        served: true,
      });
    }
    expect(Object.fromEntries(host.journal.problems)).toEqual({
      USHER_PLUGIN_FAILED: 2,
      USHER_PLUGIN_NO_STREAM: 2,
    });
    expect(entries.find(({ kind }) => kind === 'problem')).toMatchObject({
      plugin: 'broken',
      message: 'plugin broken failed: out of paper',
    });
  });
});
