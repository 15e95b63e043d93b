import { execFile } from 'node:child_process';
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { isPluginName, nearestName, pluginNames } from '../../../core/cli/new-plugin/plugin-names.ts';
import { usher } from './command.ts';

const run = promisify(execFile);
const root = process.cwd();
const kinds = ['message', 'bot', 'operation', 'session'] as const;

/** A project whose node_modules are the repository's, with the repository itself as usher-bots. */
function otherProject(folder: string): void {
  const modules = join(folder, 'node_modules');
  const names = ['rxjs', 'zod', 'vitest', 'typescript'];
  mkdirSync(join(modules, '@types'), { recursive: true });
  for (const name of [...names, '@types/node'])
    symlinkSync(join(root, 'node_modules', name), join(modules, name));
  symlinkSync(root, join(modules, 'usher-bots'));
  const dependencies = Object.fromEntries(['usher-bots', ...names].map((name) => [name, '*']));
  write(folder, 'package.json', { name: 'shop-bots', type: 'module', dependencies });
}

/** What of the repository the generated files need. */
function usherItself(folder: string): void {
  symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'));
  cpSync('package.json', join(folder, 'package.json'));
  cpSync('core', join(folder, 'core'), { recursive: true });
  mkdirSync(join(folder, 'test/plugins'), { recursive: true });
}

function project(fill: (folder: string) => void): string {
  const folder = mkdtempSync(join(tmpdir(), 'usher-new-'));
  fill(folder);
  write(folder, 'tsconfig.json', {
    compilerOptions: {
      target: 'esnext',
      module: 'nodenext',
      strict: true,
      noEmit: true,
      skipLibCheck: true,
      types: ['node'],
      allowImportingTsExtensions: true,
      noUnusedLocals: true,
      noUnusedParameters: true,
      customConditions: ['usher-source'],
    },
    include: ['plugins', 'test'],
  });
  const { vcs: _vcs, $schema: _schema, ...rules } = JSON.parse(readFileSync('biome.json', 'utf8'));
  write(folder, 'biome.json', { ...rules, root: true });
  const config = readFileSync('vitest.config.ts', 'utf8').replace(/^ +(include|globalSetup): .*$/gm, '');
  writeFileSync(join(folder, 'vitest.config.ts'), config);
  return folder;
}

function write(folder: string, file: string, content: object): void {
  writeFileSync(join(folder, file), JSON.stringify(content));
}

async function generate(
  folder: string,
  ...args: string[]
): Promise<{ exit: unknown; out: string; err: string }> {
  const command = usher(['plugin', 'new', ...args, '--dir', folder]);
  return { exit: await command.ended, out: command.stdout(), err: command.stderr() };
}

const bin = (name: string): string => join(root, 'node_modules/.bin', name);

describe.each([
  ['in a project that uses Usher', otherProject, 'plugins'],
  ['in Usher itself', usherItself, 'test/plugins'],
])('usher plugin new %s', { timeout: 120_000 }, (_where, fill, tests) => {
  let folder: string;

  beforeAll(async () => {
    folder = project(fill);
    for (const kind of kinds) {
      const args = ['plugin', 'new', `my-${kind}`, '--kind', kind, '--dir', folder];
      await run(process.execPath, ['core/cli/usher.ts', ...args]);
    }
  }, 60_000);
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it('writes the plugin, its test, a scenario and its page', () => {
    for (const kind of kinds) {
      const files = [
        `plugins/my-${kind}.ts`,
        `${tests}/my-${kind}.test.ts`,
        `scenarios/my-${kind}.yaml`,
        `docs/plugins/my-${kind}.md`,
      ];
      expect(files.filter((file) => !existsSync(join(folder, file)))).toEqual([]);
    }
  });

  it('writes what compiles', async () => {
    expect(await run(bin('tsc'), ['--project', folder])).toMatchObject({ stdout: '' });
  });

  it('writes what the linter and the formatter leave as it is', async () => {
    const { stdout } = await run(bin('biome'), ['ci', '--error-on-warnings', 'plugins', tests], {
      cwd: folder,
    });
    expect(stdout).toBe('');
  });

  it('writes tests that are green', async () => {
    const { stdout } = await run(bin('vitest'), ['run', '--root', folder], {
      cwd: folder,
      env: { ...process.env, NO_COLOR: '1' },
    });
    expect(stdout).toMatch(/Test Files +4 passed/);
    expect(stdout).toMatch(/Tests +\d\d passed/);
  });
});

