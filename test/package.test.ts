import { execFile } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const run = promisify(execFile);

/** As a user's shell has it: nothing of the npm script that runs the tests, and the Node that runs them first. */
const env = {
  ...Object.fromEntries(
    Object.entries(process.env).filter(
      ([name]) => !/^(npm_|GWS_|LOG_|NODE_OPTIONS|VITEST|FORCE_COLOR)/.test(name),
    ),
  ),
  PATH: `${dirname(process.execPath)}:${process.env['PATH']}`,
  NO_COLOR: '1',
};

/** Plugins and bots have an export each, behind one pattern. */
const entries = ['.', './testing', './simulator', ...shelf('plugins'), ...shelf('bots')];

function shelf(folder: string): string[] {
  return readdirSync(folder)
    .filter((file) => file.endsWith('.ts'))
    .map((file) => `./${folder}/${basename(file, '.ts')}`);
}

describe('the package', { timeout: 300_000 }, () => {
  let folder: string;
  let tarball: string;
  let project: string;
  const inProject = (command: string, ...args: string[]) => run(command, args, { cwd: project, env });
  const write = (file: string, content: string | object): void =>
    writeFileSync(join(project, file), typeof content === 'string' ? content : JSON.stringify(content));

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'usher-package-'));
    const { stdout } = await run('npm', ['pack', '--json', '--pack-destination', folder], { env });
    const packed = JSON.parse(stdout.slice(stdout.indexOf('['))) as { filename: string }[];
    tarball = join(folder, packed[0]?.filename ?? '');
    project = mkdtempSync(join(folder, 'shop-'));
    const { overrides } = JSON.parse(readFileSync('package.json', 'utf8')) as { overrides: object };
    write('package.json', { name: 'shop-bots', private: true, type: 'module', overrides });
    const quietly = ['--no-audit', '--no-fund', '--prefer-offline'];
    // What some of the plugins need beside it, as docs/dependencies.md tells.
    const optional = ['rivescript', 'tinyld'];
    await inProject('npm', 'install', ...quietly, tarball, 'rxjs', 'zod', ...optional);
    await inProject('npm', 'install', ...quietly, '--save-dev', 'vitest', 'typescript', '@types/node');
  }, 300_000);
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it('is what publint wants', async () => {
    const { stdout } = await run('node_modules/.bin/publint', ['run', '--strict', tarball], { env });
    expect(stdout).toContain('All good!');
  });

  it('has types that resolve for every entry', async () => {
    const args = [tarball, '--profile', 'esm-only', '--entrypoints', ...entries, '--format', 'json'];
    const { stdout } = await run('node_modules/.bin/attw', args, { env, maxBuffer: 64 * 1024 * 1024 });
    const { analysis } = JSON.parse(stdout) as { analysis: { entrypoints: object } };
    expect(Object.keys(analysis.entrypoints)).toEqual(entries);
  });

  it('brings its licence, its changes and its documents', () => {
    const installed = join(project, 'node_modules/usher-bots');
    const files = [
      'LICENSE',
      'CHANGELOG.md',
      'README.md',
      'AGENTS.md',
      'docs/plugins.md',
      'dist/core/index.d.ts',
    ];
    expect(files.filter((file) => !existsSync(join(installed, file)))).toEqual([]);
    expect(existsSync(join(installed, 'test'))).toBe(false);
  });

  it('has one copy of RxJS, which is also the one of virtual time', async () => {
    const { stdout } = await inProject('npm', 'ls', '--all', '--parseable', 'rxjs');
    expect(stdout.trim().split('\n')).toHaveLength(1);
  });

  it('can be imported, every entry', async () => {
    const names = entries.map((entry) => `usher-bots${entry.slice(1)}`);
    const program = `for (const name of ${JSON.stringify(names)}) console.log(Object.keys(await import(name)).length > 0);`;
    const { stdout } = await inProject('node', '--input-type=module', '--eval', program);
    expect(stdout.trim().split('\n')).toEqual(names.map(() => 'true'));
  });

  it('writes a plugin whose test is green and whose types hold, libraries included', async () => {
    await inProject('npx', 'usher', 'plugin', 'new', 'good-night');
    const { stdout } = await inProject('npx', 'vitest', 'run');
    expect(stdout).toMatch(/Tests +\d+ passed/);

    write('tsconfig.json', {
      compilerOptions: {
        target: 'esnext',
        module: 'nodenext',
        strict: true,
        noEmit: true,
        skipLibCheck: false,
        exactOptionalPropertyTypes: true,
        allowImportingTsExtensions: true,
        types: ['node'],
      },
    });
    write(
      'entries.ts',
      entries.map((entry, at) => `export * as entry${at} from 'usher-bots${entry.slice(1)}';`).join('\n'),
    );
    expect(await inProject('npx', 'tsc')).toMatchObject({ stdout: '' });
  });

  it('serves the customers of the demo', async () => {
    const config = readFileSync('bots.config.ts', 'utf8')
      .replace('./core/index.ts', 'usher-bots')
      .replaceAll(/'\.\/((?:bots|plugins)\/[\w-]+)\.ts'/g, "'usher-bots/$1'");
    write('bots.config.ts', config);
    const { stdout } = await inProject('npx', 'usher', 'start', '--once');
    expect(stdout).toContain('all 4 customers were served');
  });

  it('is of the version it says', async () => {
    const { version } = JSON.parse(readFileSync('package.json', 'utf8')) as { version: string };
    const { stdout } = await inProject('npx', 'usher', '--version');
    expect(stdout).toBe(`${version}\n`);
  });
});
