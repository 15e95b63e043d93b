import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { program } from '../../../core/cli/main.ts';
import { commandsOf } from '../../../core/cli/shells/command-line.ts';
import { usher } from './command.ts';

const isInstalled = (shell: string): boolean => spawnSync(shell, ['-c', 'true']).status === 0;

async function script(shell: string): Promise<string> {
  const command = usher(['completion', shell]);
  expect(await command.ended).toBe(0);
  const file = join(mkdtempSync(join(tmpdir(), 'usher-completion-')), `completion.${shell}`);
  writeFileSync(file, command.stdout());
  return file;
}

/** What bash offers at the end of a line; it takes --flag=value apart, as here. */
function offeredByBash(file: string, line: string): string[] {
  const words = line.split(/ |(=)/).filter((word) => word !== undefined);
  const ask = `source "$0"; COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _usher; printf '%s\\n' "\${COMPREPLY[@]}"`;
  const offered = execFileSync('bash', ['--norc', '-c', ask, file, ...words], { encoding: 'utf8' });
  return offered.split('\n').filter((word) => word !== '');
}

const lines = [
  [
    'usher ',
    [
      'start',
      'drain',
      'fleet',
      'simulate',
      'dev',
      'chat',
      'test',
      'eval',
      'replay',
      'shadow',
      'check',
      'store',
      'experiment',
      'plugin',
      'completion',
      '--version',
      '--help',
    ],
  ],
  ['usher st', ['start', 'store']],
  ['usher start --o', ['--once']],
  ['usher start --log-level de', ['debug']],
  ['usher start --config bots.conf', ['bots.config.ts']],
  ['usher simulate --dialect ', ['gws-8.5.0', 'gws-8.5.1', 'gws-8.5.2']],
  ['usher simulate --port 1 --dialect gws-8.5.2 --st', ['--strict']],
  ['usher simulate --port ', []],
  ['usher fleet --w', ['--watch']],
  ['usher fleet drain --w', ['--within']],
  ['usher plugin ', ['new', '--help']],
  ['usher plugin new --kind ', ['message', 'bot', 'operation', 'session']],
  ['usher plugin new --dir sim', ['simulator']],
  ['usher completion f', ['fish']],
] as const;

describe('usher completion', { timeout: 60_000 }, () => {
  it('serves bash', async () => {
    const file = await script('bash');
    for (const [line, offered] of lines) expect([line, offeredByBash(file, line)]).toEqual([line, offered]);
    expect(offeredByBash(file, 'usher simulate --dialect=gws-8.5.1')).toEqual(['gws-8.5.1']);
    expect(offeredByBash(file, 'usher start --log-level=')).toContain('trace');
  });

  it.skipIf(!isInstalled('fish'))('serves fish', async () => {
    const file = await script('fish');
    const offered = (line: string): string[] =>
      execFileSync('fish', ['--no-config', '-c', `source ${file}; complete --do-complete '${line}'`], {
        encoding: 'utf8',
      })
        .split('\n')
        .map((row) => row.split('\t')[0] ?? '')
        .filter((word) => word !== '')
        .sort();
    for (const [line, wanted] of lines) {
      // Of flags, fish speaks when a dash is there.
      const words = /[ ]$/.test(line) ? wanted.filter((word) => !word.startsWith('-')) : wanted;
      const files = line.endsWith('sim') ? ['simulator/'] : [...words].sort();
      expect([line, offered(line)]).toEqual([line, files]);
    }
  });

  it.skipIf(!isInstalled('zsh'))('serves zsh', async () => {
    const file = await script('zsh');
    const loads = `autoload -Uz compinit; compinit -D -u; source ${file}; print $_comps[usher]; whence -w _usher_plugin_new`;
    expect(execFileSync('zsh', ['-f', '-c', loads], { encoding: 'utf8' })).toBe(
      '_usher\n_usher_plugin_new: function\n',
    );
  });

  it.each(['bash', 'zsh', 'fish'])('knows every verb and every flag in %s', async (shell) => {
    const command = usher(['completion', shell]);
    await command.ended;
    for (const { path, flags } of commandsOf(program())) {
      for (const word of path) expect(command.stdout()).toContain(word);
      for (const { long = '' } of flags) expect(command.stdout()).toContain(long.replace('--', ''));
    }
  });

  it('refuses a shell it does not know: 2', async () => {
    const command = usher(['completion', 'csh']);
    expect(await command.ended).toBe(2);
    expect(command.stderr()).toMatch(/Allowed choices are bash, zsh, fish/);
  });
});
