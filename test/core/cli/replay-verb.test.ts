import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type JournalEntry, type Operation, RecordingLines } from 'usher-bots';
import { describe, expect, it } from 'vitest';
import { testAgent } from '../../../core/testing/server/people.ts';
import { usher } from './command.ts';
import { configFile } from './config-file.ts';

const config = configFile(`
import { defineBot, defineConfig } from '@/core/index.ts';
import { autoAccept } from '@/plugins/auto-accept.ts';
import { greeter } from '@/plugins/greeter.ts';
export default defineConfig({
  agents: [
    { username: 'ada', bots: [defineBot({ name: 'b', plugins: [autoAccept(), greeter({ text: 'Hello {FirstName}' })] })] },
  ],
});
`);

const folder = mkdtempSync(join(tmpdir(), 'usher-replay-'));
const key = 'a secret of sixteen';

/** A recording of one chat in which the bots greeted with this text. */
function recording(greeting: string, texts: 'all' | 'redacted' = 'all'): string {
  const lines = new RecordingLines({ agent: testAgent, texts, key, at: 0 });
  const change = (at: number, update: object): JournalEntry => ({
    kind: 'notification',
    topic: '/t',
    notification: { kind: 'interaction', interactionId: 'I', change: 'StatusChange', update },
    agent: 'ada',
    at,
  });
  const outcome = (at: number, operation: object): JournalEntry => ({
    kind: 'outcome',
    outcome: {
      operation: { interactionId: 'I', plugin: 'p', ...operation } as Operation,
      kind: 'sent',
      attempts: 1,
    },
    took: 1,
    agent: 'ada',
    at,
  });
  const userData = { FirstName: 'Rosalind' };
  const entries: JournalEntry[] = [
    change(10, { state: 'Invited', capabilities: ['Accept'], userData }),
    {
      kind: 'interaction-began',
      interactionId: 'I',
      type: 'inbound',
      userData,
      bot: 'b',
      agent: 'ada',
      at: 10,
    },
    outcome(20, { name: 'accept', nickname: 'Ada' }),
    change(30, { state: 'Chatting', capabilities: ['SendMessage'] }),
    outcome(40, { name: 'sendMessage', text: greeting }),
    change(5_000, { state: 'Completed' }),
  ];
  const file = join(folder, `${texts}-${greeting}.jsonl`);
  writeFileSync(file, lines.header + entries.map((entry) => lines.line(entry) ?? '').join(''));
  return file;
}

async function run(parameters: readonly string[], env: Record<string, string> = {}) {
  const command = usher(['replay', ...parameters, '-c', config], env);
  return { exit: await command.ended, stdout: command.stdout(), stderr: command.stderr() };
}

describe('usher replay', { timeout: 60_000 }, () => {
  it('finds no difference where there is none', async () => {
    const { exit, stdout, stderr } = await run([recording('Hello Rosalind')]);
    expect(stdout + stderr).toBe('no difference: 2 operations in 1 interactions\n');
    expect(exit).toBe(0);
  });

  it('prints what was done then and what is done now, and exits with 1', async () => {
    const { exit, stdout } = await run([recording('Good day')]);
    expect(stdout).toBe(
      'I\n  - sendMessage {"text":"Good day"}\n  + sendMessage {"text":"Hello Rosalind"}\n\n1 difference: 2 operations in 1 interactions\n',
    );
    expect(exit).toBe(1);
  });

  it('prints the same as JSON', async () => {
    const { stdout } = await run([recording('Good day'), '--json']);
    expect(JSON.parse(stdout)).toMatchObject({
      operations: 2,
      differences: [{ kind: 'changed', interactionId: 'I' }],
    });
  });

  it('compares what is redacted by its tags, where the key is, and by names where it is not', async () => {
    const same = recording('Hello Rosalind', 'redacted');
    const other = recording('Good day', 'redacted');
    expect(readFileSync(other, 'utf8')).not.toMatch(/Good day|Rosalind/);
    const env = { USHER_RECORDING_KEY: key };
    expect((await run([same], env)).exit).toBe(0);
    expect((await run([other], env)).exit).toBe(1);
    const blind = await run([other]);
    expect(blind.stdout).toMatch(/no difference.*\ncustomers' texts are redacted.*\ntexts are not compared/);
    expect(blind.exit).toBe(0);
  });

  it('turns a chat into a scenario that can be played', async () => {
    const out = join(folder, 'made.yaml');
    const { stdout } = await run([recording('Hello Rosalind'), '--to-scenario', '--out', out]);
    expect(stdout).toContain(`usher test ${out}`);
    expect(readFileSync(out, 'utf8')).toContain('say: Hello Rosalind');
    const test = usher(['test', out, '-c', config]);
    expect(await test.ended, test.stdout() + test.stderr()).toBe(0);
  });

  it.each<[string, () => readonly string[], RegExp]>([
    ['a file that is not there', () => ['nope.jsonl'], /nope\.jsonl cannot be read: ENOENT.*\[USHER_USAGE\]/],
    [
      'what is no recording',
      () => ['package.json'],
      /package\.json:1: is no header.*\[USHER_RECORDING_BROKEN\]/,
    ],
    [
      'a chat that is not in it',
      () => [recording('Hi'), '--to-scenario', '--interaction', 'X'],
      /there is no X; name one with --interaction: I\..*\[USHER_USAGE\]/,
    ],
    ['no file at all', () => [], /missing required argument 'files'/],
  ])('refuses %s with exit code 2', async (_what, parameters, message) => {
    const { exit, stderr } = await run(parameters());
    expect(stderr).toMatch(message);
    expect(exit).toBe(2);
  });
});
