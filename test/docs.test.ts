import { execFile } from 'node:child_process';
import { globSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { basename } from 'node:path';
import { promisify } from 'node:util';
import { exitCodes } from 'usher-bots';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { limitsOf } from '../core/bot/limits.ts';
import { type DialectName, dialectNames, dialects } from '../core/dialects/index.ts';
import { operationNames } from '../core/model/operation.ts';
import { targetOf } from '../site/links.ts';
import { blocks, code, table } from './docs/markdown.ts';

const run = promisify(execFile);
const packageJson = JSON.parse(readFileSync('package.json', 'utf8')) as { scripts: Record<string, string> };

describe("the README's code", () => {
  const folder = '.docs-check';
  const [plugin = '', test = '', config = ''] = blocks('ts');
  const bin = (name: string): string => `node_modules/.bin/${name}`;

  beforeAll(() => {
    rmSync(folder, { recursive: true, force: true });
    mkdirSync(folder);
    const files = {
      'good-night.ts': plugin,
      'good-night.test.ts': test,
      'bots.config.ts': config,
      'vitest.config.ts': readFileSync('vitest.config.ts', 'utf8').replace(
        'test/**/*.test.ts',
        `${folder}/*.test.ts`,
      ),
      'tsconfig.json': JSON.stringify({ extends: '../tsconfig.json', include: ['*.ts'] }),
    };
    for (const [name, body] of Object.entries(files)) writeFileSync(`${folder}/${name}`, body);
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it('compiles', { timeout: 60_000 }, async () => {
    const { stdout } = await run(bin('tsc'), ['--noEmit', '--project', folder]);
    expect(stdout).toBe('');
  });

  it('passes its own test', { timeout: 60_000 }, async () => {
    const { stdout } = await run(bin('vitest'), ['run', '--config', `${folder}/vitest.config.ts`], {
      env: { ...process.env, NO_COLOR: '1' },
    });
    expect(stdout).toMatch(/Tests +1 passed/);
  });

  it('is a config that usher accepts', { timeout: 60_000 }, async () => {
    const flags = ['run', '--silent', 'usher', '--', 'check', '--config', `${folder}/bots.config.ts`];
    const { stdout } = await run('npm', flags, {
      env: { ...process.env, GWS_USERNAME: 'ada', GWS_PASSWORD: 'x', GWS_URL: '' },
    });
    expect(stdout).toMatch(/ada with night-porter \(auto-accept, good-night\)/);
  });

  it('shows a plugin of at most fifteen lines', () => {
    expect(plugin.trim().split('\n').length).toBeLessThanOrEqual(15);
  });
});

describe("the README's commands", () => {
  it('are scripts of the package', () => {
    const used = blocks('sh').flatMap((block) =>
      [...block.matchAll(/^npm (?:run )?([\w:-]+)/gm)].map(([, name = '']) => name),
    );
    const builtIn = ['ci'];
    expect(used.length).toBeGreaterThan(3);
    expect(used.filter((name) => !builtIn.includes(name) && packageJson.scripts[name] === undefined)).toEqual(
      [],
    );
  });

  it('show what the transcript shows', { timeout: 60_000 }, async () => {
    const { stdout } = await run('npm', ['start', '--silent', '--', '--once']);
    const withoutTime = (text: string): string[] =>
      text.split('\n').map((line) => line.replace(/^\d\d:\d\d:\d\d/, '').trim());
    const real = withoutTime(stdout);
    const shown = withoutTime(blocks('text')[0] ?? '').filter((line) => line !== '' && line !== '…');
    expect(shown.length).toBeGreaterThan(10);
    expect(shown.filter((line) => !real.includes(line))).toEqual([]);
  });
});

describe("the README's tables", () => {
  it('name every plugin, and options it has', () => {
    const rows = table('Plugins');
    const files = readdirSync('plugins')
      .filter((file) => file.endsWith('.ts'))
      .map((file) => basename(file, '.ts'));
    expect(rows.map(([name]) => code(name)[0]).sort()).toEqual(files.sort());
    for (const [name, , options] of rows) {
      const source = readFileSync(`plugins/${code(name)[0]}.ts`, 'utf8');
      for (const option of code(options)) expect(source).toMatch(new RegExp(`^ {2,4}${option}: `, 'm'));
    }
  });

  it('name every operation and its wire name', () => {
    const rows = table('Operations').map(([call, ...wires]) => [
      code(call)[0]?.replace(/\(.*/, ''),
      ...wires.slice(0, 3).map((wire) => code(wire)[0]),
    ]);
    const request = {
      interactionId: 'I',
      plugin: 'p',
      text: 'x',
      nickname: 'x',
      typing: true,
      to: { agentId: 'u' },
      colleagueId: 'u',
      agentId: 'u',
      url: 'x',
      notice: 'x',
      audience: 'Agents',
      userData: {},
      keys: [],
      disposition: 'x',
    };
    const wireName = (dialect: DialectName, name: string) => {
      const wire = dialects[dialect].create().encode({ ...request, name } as never, { origin: 'http://gws' });
      return wire?.method === 'GET' ? 'GET …/messages' : wire?.body?.['operationName'];
    };
    const real = operationNames.map((name) => [
      name,
      ...dialectNames.map((dialect) => wireName(dialect, name)),
    ]);
    expect(rows.sort()).toEqual(real.sort());
  });

  it('name the exit codes there are', () => {
    expect(table('Exit codes').map(([number]) => Number(number))).toEqual(Object.values(exitCodes));
  });

  it("name every variable that the repository's config reads", () => {
    const read = [...readFileSync('bots.config.ts', 'utf8').matchAll(/env\.([A-Z_]+)/g)].map(
      ([, name]) => name,
    );
    const named = table('Environment variables').flatMap(([cell]) => code(cell));
    expect(read.filter((name) => !named.includes(name ?? ''))).toEqual([]);
  });
});

describe('the documents', () => {
  it('name every dialect and its options', () => {
    const text = readFileSync('docs/dialects.md', 'utf8');
    for (const [name, { options }] of Object.entries(dialects)) {
      const rows = table(`Options of \`${name}\``, text).map(([option]) => code(option)[0]);
      expect(rows.sort()).toEqual(Object.keys(options.shape).sort());
    }
  });

  it('name every limit of a plugin, and its default', () => {
    const rows = table('Limits', readFileSync('docs/plugins.md', 'utf8'));
    const told = rows.map(([name, text = '']) => [
      code(name)[0],
      Number(text.match(/^[\d,]+/)?.[0].replace(',', '')),
    ]);
    const { lane: _lane, quarantine: _quarantine, ...numbers } = limitsOf({});
    expect(Object.fromEntries(told)).toEqual(numbers);
  });

  it('name every dependency', () => {
    const { dependencies, devDependencies } = packageJson as unknown as Record<
      string,
      Record<string, string>
    >;
    const text = readFileSync('docs/dependencies.md', 'utf8');
    const installed = Object.keys({ ...dependencies, ...devDependencies });
    expect(installed.filter((name) => !text.includes(name))).toEqual([]);
  });

  it('link only to files that are there', () => {
    const documents = ['README.md', 'AGENTS.md', 'CHANGELOG.md', ...globSync('docs/**/*.md')];
    for (const document of documents) {
      const links = readFileSync(document, 'utf8').matchAll(/\]\(([^)]+)\)/g);
      for (const [, link = ''] of links) expect(() => targetOf(document, link)).not.toThrow();
    }
  });
});
