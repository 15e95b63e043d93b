import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Bot, defineBot, type ExperimentDefinition, experiment } from 'usher-bots';
import { answers } from 'usher-bots/plugins/answers';
import { autoAccept } from 'usher-bots/plugins/auto-accept';
import { greeter } from 'usher-bots/plugins/greeter';
import { wrapUp } from 'usher-bots/plugins/wrap-up';
import type { CustomerScript } from 'usher-bots/simulator';
import { expect, onTestFinished } from 'vitest';
import { type ChatRecord, keys } from '../../../core/experiment/records.ts';
import { switchesOf } from '../../../core/experiment/switches.ts';
import { openSqliteStore } from '../../../core/store/sqlite/open-sqlite-store.ts';
import { type ConsoleWorld, consoleWorld } from './console-world.ts';

const arms = { plain: 'Hello, how can I help you?', warm: 'Hi, good to have you here!' };

type Definition = Partial<ExperimentDefinition<typeof arms>>;

/** A bot that greets by an experiment, or by several. */
export function greetingBot(...definitions: readonly Definition[]): Bot {
  const experiments = definitions.map((one) =>
    experiment({
      key: 'warm-greeting',
      arms,
      metrics: ['engaged', 'turns', 'duration'],
      guards: [{ metric: 'abandoned', worse: 'higher', margin: 0.3 }],
      plan: { units: 400 },
      ...one,
    }),
  );
  return defineBot({
    name: 'greets',
    plugins: [
      autoAccept(),
      ...experiments.flatMap((one) => one.plugins((text) => greeter({ text }))),
      answers({ answers: [{ when: ['hours'], reply: 'We are open from 8 to 18 h.' }] }),
      wrapUp(),
    ],
  });
}

/** The file of a store, which ends with the test; with these records in it. */
export async function storeFile(
  records: readonly { key: string; body: object | null }[] = [],
): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'usher-experiments-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  const file = join(folder, 'store.sqlite');
  if (records.length > 0) {
    const store = openSqliteStore(file);
    await store.keep(records.map(({ key, body }) => ({ key, body: JSON.parse(JSON.stringify(body)) })));
    await store.close();
  }
  return file;
}

/** What another process, on the same store, reads of the switches of an experiment. */
export async function switchesIn(file: string, key: string) {
  const store = openSqliteStore(file);
  try {
    return await switchesOf(store, key);
  } finally {
    await store.close();
  }
}

/** A chat of an experiment that is over. */
export function recorded(
  key: string,
  {
    interactionId,
    measures,
    ...exposed
  }: Pick<ChatRecord, 'interactionId' | 'measures' | 'arm' | 'unit' | 'at'>,
): readonly { key: string; body: object }[] {
  const decided = { ...exposed, reason: 'split', propensity: 0.5, agent: 'Ada' };
  return [
    { key: keys.chat(key, interactionId), body: decided },
    { key: keys.end(key, interactionId), body: { at: exposed.at + 60_000, measures } },
  ];
}

/** Waits for a greeting; nearly all who are greeted warmly ask something, and few of the others. */
const customer = (nth: number): CustomerScript => ({
  firstName: 'Mia',
  lastName: String(nth),
  userData: { ContactId: `contact ${nth}` },
  steps: [
    { expect: /./ },
    {
      choose: (heard) => {
        const isWarm = heard.some(({ text }) => text === arms.warm);
        return nth % 10 < (isWarm ? 9 : 2)
          ? [{ say: 'What are your opening hours?' }, { expect: '8 to 18 h' }]
          : [];
      },
    },
    { leave: true },
  ],
});

/** The console of an experiment that so many customers were in, over real sockets. */
export async function experimentWorld(
  customers: number,
  options: Parameters<typeof consoleWorld>[0] = {},
): Promise<ConsoleWorld> {
  const world = await consoleWorld({ bot: greetingBot({}), capacity: 40, ...options });
  const { server, entries } = world;
  await Promise.all(Array.from({ length: customers }, (_, nth) => server.arrive(customer(nth)).done));
  await expect
    .poll(() => entries.filter(({ kind }) => kind === 'measured').length, { timeout: 30_000 })
    .toBe(customers);
  return world;
}
