import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { password, seat, simulator } from '../../integration/contact-centre.ts';
import { usher } from './command.ts';
import { configFile } from './config-file.ts';
import { RecordedStory } from './shadow/recorded-story.ts';

const folder = mkdtempSync(join(tmpdir(), 'usher-shadow-'));
const say = (text: string) => ({ name: 'sendMessage', text });

function file(name: string, story: RecordedStory): string {
  const path = join(folder, name);
  writeFileSync(path, story.recording());
  return path;
}

const story = file(
  'ada.jsonl',
  new RecordedStory()
    .chat('one')
    .did(say('Hello'))
    .would(say('Hello'))
    .says('hours?')
    .would(say('From 9 to 5.'))
    .did(say('From 8 to 6.')),
);
const two = file('two.jsonl', new RecordedStory().chat('one', { seenBy: ['a', 'b'] }).says('Hi'));
const none = file('none.jsonl', new RecordedStory().chat('one', { seenBy: [] }).says('Hi'));

async function run(...parameters: readonly string[]) {
  const command = usher(['shadow', ...parameters]);
  return { exit: await command.ended, stdout: command.stdout(), stderr: command.stderr() };
}

describe('usher shadow', { timeout: 60_000 }, () => {
  it('prints where the candidate differs', async () => {
    expect(await run(story)).toEqual({
      exit: 0,
      stderr: '',
      stdout: `candidate beside what was done: 1 chat, 2 turns
  the same in 1 (50.0 %)
      1  says something else
  time to the reply, by the median: 1.5 s; candidate 0.5 s

one, turn 1: says something else to “hours?”
  - “From 8 to 6.”
  + “From 9 to 5.”
`,
    });
    expect((await run(story, '--differences', '0')).stdout).toContain('1 more difference: --differences 1');
  });

  it('ends with 1 when too much differs', async () => {
    expect((await run(story, '--max-different', '0.4')).exit).toBe(1);
    expect((await run(story, '--max-different', '0.5', '--json')).exit).toBe(0);
  });

  it('prints JSON', async () => {
    const { stdout } = await run(story, '--json', '--bot', 'candidate');
    expect(JSON.parse(stdout)).toMatchObject({
      candidate: 'candidate',
      turns: 2,
      same: 1,
      kinds: { says: 1 },
    });
  });

  it.each([
    ['no shadow in it', [none], /has no shadow: list a candidate under `shadows`/],
    ['several and none named', [two], /several shadows; name one with --bot: a, b/],
    ['one that is not there', [two, '--bot', 'c'], /there is no shadow c in the recording, but a, b/],
    ['no file', [join(folder, 'nowhere.jsonl')], /nowhere\.jsonl cannot be read/],
    ['a share above 1', [story, '--max-different', '2'], /a number from 0 to 1/],
  ] as const)('refuses %s', async (_what, parameters, message) => {
    const { exit, stderr } = await run(...parameters);
    expect(exit).toBe(2);
    expect(stderr).toMatch(message);
  });
});

describe('usher start --dry-run', { timeout: 60_000 }, () => {
  it('is refused on the embedded simulator, and says what there is instead', async () => {
    const command = usher(['start', '--dry-run', '--once']);
    expect(await command.ended).toBe(2);
    expect(command.stderr()).toMatch(/set GWS_URL, list a candidate under `shadows`.*or run usher replay/);
  });

  it('says that it is one, makes nobody Ready, and shows what the bots would do', async () => {
    const server = await simulator({ agents: [seat('Ada')] });
    const post = (path: string, operationName: string) =>
      fetch(`${server.url}/api/v2${path}`, {
        method: 'POST',
        headers: {
          authorization: `Basic ${Buffer.from(`Ada:${password}`).toString('base64')}`,
          'content-type': 'application/json',
        },
        body: JSON.stringify({ operationName, channels: ['chat'] }),
      });
    const config = configFile(`
      import { autoGreeter } from '@/bots/auto-greeter.ts';
      import { defineConfig } from '@/core/index.ts';
      export default defineConfig(({ env }) => ({
        server: { url: env.GWS_URL },
        agents: [{ username: 'Ada', password: env.GWS_PASSWORD, bots: [autoGreeter()] }],
      }));`);
    const env = { GWS_URL: server.url, GWS_PASSWORD: password };
    const command = usher(['start', '--dry-run', '--config', config], env);
    await command.prints(/Ada is ready: dry run, reads alone/);
    expect(command.stdout()).toMatch(/^dry run: nothing leaves this process/m);
    expect(server.agents[0]).toMatchObject({ loggedIn: false, ready: false });
    await post('/me', 'StartContactCenterSession');
    await post('/me/channels/chat', 'Ready');
    server.arrive({ firstName: 'Mia', steps: [{ expectAgent: 'Ada' }] });
    await command.prints(/Ada would accept the chat {2}\[.*auto-accept\]/);
    command.child.kill('SIGTERM');
    expect(await command.ended).toBe(0);
    expect(server.operations).toEqual([]);
    expect(server.agents[0]).toMatchObject({ loggedIn: true, ready: true });
  });
});
