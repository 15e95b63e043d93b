import { describe, expect, it } from 'vitest';
import { program } from '../../../core/cli/main.ts';
import { usher } from './command.ts';
import { configFile } from './config-file.ts';

const run = async (parameters: readonly string[]) => {
  const command = usher(['experiment', ...parameters]);
  return { exit: await command.ended, stdout: command.stdout(), stderr: command.stderr() };
};

describe('usher experiment', { timeout: 60_000 }, () => {
  it.each([
    [[], /plan, follow, stop and evaluate/],
    [['plan'], /--baseline <share>[\s\S]*--per-day/],
    [['report'], /exit 1 if a split is broken/],
    [['stop'], /--reason <text>/],
    [['resume'], /let a stopped experiment go on/],
    [['rehearse'], /--truth <arm=share,\.\.\.>/],
    [['export'], /--csv/],
    [['evaluate'], /\(features\) => the chances of\s+the arms/],
  ])('explains itself: %j --help', async (verb, text) => {
    const { exit, stdout, stderr } = await run([...verb, '--help']);
    expect(stdout).toMatch(text);
    expect(stderr).toBe('');
    expect(exit).toBe(0);
  });

  it.each([
    [['pln'], /unknown command 'pln'\n\(Did you mean plan\?\)/],
    [['plan', '--effct', '1'], /unknown option '--effct'\n\(Did you mean --effect\?\)/],
    [['stop'], /missing required argument 'key'/],
    [['evaluate', 'greeting'], /required option '--policy <file>' not specified/],
    [['rehearse', 'greeting'], /required option '--truth <arm=share,\.\.\.>' not specified/],
    [['report', '-c', 'nope.ts'], /^usher: nope\.ts does not exist\. Fix: .*\[USHER_CONFIG_NOT_FOUND\]\n$/],
    [
      ['report', '-c', 'bots.config.ts'],
      /^usher: the bots of bots\.config\.ts are in no experiment\b.*\[USHER_USAGE\]\n$/,
    ],
  ])('refuses %j with 2', async (parameters, message) => {
    const { exit, stdout, stderr } = await run(parameters);
    expect(stderr).toMatch(message);
    expect(stdout).toBe('');
    expect(exit).toBe(2);
  });
});

describe('usher experiment plan', { timeout: 60_000 }, () => {
  it('says how many units an effect needs, as power.prop.test of R does', async () => {
    // power.prop.test(p1 = .3, p2 = .36, power = .8) of R: n = 962.9 in each group.
    const { exit, stdout } = await run(['plan', '--baseline', '0.3', '--effect', '0.06']);
    expect(stdout).toMatch(
      /^to find a difference of \+6\.0 points with a chance of 80 %, at 5 % false alarms\n/,
    );
    expect(stdout).toMatch(/^once, at the end: +1,926 units in all 2 arms$/m);
    expect(stdout).toMatch(/^at any of 14 looks: +3,381 units in all 2 arms$/m);
    expect(stdout).toMatch(/`plan: \{ units: 3381 \}`/);
    expect(exit).toBe(0);
  });

  it('tells the days, and takes more arms and metrics into account', async () => {
    const { stdout } = await run(['plan', '--baseline', '0.3', '--effect', '0.06', '--per-day', '100']);
    expect(stdout).toMatch(/1,926 units in all 2 arms, 20 days$/m);
    const unitsOf = async (...more: readonly string[]): Promise<number> => {
      const json = await run(['plan', '--baseline', '0.3', '--effect', '0.06', '--json', ...more]);
      return (JSON.parse(json.stdout) as { fixed: number }).fixed;
    };
    // power.prop.test(p1 = .3, p2 = .36, power = .8, sig.level = .025) of R: n = 1166.237 in each group. Two metrics are
    // two comparisons, as three arms are, of which each gets a third.
    expect(await unitsOf('--metrics', '2')).toBe(Math.ceil(1166.237 * 2));
    expect(await unitsOf('--arms', '3')).toBe(Math.ceil(1166.237 * 3));
  });

  it('says which effect so many units find, which is the one that needs so many', async () => {
    const { stdout } = await run(['plan', '--baseline', '0.3', '--units', '1926']);
    expect(stdout).toMatch(
      /^1,926 units in 2 arms find a difference of\nonce, at the end: +\+5\.9 points or more/,
    );
    expect((await run(['plan', '--kind', 'duration', '--sd', '1', '--units', '2831'])).stdout).toMatch(
      /once, at the end: +×1\.11 or more/,
    );
  });

  it.each([
    [[], /needs --baseline, the share in the control, such as 0\.3/],
    [['--baseline', '30'], /--baseline is 30: it must be between 0 and 1, such as 0\.3/],
    [['--baseline', '0.3'], /needs --effect, or --units to learn which effect they find/],
    [
      ['--baseline', '0.3', '--effect', '0.8'],
      /--effect leads from 0\.3 to 1\.1, which is no other proportion/,
    ],
    [
      ['--baseline', '0.3', '--effect', '0'],
      /--effect leads from 0\.3 to 0\.3, which is no other proportion/,
    ],
    [['--baseline', 'x', '--effect', '1'], /argument 'x' is invalid\. It must be a number\./],
    [['--baseline', '0.3', '--effect', '0.1', '--units', '9'], /--effect and --units: give one of them/],
    [['--baseline', '0.3', '--units', '0'], /--units must be 4 at least/],
    [['--kind', 'mean', '--effect', '1'], /needs --sd, the standard deviation/],
    [['--kind', 'mean', '--effect', '0', '--sd', '1'], /--effect of a mean must not be 0/],
    [
      ['--kind', 'mean', '--effect', '1', '--sd', '1', '--baseline', '0.3'],
      /--baseline belongs to a proportion/,
    ],
    [
      ['--kind', 'duration', '--effect', '-1', '--sd', '1'],
      /--effect of a duration is a factor, such as 0\.9/,
    ],
    [['--kind', 'share'], /Allowed choices are proportion, mean, duration, ratio/],
    [['--baseline', '0.3', '--effect', '0.1', '--alpha', '5'], /--alpha must be between 0 and 1/],
    [['--baseline', '0.3', '--effect', '0.1', '--power', '1'], /--power must be between 0 and 1/],
    [['--baseline', '0.3', '--effect', '0.1', '--arms', '1'], /--arms must be 2 at least/],
    [['--baseline', '0.3', '--effect', '0.1', '--looks', '366'], /--looks must be from 1 to 365/],
    [['--baseline', '0.3', '--effect', '0.1', '--metrics', '0'], /--metrics must be 1 at least/],
    [['--baseline', '0.3', '--effect', '0.1', '--per-day', '0'], /--per-day must be 1 at least/],
  ])('refuses %j, and says why', async (parameters, message) => {
    const asked = program().parseAsync(['node', 'usher', 'experiment', 'plan', ...parameters]);
    await expect(asked).rejects.toThrow(message);
  });
});

