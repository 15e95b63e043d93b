import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { request } from 'undici';
import { describe, expect, it, onTestFinished } from 'vitest';
import { isSame } from '../../../plugins/console/access.ts';
import type { AuditRow, BoardMessage, ChatMessage, SessionInfo } from '../../../plugins/console/wire.ts';
import { consoleWorld } from './console-world.ts';
import { Visitor } from './visitor.ts';

const token = 'an operator token of some length';
const viewToken = 'a viewer token of some length';
const aFault = { do: 'fault', fault: 'duplicate', times: 1 };

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

describe('whoever is at the machine, without a token', () => {
  it('may look and act where the agents sit in a simulator', async () => {
    const { visit } = await consoleWorld();
    const visitor = await visit();
    expect((await visitor.arrive()).body).toMatchObject({ authority: 'act', texts: true, playground: true });
    expect((await visitor.act(aFault)).status).toBe(200);
  });

  it('may look at real chats without their words, and not act', async () => {
    const { visit, server, told, until } = await consoleWorld({ play: false });
    expect(told[0]).toMatch(/read-only, without words: set USHER_CONSOLE_TOKEN to act/);
    server.arrive({
      firstName: 'Rosalind',
      userData: { Account: 'DE-4711' },
      steps: [{ expect: 'Hello!' }, { say: 'My secret is 42' }, { pause: 60_000 }],
    });
    await until(
      (entry) => entry.kind === 'notification' && JSON.stringify(entry.notification).includes('secret'),
    );
    const visitor = await visit();
    expect((await visitor.arrive()).body).toMatchObject({ authority: 'look', texts: false });
    const board = await visitor.watch<BoardMessage>('/api/live/board', ({ full }) => full === true);
    const [chat] = board.chats ?? [];
    expect(chat).toMatchObject({ customer: 'Customer', last: { from: 'Customer', text: '(15 characters)' } });
    const picture = await visitor.watch<ChatMessage>(
      `/api/live/chats/Ada/${chat?.id}`,
      ({ full }) => full === true,
    );
    expect(JSON.stringify([board, picture])).not.toMatch(/Rosalind|secret|4711/);
    expect(picture.userData).toMatchObject({ Account: '(7 characters)' });
    expect((await visitor.act({ do: 'take-over', agent: 'Ada', interaction: chat?.id })).status).toBe(403);
    expect((await visitor.get(`/api/scenarios/Ada/${chat?.id}`)).status).toBe(403);
    expect((await visitor.get('/api/audit')).status).toBe(403);
  });
});

describe('with a token', () => {
  it('nobody gets in without it, not even on the machine itself', async () => {
    const { visit } = await consoleWorld({ options: { token } });
    const visitor = await visit();
    expect((await visitor.arrive()).body).toMatchObject({ authority: 'none', canLogIn: true });
    expect((await visitor.get('/api/live/board')).status).toBe(401);
    expect((await visitor.act(aFault)).status).toBe(401);
    expect((await visitor.logIn('another token of some length')).status).toBe(401);
  });

  it('lets in who has it, by name, under a new cookie that no script can read', async () => {
    const { visit } = await consoleWorld({ options: { token } });
    const visitor = await visit();
    const before = visitor.cookie;
    const { status, headers, body } = await visitor.logIn(token);
    expect([status, body]).toEqual([200, expect.objectContaining({ authority: 'act', who: 'Grace' })]);
    expect(headers.get('set-cookie')).toMatch(/; Path=\/; HttpOnly; SameSite=Strict$/);
    expect(visitor.cookie).not.toBe(before);
    expect((await visitor.act(aFault)).status).toBe(200);
    expect((await visitor.post('/api/log-out', {})).status).toBe(200);
    expect((await visitor.act(aFault)).status).toBe(401);
  });

  it('only lets look who has the other one', async () => {
    const { visit } = await consoleWorld({ options: { token, viewToken } });
    const visitor = await visit();
    expect((await visitor.logIn(viewToken)).body).toMatchObject({ authority: 'look', texts: true });
    expect((await visitor.act(aFault)).status).toBe(403);
  });

  it('marks the cookie for https where a proxy speaks it', async () => {
    const port = await freePort();
    const { told } = await consoleWorld({ options: { token, port, publicUrl: 'https://usher.example.com' } });
    expect(told).toEqual(['console on https://usher.example.com']);
    const { headers } = await new Visitor(`http://127.0.0.1:${port}`).arrive();
    expect(headers.get('set-cookie')).toMatch(/; Secure/);
    expect(headers.get('strict-transport-security')).toMatch(/max-age/);
  });

  it('lets nobody guess for long', async () => {
    const { visit } = await consoleWorld({ options: { token } });
    const visitor = await visit();
    const states: number[] = [];
    for (let attempt = 0; attempt < 7; attempt += 1)
      states.push((await visitor.logIn(`guess number ${attempt} of many`)).status);
    expect(states).toEqual([401, 401, 401, 401, 401, 429, 429]);
    expect((await visitor.logIn(token)).status).toBe(429);
  });

  it('is compared as a whole', () => {
    expect(isSame(token, token)).toBe(true);
    expect(isSame(token.slice(0, -1), token)).toBe(false);
    expect(isSame('', undefined)).toBe(false);
    expect(isSame('', '')).toBe(true);
  });
});

