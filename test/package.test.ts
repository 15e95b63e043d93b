import { execFile, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { startSimulator } from 'usher-bots/simulator';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { program } from './debian.ts';
import { buildImage } from './deploy/build-image.ts';
import { image } from './deploy/dockerfile.ts';
import { freePort } from './deploy/free-port.ts';
import { newDatabase } from './postgres/new-database.ts';

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

const lists = ['package.json', 'package-lock.json'];

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
    await inProject('npm', 'install', ...quietly, '--save-dev', 'typescript', '@types/node');
    // What is built into the image: npm cannot read back each lockfile that it writes for vitest.
    for (const file of lists) cpSync(join(project, file), join(folder, file));
    await inProject('npm', 'install', ...quietly, '--save-dev', 'vitest');
  }, 300_000);
  afterAll(() => rmSync(folder, { recursive: true, force: true }), 120_000);

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

  it('runs from the image of docs/operations/deploy: as nobody who may write, with probes, until a signal', async () => {
    const context = join(folder, 'context');
    cpSync('docs/operations/deploy', context, { recursive: true });
    for (const file of lists) cpSync(join(folder, file), join(context, file));
    const built = join(folder, 'image');
    // The tarball stands where the lockfile looks for it: in a registry it would come from there.
    mkdirSync(join(built, 'stage-0'), { recursive: true });
    cpSync(tarball, join(built, 'stage-0', basename(tarball)));
    const root = await buildImage(context, built, { ...env, npm_config_prefer_offline: 'true' });
    expect(existsSync(join(root, 'app/node_modules/typescript'))).toBe(false);

    chmodSync(folder, 0o755);
    const simulator = await startSimulator({
      dialect: 'gws-8.5.2',
      agents: ['ada', 'ada2', 'ada3', 'ada4', 'ada5', 'ada6'].map((username) => ({
        username,
        password: 'usher',
      })),
    });
    onTestFinished(() => simulator.close());
    const [uid, gid] = image.user.split(':').map(Number);
    const isRoot = process.getuid?.() === 0;
    const [tini = '', ...entrypoint] = image.entrypoint;
    const port = String(await freePort());
    const child = spawn(program(tini, tini), [...entrypoint, ...image.command], {
      cwd: join(root, 'app'),
      env: {
        ...{ PATH: env.PATH, ...image.environment, HOST: '127.0.0.1', PORT: port },
        ...{ GWS_URL: simulator.url, GWS_DIALECT: 'gws-8.5.2', AGENTS_PASSWORD: 'usher' },
        ...{ USHER_STORE: await newDatabase() },
      },
      ...(isRoot && { uid, gid }),
    });
    onTestFinished(() => void child.kill('SIGKILL'));
    const said: string[] = [];
    for (const output of [child.stdout, child.stderr]) output.on('data', (text) => said.push(String(text)));
    const ended = once(child, 'close');
    const healthy = () =>
      run(process.execPath, image.healthcheck.slice(1), { env: { PORT: port } }).then(
        () => true,
        () => false,
      );
    await expect.poll(healthy, { timeout: 30_000, message: said.join('') }).toBe(true);
    await expect
      .poll(() => simulator.agents.filter(({ ready }) => ready).length, { timeout: 30_000 })
      .toBe(6);
    if (isRoot) {
      const touch = spawnSync('touch', [join(root, 'app/touched')], { uid, gid });
      expect(touch.status).not.toBe(0);
    }
    child.kill('SIGTERM');
    expect((await ended)[0], said.join('')).toBe(0);
    expect(simulator.agents.filter(({ loggedIn }) => loggedIn)).toEqual([]);
  });

  it('is of the version it says', async () => {
    const { version } = JSON.parse(readFileSync('package.json', 'utf8')) as { version: string };
    const { stdout } = await inProject('npx', 'usher', '--version');
    expect(stdout).toBe(`${version}\n`);
  });
});