describe('usher experiment rehearse', { timeout: 120_000 }, () => {
  const config = configFile(`
import { defineConfig } from '@/core/index.ts';
import { testedBot } from '@/test/integration/experiments/tested-bot.ts';
export default defineConfig({ agents: [{ username: 'ada', nickname: 'Ada', bots: [testedBot({ plan: { units: 240 } })] }] });`);
  const rehearse = (truth: string, ...more: readonly string[]) =>
    run(['rehearse', 'greeting', '-c', config, '--truth', truth, ...more]);

  it('plays customers of a known truth over real sockets, and finds the better arm', async () => {
    const { exit, stdout, stderr } = await rehearse('plain=0.2,warm=0.8', '--customers', '240');
    expect(stderr).toBe('');
    expect(stdout).toMatch(/^240 simulated customers have been served over real sockets$/m);
    expect(stdout).toMatch(/^greeting {2}240 of 240 units/m);
    expect(stdout).toMatch(/warm .* higher, p < 0\.001$/m);
    expect(stdout).toMatch(/the best arm is warm: the report is right\n$/);
    expect(exit).toBe(0);
  });

  it('ends with 1 when the report does not find it, and tells so as JSON too', async () => {
    const { exit, stdout } = await rehearse('plain=0.5,warm=0.52', '--customers', '60', '--json');
    expect(JSON.parse(stdout)).toMatchObject({
      truth: { plain: 0.5, warm: 0.52 },
      isRight: false,
      report: { experiment: 'greeting', units: 60 },
    });
    expect(exit).toBe(1);
  });

  it.each([
    ['plain=0.5', /--truth needs a share for warm, as in --truth plain=0\.5,warm=0\.5/],
    ['plain=0.5,warn=0.6', /--truth names warn; the arms of greeting are plain, warm/],
    ['plain', /'plain' is invalid\. It must look like plain=0\.4,warm=0\.6, with shares from 0 to 1\./],
    ['plain=0.5,warm=6', /It must look like plain=0\.4,warm=0\.6, with shares from 0 to 1\./],
    ['plain=0.5,warm=0.6,warm=0.7', /names warm twice/],
    ['plain=0.5,warm=0.5', /has no best arm/],
  ])('refuses --truth %s with 2', async (truth, message) => {
    const { exit, stderr } = await rehearse(truth);
    expect(stderr).toMatch(message);
    expect(exit).toBe(2);
  });
});