describe('a request that comes from elsewhere', () => {
  it('is not taken from another page, whatever cookie the browser sends with it', async () => {
    const { visit, url } = await consoleWorld();
    const visitor = await visit();
    const foreign = await visitor.post('/api/actions', aFault, { origin: 'https://evil.example' });
    expect([foreign.status, foreign.body]).toEqual([
      403,
      { ok: false, message: 'the request comes from another page' },
    ]);
    expect((await visitor.get('/api/live/board', { origin: 'https://evil.example' })).status).toBe(403);
    expect((await visitor.get('/api/session', { 'sec-fetch-site': 'cross-site' })).status).toBe(403);
    expect((await visitor.post('/api/actions', aFault, { origin: url })).status).toBe(200);
  });

  it('is not taken without the token of the page', async () => {
    const { visit } = await consoleWorld();
    const visitor = await visit();
    visitor.csrf = 'another';
    const { status, body } = await visitor.act(aFault);
    expect([status, body.message]).toEqual([403, 'the page is out of date: load it again']);
    expect((await visitor.post('/api/log-out', {})).status).toBe(403);
  });

  it('is not taken under a name that only leads here', async () => {
    const { url } = await consoleWorld();
    const { statusCode, body } = await request(`${url}/api/session`, { headers: { host: 'evil.example' } });
    expect([statusCode, await body.json()]).toEqual([
      403,
      { ok: false, message: 'the host evil.example is not this machine' },
    ]);
  });

  it('is not taken as a form', async () => {
    const { visit } = await consoleWorld();
    const visitor = await visit();
    const { status } = await visitor.post('/api/actions', aFault, {
      'content-type': 'application/x-www-form-urlencoded',
    });
    expect(status).toBe(415);
  });
});

it('runs no script but its own files, and is shown in no frame', async () => {
  const { visit } = await consoleWorld();
  const { headers, body } = await (await visit()).get<string>('/');
  expect(headers.get('content-security-policy')).toBe(
    "default-src 'none';script-src 'self';style-src 'self';connect-src 'self';img-src 'self' data:;base-uri 'none';form-action 'none';frame-ancestors 'none'",
  );
  expect(headers.get('x-content-type-options')).toBe('nosniff');
  expect(headers.get('referrer-policy')).toBe('no-referrer');
  expect(body).not.toMatch(/<script(?![^>]* src=)|\son\w+=|style="|https?:\/\//);
});

it('is not there for other machines without a token; the probes are', async () => {
  const { told } = await consoleWorld({ options: { host: '0.0.0.0' } });
  const url = /http:\S+(?=;)/.exec(told[0] ?? '')?.[0] ?? '';
  expect(told[0]).toMatch(/no page, since others can reach it: set a token/);
  const visitor = new Visitor(url.replace('0.0.0.0', '127.0.0.1'));
  expect((await visitor.get('/')).status).toBe(404);
  expect((await visitor.get('/api/session')).status).toBe(404);
  expect((await visitor.get('/healthz')).status).toBe(200);
});

it('never shows words where the config says so, and notes each action in a file', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'usher-audit-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  const audit = join(folder, 'audit.jsonl');
  const { visit } = await consoleWorld({ options: { token, texts: 'never', audit } });
  const visitor = await visit();
  await visitor.logIn('a token that is not the right one', 'Mallory');
  expect((await visitor.logIn(token)).body).toMatchObject({ texts: false } satisfies Partial<SessionInfo>);
  await visitor.act({ do: 'quarantine', plugin: 'greeter' });
  await visitor.act({ do: 'take-over', agent: 'Ada', interaction: 'nothing' });
  const lines = readFileSync(audit, 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as AuditRow);
  expect(lines.map(({ who, action, on, result }) => [who, action, on, result])).toEqual([
    ['Mallory', 'log-in', '127.0.0.1', 'refused'],
    ['Grace', 'log-in', '127.0.0.1', 'act'],
    ['Grace', 'quarantine', 'greeter', 'asked for'],
    ['Grace', 'take-over', 'Ada/nothing', 'asked for'],
    ['Grace', 'take-over', 'Ada/nothing', 'the chat is not open any longer'],
  ]);
  const shown = (await visitor.get<AuditRow[]>('/api/audit')).body;
  expect(shown).toEqual(lines.toReversed());
});

it('says what is wrong with an action', async () => {
  const { visit } = await consoleWorld();
  const visitor = await visit();
  const wrong = async (action: object) => {
    const { status, body } = await visitor.act(action);
    return [status, body.message];
  };
  expect(await wrong({ do: 'explode' })).toEqual([400, expect.stringMatching(/^do: /)]);
  expect(await wrong({ do: 'say', agent: 'Ada', interaction: 'x', text: '' })).toEqual([
    400,
    expect.stringMatching(/^text: /),
  ]);
  expect(await wrong({ do: 'give-back', agent: 'Eve', interaction: 'x' })).toEqual([
    409,
    'there is no agent Eve',
  ]);
  expect(await wrong({ do: 'fault', fault: 'earthquake', times: 1 })).toEqual([
    409,
    'there is no fault earthquake',
  ]);
});
