import { mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Simulator, startSimulator } from '../../../simulator/index.ts';
import { usher } from './command.ts';

const folder = mkdtempSync(join(tmpdir(), 'usher-scenarios-'));
const file = (name: string, source: string): string => {
  const path = join(folder, name);
  writeFileSync(path, source);
  return path;
};

const good = file(
  'good.yaml',
  'name: greets\nsteps:\n  - invite\n  - expect: { say: /Hello/ }\n  - customer: leaves\n  - expect: { leave: true }\n',
);
const bad = file('bad.yaml', 'name: a <b> & "c"\nsteps:\n  - invite\n  - expect: { say: Goodbye }\n');
const faulty = file('faulty.yaml', 'name: faulty\nsteps:\n  - invite\n  - fault: { begin: duplicate }\n');

async function run(...parameters: string[]) {
  const command = usher(['test', ...parameters]);
  return { exit: await command.ended, stdout: command.stdout(), stderr: command.stderr() };
}

describe('usher test', { timeout: 60_000 }, () => {
  it('plays what is found where scenarios usually are', async () => {
    const { exit, stdout } = await run();
    expect(stdout).toMatch(/✓ greets by name.*receptionist\.yaml/);
    expect(stdout).toMatch(/\d+ passed, 0 failed/);
    expect(exit).toBe(0);
  });

  it('tells a failure by file and line, with what happened, and exits with 1', async () => {
    const { exit, stdout } = await run(bad, good);
    expect(stdout).toContain(`✗ a <b> & "c"  ${bad}:4`);
    expect(stdout).toContain('expected to say "Goodbye"; instead: "Hello there, I am Ada.');
    expect(stdout).toContain('  Mia  joins');
    expect(stdout).toContain('1 passed, 1 failed');
    expect(exit).toBe(1);
  });

  it('tells it as JSON', async () => {
    const { stdout } = await run(bad, good, '--reporter', 'json');
    expect(JSON.parse(stdout)).toMatchObject({
      passed: 1,
      failed: 1,
      skipped: 0,
      results: [{ name: 'a <b> & "c"', passed: false, failure: { line: 4 } }, { passed: true }],
    });
  });

  it('tells it as JUnit does, into a file', async () => {
    const out = join(folder, 'junit.xml');
    const { stdout } = await run(bad, good, '--reporter', 'junit', '--out', out);
    expect(stdout).toBe('');
    const xml = readFileSync(out, 'utf8');
    expect(xml).toContain('<testsuites tests="2" failures="1" skipped="0"');
    expect(xml).toContain('name="a &#60;b&#62; &#38; &#34;c&#34;"');
    expect(xml).toContain('<failure message="the bots were expected to say &#34;Goodbye&#34;');
  });

  it('prints the schema', async () => {
    const { stdout } = await run('--schema');
    expect(JSON.parse(stdout)).toMatchObject({ title: 'A scenario for usher test' });
  });

  it.each<[string, () => readonly string[], RegExp]>([
    ['a file that is not there', () => ['nope.yaml'], /nope\.yaml does not exist.*\[USHER_USAGE\]/],
    [
      'an empty folder',
      () => {
        mkdirSync(join(folder, 'empty'), { recursive: true });
        return [join(folder, 'empty')];
      },
      /empty holds no \.yaml file.*\[USHER_USAGE\]/,
    ],
    [
      'a step that is none',
      () => [file('sing.yaml', 'name: a\nsteps:\n  - sing\n')],
      /sing\.yaml:3: steps\[0\].*\[USHER_SCENARIO_BROKEN\]/,
    ],
    [
      'an agent that is not in the config',
      () => [file('eve.yaml', 'name: a\nagent: eve\nsteps:\n  - invite\n')],
      /eve\.yaml:4: agent eve is none of the config's: ada.*\[USHER_SCENARIO_BROKEN\]/,
    ],
    ['a URL that is none', () => [good, '--url', 'ftp://x'], /It must be an http or https URL/],
    [
      'no password',
      () => [good, '--url', 'http://127.0.0.1:1'],
      /agents\[0\]\.password is missing.*\[USHER_CONFIG_INVALID\]/,
    ],
    ['a reporter that is none', () => [good, '--reporter', 'tap'], /Allowed choices are pretty, json, junit/],
  ])('refuses %s with exit code 2', async (_what, parameters, message) => {
    const { exit, stderr } = await run(...parameters());
    expect(stderr).toMatch(message);
    expect(exit).toBe(2);
  });

  describe('with --url', () => {
    let simulator: Simulator;
    beforeAll(async () => {
      const agents = [{ username: 'ada', password: 'secret', firstName: 'Ada', capacity: 3 }];
      simulator = await startSimulator({ agents });
    });
    afterAll(() => simulator.close());

    it('plays over real sockets, and skips what only the kit can do', async () => {
      const command = usher(['test', good, faulty, bad, '--url', simulator.url, '--reporter', 'json'], {
        GWS_USERNAME: 'ada',
        GWS_PASSWORD: 'secret',
      });
      expect(await command.ended, command.stderr()).toBe(1);
      expect(JSON.parse(command.stdout())).toMatchObject({
        passed: 1,
        failed: 1,
        skipped: 1,
        results: [
          { passed: true },
          { skipped: 'faults are for scenarios that are played without --url' },
          { passed: false, failure: { line: 4 } },
        ],
      });
      expect(simulator.chats).toHaveLength(2);
    });
  });

  it('runs again when a source changes', async () => {
    const watched = file('watched.yaml', readFileSync(good, 'utf8'));
    const config = join(process.cwd(), 'bots.config.ts');
    const command = usher(['test', watched, '--watch', '-c', config], {}, folder);
    await expect.poll(command.stdout, { timeout: 20_000 }).toContain('waiting for a change');
    writeFileSync(watched, readFileSync(bad, 'utf8'));
    await expect.poll(command.stdout, { timeout: 20_000 }).toContain('0 passed, 1 failed');
    command.child.kill('SIGINT');
    await command.ended;
  });
});
