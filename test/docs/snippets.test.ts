import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { globSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { startSimulator } from 'usher-bots/simulator';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { parse } from 'yaml';
import { blocks } from './markdown.ts';

const run = promisify(execFile);
const folder = '.docs-check-pages';
const bin = (name: string): string => `node_modules/.bin/${name}`;

/** Pages whose blocks are a project of their own, with the files they name. */
const projects: Readonly<Record<string, readonly string[]>> = {
  'getting-started': ['bots.config.ts'],
};
const isTest = (body: string): boolean => body.includes("from 'vitest'");

function fileOf(page: string, at: number, body: string): string {
  const name = projects[page]?.[at] ?? `block-${at}${isTest(body) ? '.test' : ''}.ts`;
  return join(folder, page, name);
}

describe('the code of the documents', { timeout: 120_000 }, () => {
  let tests = 0;

  beforeAll(async () => {
    rmSync(folder, { recursive: true, force: true });
    for (const file of globSync('docs/*.md')) {
      const page = basename(file, '.md');
      mkdirSync(join(folder, page), { recursive: true });
      for (const [at, body] of blocks('ts', readFileSync(file, 'utf8')).entries()) {
        writeFileSync(fileOf(page, at, body), body);
        if (isTest(body)) tests += 1;
      }
    }
    await fillProjects();
    const vitest = readFileSync('vitest.config.ts', 'utf8').replace('test/**', `${folder}/**`);
    writeFileSync(join(folder, 'vitest.config.ts'), vitest);
    writeFileSync(
      join(folder, 'tsconfig.json'),
      JSON.stringify({ extends: '../tsconfig.json', include: ['*/*.ts'] }),
    );
  }, 60_000);
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it('compiles', async () => {
    const told = run(bin('tsc'), ['--noEmit', '--project', folder]).catch((failed) => failed);
    expect(await told).toMatchObject({ stdout: '' });
  });

  it('passes, where it is a test', async () => {
    const { stdout } = await run(bin('vitest'), ['run', '--config', join(folder, 'vitest.config.ts')], {
      env: { ...process.env, NO_COLOR: '1' },
    });
    expect(tests).toBeGreaterThan(4);
    // And the one that `usher plugin new` wrote.
    expect(stdout).toMatch(new RegExp(`Test Files +${tests + 1} passed`));
  });

  it('is a config that usher accepts, in Getting started', async () => {
    const config = join(folder, 'getting-started/bots.config.ts');
    const flags = ['--conditions=usher-source', 'core/cli/usher.ts', 'check', '--config', config];
    const { stdout } = await run(process.execPath, flags, { env: { PATH: process.env['PATH'] } });
    expect(stdout).toMatch(/ada with receptionist \(auto-accept, greeter, opening-hours, wrap-up\)/);
  });

  it.each([
    ['warm-greeting', 0, 'plain=0.6,warm=0.4'],
    ['phrases-or-brain', 1, 'phrases=0.6,brain=0.4'],
  ])('is an experiment that customers can come to, in Experiments: %s', async (key, at, truth) => {
    const config = join(folder, `experiments/block-${at}.ts`);
    const usher = ['--conditions=usher-source', 'core/cli/usher.ts', 'experiment', 'rehearse', key];
    const flags = ['--config', config, '--truth', truth, '--customers', '40', '--json'];
    const { stdout } = await run(process.execPath, [...usher, ...flags], {
      env: { PATH: process.env['PATH'] },
    });
    expect(JSON.parse(stdout).report).toMatchObject({ experiment: key, units: 40 });
  });

  it('answers probes and stops in good order, in Deployment', async () => {
    const simulator = await startSimulator({
      agents: [{ username: 'ada', password: 'secret', firstName: 'Ada', capacity: 3 }],
    });
    onTestFinished(() => simulator.close());
    const port = String(await freePort());
    const manifest = parse(blocks('yaml', readFileSync('docs/deployment.md', 'utf8'))[0] ?? '');
    const [container] = manifest.spec.template.spec.containers;
    const usher = ['--conditions=usher-source', 'core/cli/usher.ts', ...container.args];
    const child = spawn(process.execPath, usher, {
      env: { ...process.env, GWS_URL: simulator.url, GWS_PASSWORD: 'secret', PORT: port },
    });
    onTestFinished(() => void child.kill('SIGKILL'));
    const ended = once(child, 'close');
    const status = async (path: string): Promise<number> => {
      const answer = await fetch(`http://127.0.0.1:${port}${path}`).catch(() => undefined);
      return answer?.status ?? 0;
    };
    await expect.poll(() => status(container.readinessProbe.httpGet.path), { timeout: 15_000 }).toBe(200);
    expect(await status(container.livenessProbe.httpGet.path)).toBe(200);
    expect(await status(container.startupProbe.httpGet.path)).toBe(200);
    child.kill('SIGTERM');
    expect((await ended)[0]).toBe(0);
    expect(simulator.agents.find(({ username }) => username === 'ada')).toMatchObject({ loggedIn: false });
  });
});

/** What a reader of the page would have beside its code by then. */
async function fillProjects(): Promise<void> {
  const start = join(folder, 'getting-started');
  mkdirSync(join(start, 'node_modules'));
  symlinkSync(resolve('.'), join(start, 'node_modules/usher-bots'));
  writeFileSync(
    join(start, 'package.json'),
    JSON.stringify({ type: 'module', dependencies: { 'usher-bots': '*' } }),
  );
  await run(process.execPath, ['core/cli/usher.ts', 'plugin', 'new', 'opening-hours', '--dir', start]);
}

async function freePort(): Promise<number> {
  const { createServer } = await import('node:net');
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  return typeof address === 'object' && address !== null ? address.port : 0;
}
