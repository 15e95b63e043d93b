import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { errorCatalogue, exitCodes } from '../../core/errors.ts';
import { program } from '../debian.ts';
import { text, unit } from './files.ts';
import { longestStop } from './longest-stop.ts';

const units = ['usher.service', 'usher@.service'];

function verify(name: string, content: string): { readonly status: number | null; readonly stderr: string } {
  const folder = mkdtempSync(join(tmpdir(), 'usher-units-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const file = join(folder, name);
  writeFileSync(file, content);
  return spawnSync(program('systemd-analyze', 'systemd'), ['verify', '--man=no', file], { encoding: 'utf8' });
}

describe.each(units)('%s', (name) => {
  const file = `systemd/${name}`;
  const settings = unit(file);
  const value = (key: string): string => settings.get(key)?.at(-1) ?? '';
  const [node = '', script, verb, ...flags] = value('ExecStart').split(' ');

  it('is a unit in the eyes of systemd', () => {
    // Wherever Node is on this machine.
    const content = text(file).replace(node, process.execPath);
    expect(verify(name, content)).toMatchObject({ status: 0, stderr: '' });
    expect(verify(name, content.replace('KillMode=mixed', 'KilMode=mixed')).stderr).toContain('KilMode');
    expect(verify(name, content.replace(process.execPath, '/usr/bin/nodde')).status).not.toBe(0);
  });

  it('starts what there is, and waits for as long as a stop may take', () => {
    expect(script).toBe('node_modules/usher-bots/dist/core/cli/usher.js');
    expect(verb).toBe('start');
    expect(Number(value('TimeoutStopSec'))).toBeGreaterThan(longestStop(flags));
    expect(value('KillSignal')).toBe('SIGTERM');
  });

  it('is not started again where that cannot help, and only there', () => {
    expect(value('Restart')).toBe('on-failure');
    expect(value('RestartPreventExitStatus')).toBe(String(exitCodes.usage));
    expect(errorCatalogue.USHER_CONFIG_INVALID.exit).toBe(exitCodes.usage);
  });

  it('gives every secret as a credential, and none in a variable', () => {
    const variables = (settings.get('Environment') ?? []).join(' ').split(' ');
    const files = variables.filter((variable) => variable.includes('%d/'));
    expect(files.map((variable) => variable.split('%d/')[1])).toEqual(
      settings.get('LoadCredential')?.map((credential) => credential.split(':')[0]),
    );
    expect(variables.filter((variable) => /PASSWORD|TOKEN/.test(variable))).toEqual(files);
  });
});

it('gives each worker of usher@ a port and a folder for its control socket of its own', () => {
  const settings = unit('systemd/usher@.service');
  const variables = settings.get('Environment')?.join(' ') ?? '';
  expect(variables).toMatch(/\bPORT=460%i\b/);
  expect(variables).toContain(`XDG_RUNTIME_DIR=%t/${settings.get('RuntimeDirectory')?.[0]}`);
  expect(settings.get('RuntimeDirectory')?.[0]).toContain('%i');
});
