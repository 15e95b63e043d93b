import { mkdirSync, mkdtempSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { WebChat } from '../../../core/cli/chat/web-chat.ts';
import { type Command, usher } from './command.ts';

const root = process.cwd();

const echo = (word: string): string => `
import { definePlugin } from 'usher-bots';
import { mark } from './mark.ts';
export const echo = definePlugin({
  name: 'echo',
  message: () => ({ text }, { operations }) => operations.sendMessage(\`${word}: \${text}\${mark}\`),
});
`;
const config = `
import { defineBot, defineConfig } from 'usher-bots';
import { autoAccept } from 'usher-bots/plugins/auto-accept';
import { echo } from './plugins/echo.ts';
export default defineConfig({
  agents: [{ username: 'ada', nickname: 'Ada', bots: [defineBot({ name: 'echo', plugins: [autoAccept(), echo()] })] }],
});
`;

/** A project that uses the framework as an installed package. */
function project() {
  const folder = mkdtempSync(join(tmpdir(), 'usher-dev-'));
  const write = (name: string, source: string): void => writeFileSync(join(folder, name), source);
  mkdirSync(join(folder, 'plugins'));
  mkdirSync(join(folder, 'node_modules'));
  symlinkSync(root, join(folder, 'node_modules/usher-bots'));
  write('package.json', '{ "type": "module" }');
  write('plugins/mark.ts', "export const mark = '.';");
  write('plugins/echo.ts', echo('v1'));
  write('bots.config.ts', config);
  return { folder, write };
}

/** `usher dev` in a project, and a customer in a chat with its bot. */
async function developing() {
  const { folder, write } = project();
  // The framework is one and the same here, whether it is imported as a package or run from its sources.
  const env = { NODE_OPTIONS: '--conditions=usher-source' };
  const command = usher(['dev', '--port', '0'], env, folder);
  await command.prints(/ada is ready|Ada is ready/);
  const url = /simulator at (\S+)/.exec(command.stdout())?.[1] ?? '';
  const chat = await WebChat.request({ origin: url }, { nickname: 'Mia' });
  await expect.poll(() => chat.state(), { timeout: 10_000 }).toBe('Chatting');
  const heard: string[] = [];
  const says = async (text: string): Promise<string | undefined> => {
    await chat.say(text);
    await expect
      .poll(
        async () => {
          for (const { type, from, text: said } of await chat.lines())
            if (type === 'Text' && from.type === 'Agent') heard.push(said ?? '');
          return heard.some((said) => said.includes(text));
        },
        { timeout: 10_000 },
      )
      .toBe(true);
    return heard.at(-1);
  };
  return { command, chat, says, write, url };
}

async function stop(command: Command): Promise<void> {
  command.child.kill('SIGINT');
  expect(await command.ended).toBe(0);
}

describe('usher dev', { timeout: 60_000 }, () => {
  it('takes up a changed plugin, and what it depends on, in a chat that goes on', async () => {
    const { command, says, write } = await developing();
    expect(await says('a')).toBe('v1: a.');
    write('plugins/echo.ts', echo('v2'));
    await command.prints(/echo: new code from plugins\/echo\.ts/);
    expect(await says('b')).toBe('v2: b.');
    write('plugins/mark.ts', "export const mark = '!';");
    await command.prints(/echo: new code from plugins\/mark\.ts/);
    expect(await says('c')).toBe('v2: c!');
    await stop(command);
  });

  it('keeps the code before one that cannot be loaded, and says where it is broken', async () => {
    const { command, says, write } = await developing();
    write('plugins/echo.ts', "export const echo = 'three");
    await command.prints(/the code before it stays.*plugins\/echo\.ts:1: Unterminated string constant/);
    expect(await says('a')).toBe('v1: a.');
    write('plugins/echo.ts', echo('v3'));
    await command.prints(/echo: new code/);
    expect(await says('b')).toBe('v3: b.');
    await stop(command);
  });

  it('says what it cannot take up, and what is no change', async () => {
    const { command, write } = await developing();
    write('bots.config.ts', `${config}\n// a comment`);
    await command.prints(/bots\.config\.ts changed, and no plugin did/);
    write('bots.config.ts', config.replace("nickname: 'Ada'", "nickname: 'Eve'"));
    await command.prints(/agents changed as well: start usher dev again/);
    await stop(command);
  });
});

describe('usher chat', { timeout: 60_000 }, () => {
  it('plays a customer whose lines are piped in', async () => {
    const { command, url } = await developing();
    const chat = usher(
      ['chat', '--url', url, '--name', 'Jonas', '--data', 'Vip=yes'],
      {},
      root,
      'Hello\nBye\n',
    );
    expect(await chat.ended, chat.stderr()).toBe(0);
    expect(chat.stdout()).toMatch(/Ada joins\nAda: v1: Hello\.\nAda: v1: Bye\.\n/);
    expect(command.stdout()).toMatch(/Jonas +leaves/);
    await stop(command);
  });

  it.each<[string, readonly string[], RegExp, number]>([
    [
      'a server that is not there',
      ['--url', 'http://127.0.0.1:1'],
      /cannot reach http:\/\/127\.0\.0\.1:1.*\[USHER_SERVER_UNREACHABLE\]/,
      1,
    ],
    ['a URL that is none', ['--url', 'x'], /It must be an http or https URL/, 2],
    ['data that is none', ['--data', 'Vip'], /It must look like Key=value/, 2],
  ])('refuses %s', async (_what, flags, message, exit) => {
    const chat = usher(['chat', ...flags]);
    expect(await chat.ended).toBe(exit);
    expect(chat.stderr()).toMatch(message);
  });
});