describe('usher plugin new', { timeout: 60_000 }, () => {
  const temporary = (content: object = { type: 'module', dependencies: { 'usher-bots': '*' } }): string => {
    const folder = mkdtempSync(join(tmpdir(), 'usher-new-'));
    onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
    write(folder, 'package.json', content);
    return folder;
  };

  it('leaves alone what exists, and names it', async () => {
    const folder = temporary();
    await generate(folder, 'good-night');
    writeFileSync(join(folder, 'plugins/good-night.ts'), 'mine');
    rmSync(join(folder, 'scenarios'), { recursive: true });
    const { exit, out } = await generate(folder, 'good-night');
    expect(exit).toBe(0);
    expect(out).toMatch(/^kept +plugins\/good-night\.ts +it exists already; --force overwrites it$/m);
    expect(out).toMatch(/^wrote +scenarios\/good-night\.yaml$/m);
    expect(readFileSync(join(folder, 'plugins/good-night.ts'), 'utf8')).toBe('mine');
  });

  it('overwrites it with --force', async () => {
    const folder = temporary();
    await generate(folder, 'good-night');
    writeFileSync(join(folder, 'plugins/good-night.ts'), 'mine');
    const { out } = await generate(folder, 'good-night', '--force');
    expect(out).not.toContain('kept');
    expect(readFileSync(join(folder, 'plugins/good-night.ts'), 'utf8')).toContain("name: 'good-night'");
  });

  it('says what comes next, and what the project lacks for it', async () => {
    const folder = temporary({
      dependencies: { 'usher-bots': '*', rxjs: '*' },
      devDependencies: { vitest: '*' },
    });
    const { out } = await generate(folder, 'good-night');
    expect(
      out
        .split('next:\n')[1]
        ?.split('\n')
        .map((line) => line.trim()),
    ).toEqual([
      `cd ${folder}`,
      'npm pkg set type=module',
      'npm install zod',
      'npm install --save-dev typescript',
      'npx vitest run plugins/good-night.test.ts',
      'then put goodNight() among the plugins of a bot',
      '',
    ]);
  });

  it.each([
    ['GoodNight', /a plugin cannot be called "GoodNight": good-night would do\. Fix: .*kebab-case/],
    ['good night!', /"good night!": good-night would do\./],
    ['../etc', /"\.\.\/etc": etc would do\./],
    ['7', /a plugin cannot be called "7"\. Fix: name it in kebab-case/],
  ])('refuses the name %s: 2', async (name, text) => {
    const folder = temporary();
    const { exit, err } = await generate(folder, name);
    expect(err).toMatch(text);
    expect(err).toMatch(/\[USHER_PLUGIN_NAME\]\n$/);
    expect(exit).toBe(2);
    expect(existsSync(join(folder, 'plugins'))).toBe(false);
  });

  it('asks nobody where nobody can answer: 2', async () => {
    const { exit, err } = await generate(temporary());
    expect(err).toMatch(/the name of the plugin is missing.*\[USHER_PLUGIN_NAME\]\n$/);
    expect(exit).toBe(2);
  });

  it.each([
    ['has no package.json', undefined, /package\.json cannot be read: ENOENT/],
    ['does not use Usher', { name: 'shop' }, /package\.json does not name usher-bots/],
  ])('refuses a folder that %s: 2', async (_what, content, text) => {
    const folder = temporary(content);
    if (content === undefined) rmSync(join(folder, 'package.json'));
    const { exit, err } = await generate(folder, 'good-night');
    expect(err).toMatch(text);
    expect(err).toMatch(/Fix: run npm install usher-bots .* --dir\. \[USHER_NO_PROJECT\]\n$/);
    expect(exit).toBe(2);
  });

  it('says why a file cannot be written: 1', async () => {
    const folder = temporary();
    writeFileSync(join(folder, 'plugins'), 'a file, where a folder should be');
    const { exit, err } = await generate(folder, 'good-night');
    expect(err).toContain(`${resolve(folder, 'plugins/good-night.ts')} cannot be written`);
    expect(exit).toBe(1);
  });
});

describe('the names of a plugin', () => {
  it.each([
    ['good-night', 'goodNight', 'GoodNight', 'Good night'],
    ['a1-b2', 'a1B2', 'A1B2', 'A1 b2'],
    ['delete', 'deletePlugin', 'Delete', 'Delete'],
    ['define-plugin', 'definePluginPlugin', 'DefinePlugin', 'Define plugin'],
  ])('%s is %s in code', (name, identifier, className, title) => {
    expect(pluginNames(name)).toEqual({ name, identifier, className, title });
  });

  it.each(['good-night', 'a', 'x2', 'a1-2b'])('%s will do', (name) => {
    expect(isPluginName(name)).toBe(true);
  });

  it.each(['', '-a', 'a-', 'a--b', 'A', '2a', 'ä', 'a b', 'a'.repeat(61)])('%j will not', (name) => {
    expect(isPluginName(name)).toBe(false);
  });

  it.each([
    ['goodNight.test.ts', 'good-night'],
    ['--Good_night--', 'good-night'],
    ['123', undefined],
  ])('%s was probably meant to be %s', (name, near) => {
    expect(nearestName(name)).toBe(near);
  });
});
