import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { password, seat, simulator } from '../../integration/contact-centre.ts';
import { usher } from './command.ts';
import { configFile } from './config-file.ts';

describe('bad input gets one clear line and the right exit code', { timeout: 60_000 }, () => {
  const fails = async (args: readonly string[], env: Record<string, string> = {}) => {
    const command = usher(args, env);
    return { exit: await command.ended, text: command.stderr(), stdout: command.stdout() };
  };
  const env = { GWS_URL: 'http://127.0.0.1:1', GWS_PASSWORD: 'p4ssw0rd' };

  it.each([
    ['an unknown flag', ['start', '--jsno'], /unknown option '--jsno'\n\(Did you mean --json\?\)/],
    ['an unknown verb', ['strat'], /unknown command 'strat'\n\(Did you mean start\?\)/],
    ['an argument too many', ['start', 'now'], /too many arguments/],
    ['a wrong level', ['start', '--log-level', 'loud'], /Allowed choices are trace, debug/],
    ['a port that is no number', ['simulate', '--port', 'abc'], /It must be a whole number/],
    [
      'an unknown dialect',
      ['simulate', '--dialect', 'gws-7'],
      /Allowed choices are gws-8\.5\.0, gws-8\.5\.1/,
    ],
    [
      'an unknown fault',
      ['simulate', '--fault', 'dorp=0.1'],
      /^usher: --fault dorp=0\.1: dorp is not a kind of fault; the kinds are drop, duplicate, .*\[USHER_USAGE\]\n$/,
    ],
    [
      'a fault without a rate',
      ['simulate', '--fault', 'drop'],
      /^usher: --fault drop must look like duplicate=0\.05\. .*\[USHER_USAGE\]\n$/,
    ],
    [
      'a rate that is none',
      ['simulate', '--fault', 'drop=often'],
      /--fault drop=often: drop must be a number from 0 to 1, is "often"\. .*\[USHER_USAGE\]\n$/,
    ],
    [
      'a file of faults that is not there',
      ['simulate', '--faults', 'nope.json'],
      /^usher: --faults nope\.json cannot be read: ENOENT.*\[USHER_USAGE\]\n$/,
    ],
    [
      'a config that is not there',
      ['start', '-c', 'nope.ts'],
      /^usher: nope\.ts does not exist\. Fix: .* \[USHER_CONFIG_NOT_FOUND\]\n$/,
    ],
    [
      '--once with a server',
      ['start', '--once'],
      /^usher: --once needs the customers of the embedded simulator.*\[USHER_USAGE\]\n$/,
    ],
  ])('%s: 2', async (_what, args, text) => {
    const { exit, text: found } = await fails(args, args.includes('--once') ? env : {});
    expect(found).toMatch(text);
    expect(exit).toBe(2);
  });

  it.each([
    [
      'throws',
      `throw new Error('out of ideas');`,
      /cannot be loaded: out of ideas\. Fix: .*\[USHER_CONFIG_BROKEN\]\n$/,
    ],
    ['does not parse', 'export default {{', /cannot be loaded: .*\[USHER_CONFIG_BROKEN\]\n$/],
    [
      'has no default export',
      'export const a = 1;',
      /has no default export\. Fix: .*\[USHER_CONFIG_BROKEN\]\n$/,
    ],
    [
      'gives a plugin wrong options',
      `import { greeter } from '@/plugins/greeter.ts'; greeter({ text: '' }); export default {};`,
      /plugin greeter: options\.text: must not be empty\. Fix: .*\[USHER_PLUGIN_OPTIONS\]\n$/,
    ],
    [
      'has an unknown dialect',
      `import { autoGreeter } from '@/bots/auto-greeter.ts';
       export default { server: { dialect: 'gws-7' }, agents: [{ username: 'a', bots: [autoGreeter()] }] };`,
      /server\.dialect is "gws-7"; known: gws-8\.5\.0, gws-8\.5\.1, gws-8\.5\.2\. Fix: .*\[USHER_DIALECT_UNKNOWN\]\n$/,
    ],
    [
      'has several faults',
      'export default { agent: [] };',
      /2 faults\n.*agents is missing\n.*agent is not a known option\n.*\[USHER_CONFIG_INVALID\]\n$/,
    ],
  ])('a config that %s: 2', async (_what, body, text) => {
    const { exit, text: found } = await fails(['start', '-c', configFile(body)]);
    expect(found).toMatch(text);
    expect(found).not.toContain('    at ');
    expect(exit).toBe(2);
  });

  it('a file of faults with faults of its own: 2, each with its path', async () => {
    const file = join(mkdtempSync(join(tmpdir(), 'usher-')), 'faults.json');
    writeFileSync(file, JSON.stringify({ drop: 2, delay: { rate: 0.1, ms: [5] } }));
    const { exit, text } = await fails(['simulate', '--faults', file]);
    expect(text).toContain(
      `${file}: drop must be a number from 0 to 1, is 2; delay.ms must be [lowest, highest] in whole numbers, is [5]`,
    );
    expect(exit).toBe(2);
  });

  it('an unreachable server: 1, in one line, without the password', async () => {
    const { exit, text } = await fails(['start'], env);
    expect(text).toMatch(
      /^usher: agent ada: cannot reach http:\/\/127\.0\.0\.1:1: nothing listens there \(ECONNREFUSED\)\. Fix: .*\]\n$/,
    );
    expect(exit).toBe(1);
  });

  it('the same with --log-level debug shows where it came from, still without the password', async () => {
    const { exit, text } = await fails(['start', '--log-level', 'debug'], env);
    expect(text).toMatch(/\n {4}at /);
    expect(text).not.toContain(env.GWS_PASSWORD);
    expect(exit).toBe(1);
  });

  it('a missing password names the variable: 2', async () => {
    const { exit, text } = await fails(['start'], { GWS_URL: 'http://127.0.0.1:1' });
    expect(text).toMatch(
      /^usher: bots\.config\.ts: agents\[0\]\.password is missing: set GWS_PASSWORD\. Fix: .*\]\n$/,
    );
    expect(exit).toBe(2);
  });

  it('a wrong password: 1', async () => {
    const server = await simulator({ agents: [seat('ada')] });
    const { exit, text } = await fails(['start'], { GWS_URL: server.url, GWS_PASSWORD: 'wr0ng' });
    expect(text).toMatch(
      /^usher: agent ada: http:\/\/\S+ refuses the agent's username or password\. Fix: .*\[USHER_LOGIN_REFUSED\]\n$/,
    );
    expect(text).not.toContain('wr0ng');
    expect(exit).toBe(1);
  });

  it('a password from a file is read, and a missing file is named', async () => {
    const server = await simulator({ agents: [seat('ada')] });
    const file = join(mkdtempSync(join(tmpdir(), 'usher-')), 'secret');
    writeFileSync(file, `${password}\n`);
    const checked = await fails(['check'], { GWS_URL: server.url, GWS_PASSWORD_FILE: file });
    expect(checked).toMatchObject({
      exit: 0,
      stdout: expect.stringContaining('✓ agent ada: logged in as ada'),
    });
    const missing = await fails(['check'], { GWS_URL: server.url, GWS_PASSWORD_FILE: `${file}.gone` });
    expect(missing).toMatchObject({ exit: 2, stdout: expect.stringContaining('GWS_PASSWORD_FILE names') });
  });
});
