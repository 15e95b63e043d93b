import { readFileSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import {
  type AnalyticsBatch,
  type AnalyticsOptions,
  type AnalyticsSink,
  defineBot,
  type NumberedEvent,
  openSqliteStore,
  SinkError,
} from 'usher-bots';
import { jsonLinesSink } from 'usher-bots/plugins/analytics/json-lines-sink';
import { answers } from 'usher-bots/plugins/answers';
import { autoAccept } from 'usher-bots/plugins/auto-accept';
import { disposition } from 'usher-bots/plugins/disposition';
import { greeter } from 'usher-bots/plugins/greeter';
import { wrapUp } from 'usher-bots/plugins/wrap-up';
import type { Simulator } from 'usher-bots/simulator';
import { describe, expect, it } from 'vitest';
import { temporaryFile } from '../core/store/temporary-file.ts';
import { password, running, seat, simulator } from './contact-centre.ts';

const bot = defineBot({
  name: 'tested',
  plugins: [
    autoAccept(),
    greeter({ text: 'Hello {FirstName}!' }),
    answers({ answers: [{ when: 'card', reply: 'Your card is on its way, Mia.' }] }),
    wrapUp(),
    disposition({ rules: [], otherwise: 'served' }),
  ],
});

/** An agent whose chats are told to a sink. */
async function told(server: Simulator, store: string, analytics: AnalyticsOptions) {
  return running({
    server: { url: server.url, dialect: 'gws-8.5.2' },
    store,
    analytics: { every: 20, ...analytics },
    agents: [{ username: 'Ada', password, nickname: 'Ada', bots: [bot] }],
  });
}

async function served(server: Simulator): Promise<void> {
  const customer = server.arrive({
    firstName: 'Mia',
    steps: [
      { expect: 'Hello' },
      { say: 'Mia here, where is my card?' },
      { expect: 'on its way' },
      { leave: true },
    ],
  });
  expect(await customer.done).toMatchObject({ served: true });
}

function eventsIn(file: string): NumberedEvent[] {
  try {
    const lines = readFileSync(file, 'utf8').split('\n').slice(0, -1);
    return lines.map((line) => JSON.parse(line) as NumberedEvent);
  } catch {
    return [];
  }
}

/** A sink in memory, which does what it is told before it takes anything. */
class Taker implements AnalyticsSink {
  readonly name = 'taker';
  readonly batches: AnalyticsBatch[] = [];
  faults: (() => Promise<void>)[] = [];
  isClosed = false;

  async publish(batch: AnalyticsBatch): Promise<void> {
    await this.faults.shift()?.();
    this.batches.push(batch);
  }

  async close(): Promise<void> {
    this.isClosed = true;
  }

  get events(): NumberedEvent[] {
    return this.batches.flatMap(({ events }) => events);
  }
}

const gist = (event: NumberedEvent): string => {
  switch (event.kind) {
    case 'outcome':
      return `${event.operation} ${event.outcome}`;
    case 'message':
      return `${event.from} says`;
    default:
      return event.kind;
  }
};

describe('what happens in a chat', () => {
  it('is told in its order, once, and without a word of anybody', { timeout: 30_000 }, async () => {
    const server = await simulator({ agents: [seat('Ada', 5)], dialect: 'gws-8.5.2' });
    const file = join(temporaryFile(), '..', 'events.jsonl');
    const { host, entries } = await told(server, temporaryFile(), { sink: jsonLinesSink({ file }) });
    await served(server);
    await expect.poll(() => eventsIn(file).at(-1)?.kind, { timeout: 20_000 }).toBe('interaction-ended');
    const events = eventsIn(file);
    const gists = events.map(gist);
    expect([gists[0], gists.at(-1)]).toEqual(['interaction-began', 'interaction-ended']);
    expect(gists).toEqual(expect.arrayContaining(['accept sent', 'sendMessage sent', 'setDisposition sent']));
    expect(events.filter(({ kind }) => kind === 'message').map(gist)).toEqual([
      'Agent says',
      'Customer says',
      'Agent says',
    ]);
    expect(new Set(events.map(({ id }) => id)).size).toBe(events.length);
    expect(new Set(events.map(({ interactionId }) => interactionId)).size).toBe(1);
    expect(events.every(({ v, agent }) => v === 1 && agent === 'Ada')).toBe(true);
    expect(events.at(-1)).toMatchObject({ disposition: 'served', lasted: expect.any(Number) });
    const text = readFileSync(file, 'utf8');
    for (const word of ['Mia', 'Hello', 'card is', 'where']) expect(text).not.toContain(word);
    const relayed = entries.filter((entry) => entry.kind === 'relayed');
    expect(relayed.reduce((sum, entry) => sum + entry.events, 0)).toBe(events.length);
    await host.stop();
  });

  it('has texts where they are asked for, redacted as recordings are', { timeout: 30_000 }, async () => {
    for (const [text, own, customers] of [
      [true, /^<text:[0-9a-f]{10}>$/, /^<text:[0-9a-f]{10}>$/],
      ['own', /^Your card is on its way, <(name|data):[0-9a-f]{10}>\.$/, /^<text:[0-9a-f]{10}>$/],
      ['all', /^Your card is on its way, Mia\.$/, /^Mia here/],
    ] as const) {
      const server = await simulator({ agents: [seat('Ada', 5)], dialect: 'gws-8.5.2' });
      const sink = new Taker();
      const { host } = await told(server, temporaryFile(), { sink, text });
      await served(server);
      await expect.poll(() => sink.events.at(-1)?.kind, { timeout: 20_000 }).toBe('interaction-ended');
      const messages = sink.events.filter((event) => event.kind === 'message');
      expect(messages.at(-1)?.text).toMatch(own);
      expect(messages.find(({ from }) => from === 'Customer')?.text).toMatch(customers);
      await host.stop();
      expect(sink.isClosed).toBe(true);
    }
  });

  it('is not told at all without analytics', async () => {
    const server = await simulator({ agents: [seat('Ada', 5)], dialect: 'gws-8.5.2' });
    const store = temporaryFile();
    const { host } = await running({
      server: { url: server.url, dialect: 'gws-8.5.2' },
      store,
      agents: [{ username: 'Ada', password, nickname: 'Ada', bots: [bot] }],
    });
    await served(server);
    await host.stop();
    const opened = openSqliteStore(store);
    expect(await opened.waiting()).toMatchObject({ batches: 0 });
    await opened.close();
  });

  it('is kept while the sink is away or refuses it, and sent again in its order', {
    timeout: 60_000,
  }, async () => {
    const server = await simulator({ agents: [seat('Ada', 5)], dialect: 'gws-8.5.2' });
    const store = temporaryFile();
    const sink = new Taker();
    const fault = (error: Error) => () => Promise.reject(error);
    sink.faults = [fault(new Error('it is closed on Sundays')), fault(new Error('and on Mondays'))];
    const { host, entries } = await told(server, store, { sink });
    await served(server);
    await expect.poll(() => sink.events.at(-1)?.kind, { timeout: 30_000 }).toBe('interaction-ended');
    expect(sink.events[0]?.kind).toBe('interaction-began');
    const problems = entries.filter((entry) => entry.kind === 'problem');
    expect(problems.map(({ code, message }) => [code, message.replace(/\d+ s/, 'N s')])).toEqual([
      ['USHER_ANALYTICS_AWAY', 'taker: it is closed on Sundays; try 1, the next in N s'],
      ['USHER_ANALYTICS_AWAY', 'taker: and on Mondays; try 2, the next in N s'],
    ]);
    expect(host.journal.problems.get('USHER_ANALYTICS_AWAY')).toBe(2);

    sink.faults = Array.from({ length: 99 }, () => fault(new SinkError('never', { isRefusal: true })));
    const before = sink.batches.length;
    await served(server);
    await expect.poll(() => host.journal.problems.get('USHER_ANALYTICS_REFUSED')).toBe(1);
    await host.stop();
    const opened = openSqliteStore(store);
    expect((await opened.waiting()).batches).toBeGreaterThan(0);
    await opened.close();
    expect(sink.batches).toHaveLength(before);

    // Whoever comes next sends it.
    const next = new Taker();
    await told(server, store, { sink: next });
    await expect.poll(() => next.events.at(-1)?.kind).toBe('interaction-ended');
    expect(next.events[0]?.kind).toBe('interaction-began');
    const sources = [...sink.batches, ...next.batches].map(({ id }) => id.split('-')[0]);
    expect(new Set(sources).size).toBe(1);
  });

  it('goes to a new file when the old one was renamed', { timeout: 30_000 }, async () => {
    const server = await simulator({ agents: [seat('Ada', 5)], dialect: 'gws-8.5.2' });
    const file = join(temporaryFile(), '..', 'events.jsonl');
    await told(server, temporaryFile(), { sink: jsonLinesSink({ file }) });
    await served(server);
    await expect.poll(() => eventsIn(file).at(-1)?.kind).toBe('interaction-ended');
    renameSync(file, `${file}.1`);
    await served(server);
    await expect.poll(() => eventsIn(file).at(-1)?.kind).toBe('interaction-ended');
    expect(eventsIn(`${file}.1`)[0]?.interactionId).not.toBe(eventsIn(file)[0]?.interactionId);
  });
});
