import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ConfigInput } from 'usher-bots';
import type { CustomerResult, CustomerScript, Simulator } from 'usher-bots/simulator';
import { type ExperimentRecords, recordsOf } from '../../../core/experiment/records.ts';
import { openSqliteStore } from '../../../core/store/sqlite/open-sqlite-store.ts';
import { type Command, usher } from '../../core/cli/command.ts';
import { configFile } from '../../core/cli/config-file.ts';
import { password } from '../contact-centre.ts';
import { testedBot } from './tested-bot.ts';

type BotOptions = NonNullable<Parameters<typeof testedBot>[0]>;

/** So that what is lost is soon found. */
const server = { settleTime: 400, requestTimeout: 1_000, auditEvery: 500 };

/** A file for the records of a test. */
export function storeFile(): string {
  return join(mkdtempSync(join(tmpdir(), 'usher-experiment-')), 'store.db');
}

/** A config file for processes of their own; `options` of the experiment, as source. */
export function configOf(store: string, options = '{}'): string {
  return configFile(`
import { defineConfig } from '@/core/index.ts';
import { testedBot } from '@/test/integration/experiments/tested-bot.ts';
export default defineConfig(({ env }) => ({
  server: { ...${JSON.stringify(server)}, url: env.GWS_URL },
  store: ${JSON.stringify(store)},
  agents: [{ username: 'Ada', password: env.GWS_PASSWORD, nickname: 'Ada', bots: [testedBot(${options})] }],
}));`);
}

/** The same for this process. */
export function configHere(url: string, options: BotOptions = {}, store?: string): ConfigInput {
  return {
    server: { ...server, url },
    ...(store !== undefined && { store }),
    agents: [{ username: 'Ada', password, nickname: 'Ada', bots: [testedBot(options)] }],
  };
}

/** `usher start`, as soon as the agent is ready. */
export async function started(config: string, { url }: Simulator): Promise<Command> {
  const command = usher(['start', '-c', config, '--drain-within', '20'], {
    GWS_URL: url,
    GWS_PASSWORD: password,
  });
  const failed = command.ended.then((exit) => {
    throw new Error(`usher start ended with ${exit}: ${command.stderr()}`);
  });
  await Promise.race([command.prints(/Ada is ready/), failed]);
  failed.catch(() => undefined);
  return command;
}

/** Reads what an experiment has recorded, beside whoever runs it. */
export async function recordsIn(file: string, key = 'greeting'): Promise<ExperimentRecords> {
  const store = openSqliteStore(file);
  try {
    return await recordsOf(store, key);
  } finally {
    await store.close();
  }
}

/** Milliseconds: a machine that is busy with other things starts a process slowly. */
export const patience = 60_000;

/** Waits for the greeting, says so many lines, waits for the answer to each, and leaves. */
export function talk(contact: string, lines: readonly string[], pause = 0): CustomerScript {
  return {
    firstName: 'Mia',
    lastName: contact,
    userData: { ContactId: contact },
    steps: [
      { expect: '!', within: patience },
      ...lines.flatMap((say) => [{ pause }, { say }, { expect: `: ${say}`, within: patience }]),
      { leave: true },
    ],
  };
}

/** The arm in which a customer was served, if it was in one alone and heard everything once. */
export function armHeard({ heard, failure }: CustomerResult, lines: readonly string[]): string {
  const texts = heard.map(({ text }) => text);
  for (const [arm, word] of [
    ['plain', 'Hello'],
    ['warm', 'Welcome'],
  ]) {
    const wanted = [`${word}!`, ...lines.map((line) => `${word}: ${line}`)];
    if (arm !== undefined && JSON.stringify(texts) === JSON.stringify(wanted)) return arm;
  }
  return `${failure ?? 'was served wrongly'}: ${JSON.stringify(texts)}`;
}
