import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { concatMap, from, merge, mergeMap, type Observable, timer } from 'rxjs';
import {
  defineBot,
  definePlugin,
  type JournalEntry,
  type Operations,
  openSqliteStore,
  type Plugin,
} from 'usher-bots';
import { answers } from 'usher-bots/plugins/answers';
import { autoAccept } from 'usher-bots/plugins/auto-accept';
import { greeter } from 'usher-bots/plugins/greeter';
import { handOff } from 'usher-bots/plugins/hand-off';
import { typing } from 'usher-bots/plugins/typing';
import type { DialectName, Simulator, WireExchange } from 'usher-bots/simulator';
import { describe, expect, it } from 'vitest';
import { dialectNames, dialects } from '../../core/dialects/index.ts';
import type { Operation } from '../../core/model/operation.ts';
import { operationNames } from '../../core/model/operation.ts';
import type { WireRequest } from '../../core/model/wire-request.ts';
import { everyOperation } from '../core/session/every-operation.ts';
import { cora, password, running, seat, simulator } from './contact-centre.ts';

const mark = 'SHADOW';
const asks = Object.values(everyOperation(mark));
const everything = (operations: Operations): Observable<unknown> =>
  from(asks).pipe(mergeMap((ask) => ask(operations)));

/** Asks for everything by every way that a plugin has: at work, for a line, on the way of others, by timer, at a stop. */
const busy = definePlugin({
  name: 'busy',
  quarantine: false,
  operationsPerSecond: 10_000,
  bot:
    () =>
    (_interaction, { operations, timer: later, drain$ }) =>
      merge(
        everything(operations),
        later('later', 50).pipe(mergeMap(() => everything(operations))),
        timer(100).pipe(mergeMap(() => everything(operations))),
        drain$.pipe(mergeMap(() => everything(operations))),
      ),
  message:
    () =>
    (_line, { operations }) =>
      from(asks).pipe(concatMap((ask) => ask(operations))),
  operation:
    () =>
    (operation, next, { operations }) => {
      everything(operations).subscribe();
      return next(operation);
    },
});

const restless = (): readonly Plugin[] => [
  autoAccept(),
  greeter({ text: `Hello from the ${mark}` }),
  busy(),
  typing({ charactersPerSecond: 1_000, minimum: 10, maximum: 10 }),
  handOff({ to: { agentId: cora.id ?? '' }, onDrain: true, fallback: { text: mark } }),
];

/** Every POST that has reached the simulator, but for CometD's. */
function witness(): { readonly posts: unknown[]; readonly onExchange: (exchange: WireExchange) => void } {
  const posts: unknown[] = [];
  return {
    posts,
    onExchange: (exchange) => {
      if (exchange.kind !== 'http' || exchange.method !== 'POST') return;
      if (!/notifications|cometd/.test(exchange.url)) posts.push(exchange.request);
    },
  };
}

/** Somebody who works at the agent's login with a desktop of their own. */
async function human(server: Simulator, dialectName: DialectName, username: string) {
  const dialect = dialects[dialectName].create();
  const sent: unknown[] = [];
  const authorization = `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`;
  let cookie = '';
  const post = async ({ path, body }: WireRequest): Promise<void> => {
    sent.push(body);
    const answer = await fetch(`${server.url}${dialect.basePath}${path}`, {
      method: 'POST',
      headers: { authorization, cookie, 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
    cookie ||= answer.headers.get('set-cookie')?.split(';')[0] ?? '';
    expect(answer.status).toBe(200);
  };
  await post(dialect.session.start());
  await post(dialect.session.ready);
  return {
    sent,
    does: async (interactionId: string, request: object): Promise<void> => {
      const operation = { interactionId, plugin: 'human', ...request } as Operation;
      const wire = dialect.encode(operation, { origin: server.url });
      if (wire !== undefined) await post(wire);
    },
  };
}

/** What is in the first and not in the second. */
function without(all: readonly unknown[], some: readonly unknown[]): string[] {
  const rest = all.map((one) => JSON.stringify(one));
  for (const one of some) {
    const at = rest.indexOf(JSON.stringify(one));
    if (at >= 0) rest.splice(at, 1);
  }
  return rest;
}

const wouldHave = (entries: readonly JournalEntry[]) =>
  entries.flatMap((entry) => (entry.kind === 'would-have' ? [entry] : []));

describe.each(dialectNames)('in %s nothing leaves', (dialect) => {
  it('a dry run, whoever asks and by whatever way, until after its stop', async () => {
    const { posts, onExchange } = witness();
    const server = await simulator({ dialect, agents: [seat('Ada', 5), cora], onExchange });
    const desk = await human(server, dialect, 'Ada');
    const config = {
      server: { url: server.url, dialect },
      agents: [
        {
          username: 'Ada',
          password,
          nickname: 'Ada',
          bots: [defineBot({ name: 'dry', plugins: restless() })],
        },
      ],
    };
    const { host, entries, until } = await running(config, { isDryRun: true });
    const customer = server.arrive({ firstName: 'Mia', steps: [{ expectAgent: 'Ada' }, { pause: 60_000 }] });
    const began = await until(({ kind }) => kind === 'interaction-began');
    const id = 'interactionId' in began ? (began.interactionId ?? '') : '';
    await until((entry) => entry.kind === 'would-have' && entry.operation.name === 'accept');
    await desk.does(id, { name: 'accept', nickname: 'Ada' });
    await until((entry) => entry.kind === 'would-have' && entry.operation.plugin === 'greeter');
    customer.say('Is anybody there?');
    await until((entry) => JSON.stringify(entry).includes('Is anybody there?'));
    await desk.does(id, { name: 'sendMessage', text: 'Yes, I am.' });
    await until((entry) => JSON.stringify(entry).includes('Yes, I am.'));
    const hand = host.sessions[0]?.seat?.asHuman(id);
    for (const ask of asks) if (hand !== undefined) ask(hand).subscribe();
    host.sessions[0]?.seat?.requestHandOff(id, { reason: mark });
    await until((entry) => entry.kind === 'would-have' && entry.operation.plugin === 'human');
    await host.stop({ within: 300 });

    const reads = without(posts, desk.sent);
    expect(reads.filter((text) => !/History|Transcript|"GetHistory"/i.test(text))).toEqual([]);
    expect(JSON.stringify(posts)).not.toContain(mark);
    expect(customer.heard.map(({ text }) => text)).toEqual(['Yes, I am.']);
    // Whoever works there goes on, Ready, with the chat.
    expect(server.agents[0]).toMatchObject({
      username: 'Ada',
      loggedIn: true,
      ready: true,
      sessionsStarted: 1,
    });
    const told = new Set(wouldHave(entries).map(({ operation }) => operation.name));
    expect([...told].sort()).toEqual(operationNames.filter((name) => !name.startsWith('sendTyping')).sort());
    const counted = entries.flatMap((entry) =>
      entry.kind === 'outcome' ? [entry.outcome.operation.plugin] : [],
    );
    expect(counted.filter((plugin) => plugin !== 'session')).toEqual([]);
  });

  it('of a shadow: the server is asked for what the live bot does, and for nothing else', async () => {
    const played = async (
      shadows: readonly Plugin[],
    ): Promise<{ posts: unknown[]; entries: JournalEntry[] }> => {
      const { posts, onExchange } = witness();
      const server = await simulator({ dialect, agents: [seat('Ada', 5), cora], onExchange });
      const bot = defineBot({
        name: 'live',
        plugins: [
          autoAccept(),
          greeter({ text: 'Hello!' }),
          answers({ answers: [{ when: 'there', reply: 'Yes.' }] }),
        ],
      });
      const { host, entries } = await running({
        server: { url: server.url, dialect },
        agents: [
          {
            username: 'Ada',
            password,
            nickname: 'Ada',
            bots: [bot],
            shadows: shadows.length === 0 ? [] : [defineBot({ name: 'candidate', plugins: shadows })],
          },
        ],
      });
      const customer = server.arrive({
        firstName: 'Mia',
        steps: [{ expect: /Hello/ }, { say: 'Is anybody there?' }, { expect: /Yes/ }, { pause: 60_000 }],
      });
      await expect.poll(() => customer.heard.map(({ text }) => text)).toEqual(['Hello!', 'Yes.']);
      await host.stop({ within: 300 });
      expect(customer.heard.map(({ text }) => text)).toEqual(['Hello!', 'Yes.']);
      return { posts, entries };
    };
    const alone = await played([]);
    const beside = await played(restless());
    const anonymous = (posts: unknown[]): string[] =>
      posts.map((post) => JSON.stringify(post)).filter((text) => !/History|Transcript/i.test(text));
    expect(anonymous(beside.posts)).toEqual(anonymous(alone.posts));
    expect(JSON.stringify(beside.posts)).not.toContain(mark);
    const told = new Set(wouldHave(beside.entries).map(({ operation }) => operation.name));
    expect([...told].sort()).toEqual(operationNames.filter((name) => !name.startsWith('sendTyping')).sort());
  });
});

it('a dry run leaves alone what an earlier process left on its way, and the store with it', async () => {
  const dialect = 'gws-8.5.2';
  const { posts, onExchange } = witness();
  const server = await simulator({ dialect, agents: [seat('Ada', 5), cora], onExchange });
  const desk = await human(server, dialect, 'Ada');
  const customer = server.arrive({ firstName: 'Mia', steps: [{ expectAgent: 'Ada' }, { pause: 60_000 }] });
  await expect.poll(() => server.agents[0]?.parts.size).toBe(1);
  const [id = ''] = server.agents[0]?.parts.keys() ?? [];
  await desk.does(id, { name: 'accept', nickname: 'Ada' });
  const file = join(mkdtempSync(join(tmpdir(), 'usher-dry-')), 'store.db');
  const key = `Ada@${server.url}`;
  const operation = { name: 'sendMessage', text: 'left on its way', interactionId: id, plugin: 'greeter' };
  const store = openSqliteStore(file);
  await store.enrol([key]);
  const lease = await store.join({ name: 'before', capacity: 1, ttlMs: 30_000 });
  const [claim] = await store.claim(lease, 1);
  const state = { shape: 1, seen: 2, handled: {}, done: [], joinedAt: 2, intent: { operation, base: 2 } };
  const change = { agent: key, token: claim?.token ?? 0, interaction: id, version: 0, state };
  expect(await store.commit(change)).toBe('ok');
  await store.leave(lease);
  await store.close();

  const config = {
    server: { url: server.url, dialect, settleTime: 50 } as const,
    store: file,
    agents: [
      { username: 'Ada', password, nickname: 'Ada', bots: [defineBot({ name: 'b', plugins: restless() })] },
    ],
  };
  const dry = await running(config, { isDryRun: true });
  await dry.until((entry) => entry.kind === 'interaction-began');
  await dry.until((entry) => entry.kind === 'would-have');
  await dry.host.stop();
  expect(without(posts, desk.sent).filter((text) => !/History|Transcript/i.test(text))).toEqual([]);
  expect(customer.heard).toEqual([]);

  // What the store has is as it was: a process that is not dry finds it, and sends it.
  const quiet = defineBot({ name: 'b', plugins: [] });
  await running({ ...config, agents: [{ ...config.agents[0], username: 'Ada', bots: [quiet] }] });
  await expect.poll(() => customer.heard.map(({ text }) => text)).toEqual(['left on its way']);
});
