import { existsSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { RecordingLines } from 'usher-bots';
import { describe, expect, it } from 'vitest';
import { keys } from '../../../core/experiment/records.ts';
import { openSqliteStore } from '../../../core/store/sqlite/open-sqlite-store.ts';
import { testAgent } from '../../../core/testing/server/people.ts';
import { configOf, storeFile } from '../../integration/experiments/shop.ts';
import { usher } from './command.ts';
import { configFile } from './config-file.ts';

const run = async (parameters: readonly string[]) => {
  const command = usher(['experiment', ...parameters], {
    GWS_URL: 'http://gws.test',
    GWS_PASSWORD: 'unused',
  });
  return { exit: await command.ended, stdout: command.stdout(), stderr: command.stderr() };
};

const folder = mkdtempSync(join(tmpdir(), 'usher-experiment-verbs-'));
const file = (name: string, text: string): string => {
  writeFileSync(join(folder, name), text);
  return join(folder, name);
};

interface Kept {
  readonly arm: 'plain' | 'warm';
  readonly engaged: 0 | 1;
  readonly segment?: string;
}

/** The config of an experiment of which so much is recorded. */
async function recorded(chats: readonly Kept[], options?: string): Promise<string> {
  const path = storeFile();
  const store = openSqliteStore(path);
  await store.keep(
    chats.flatMap(({ arm, engaged, segment = 'gold' }, nth) => [
      {
        key: keys.chat('greeting', `chat-${nth}`),
        body: {
          arm,
          unit: `unit-${nth}`,
          reason: 'split',
          propensity: 0.5,
          at: nth,
          agent: 'Ada',
          features: { segment },
        },
      },
      {
        key: keys.end('greeting', `chat-${nth}`),
        body: { at: nth + 1, measures: { engaged, turns: engaged } },
      },
    ]),
  );
  await store.close();
  return configOf(path, options);
}

/** 40 of 100 in the plain arm, 80 of 100 in the warm one. */
const clear = Array.from({ length: 200 }, (_, nth): Kept => {
  const arm = nth % 2 === 0 ? 'plain' : 'warm';
  const isEngaged = nth % 20 < (arm === 'plain' ? 8 : 16);
  return { arm, engaged: isEngaged ? 1 : 0, segment: nth < 100 ? 'gold' : 'silver' };
});

describe('usher experiment report', { timeout: 60_000 }, () => {
  it('is a table for people', async () => {
    const { exit, stdout } = await run(['report', '-c', await recorded(clear)]);
    expect(stdout).toMatch(/^greeting {2}200 of 2,000 units {2}to be read at any time, 5 % false alarms\n/);
    expect(stdout).toMatch(/^split: plain 100 \(50 %\), warm 100 \(50 %\): as planned/m);
    expect(stdout).toMatch(/^ {2}plain +100 +40\.0 % /m);
    expect(stdout).toMatch(/^ {2}warm +100 +80\.0 % .*\+40\.0 points .* higher, p < 0\.001$/m);
    expect(exit).toBe(0);
  });

  it('is JSON for programs', async () => {
    const { exit, stdout } = await run(['report', 'greeting', '--json', '-c', await recorded(clear)]);
    expect(JSON.parse(stdout)).toMatchObject([
      {
        experiment: 'greeting',
        units: 200,
        sampleRatio: { broken: false },
        metrics: [{ name: 'engaged', differences: [{ arm: 'warm', verdict: 'higher' }] }],
      },
    ]);
    expect(exit).toBe(0);
  });

  it('says that it is too early, where it is', async () => {
    const { stdout } = await run(['report', '-c', await recorded(clear.slice(0, 20))]);
    expect(stdout).toMatch(/too early: too few units in an arm/);
  });

  it('of a split that is broken says so, and ends with 1', async () => {
    const lost = clear.filter(({ arm }, nth) => arm === 'plain' || nth % 10 === 1);
    const { exit, stdout } = await run(['report', '-c', await recorded(lost)]);
    expect(stdout).toMatch(/BROKEN \(p .*\): units get lost in an arm; trust no figure below/);
    expect(exit).toBe(1);
  });

  it('needs a store, a file with records, and a key that there is', async () => {
    const none = configFile(`
import { testedBot } from '@/test/integration/experiments/tested-bot.ts';
export default { agents: [{ username: 'Ada', bots: [testedBot()] }] };`);
    const never = join(folder, 'never.db');
    for (const [parameters, message] of [
      [
        ['-c', none],
        /bots\.config\.ts names no `store`: what its experiments recorded ended with the process/,
      ],
      [['-c', configOf(never)], /never\.db does not exist: nothing has been recorded yet/],
      [['grating', '-c', await recorded([])], /has no experiment "grating"; it has greeting/],
    ] as const) {
      const { exit, stderr } = await run(['report', ...parameters]);
      expect(stderr).toMatch(message);
      expect(exit).toBe(2);
    }
    expect(existsSync(never)).toBe(false);
  });
});

describe('usher experiment stop', { timeout: 60_000 }, () => {
  it('and resume are in the report until the other', async () => {
    const config = await recorded(clear);
    const { stdout } = await run(['stop', 'greeting', '-c', config, '--reason', 'a complaint']);
    expect(stdout).toBe(
      'experiment greeting is stopped: new chats get the control; running processes see it within 5 seconds\n',
    );
    expect((await run(['report', '-c', config])).stdout).toMatch(
      /^stopped \d{4}-\d\d-\d\d \d\d:\d\d UTC: a complaint$/m,
    );
    expect((await run(['stop', 'greeting', '-c', config])).stdout).toBe(
      'experiment greeting is stopped already: a complaint\n',
    );
    expect((await run(['resume', 'greeting', '-c', config])).stdout).toMatch(/^experiment greeting goes on;/);
    expect((await run(['resume', 'greeting', '-c', config])).stdout).toBe(
      'experiment greeting is not stopped\n',
    );
    expect((await run(['report', '-c', config])).stdout).not.toMatch(/stopped/);
  });

  it('works before the first process has written a record', async () => {
    const store = storeFile();
    const { exit, stderr } = await run(['stop', 'greeting', '-c', configOf(store)]);
    expect(stderr).toBe('');
    expect(exit).toBe(0);
    expect(existsSync(store)).toBe(true);
  });
});

describe('usher experiment export', { timeout: 60_000 }, () => {
  const chats: readonly Kept[] = [
    { arm: 'plain', engaged: 0, segment: '=HYPERLINK("http://evil.test")' },
    { arm: 'warm', engaged: 1, segment: 'gold, or "so"\nplus' },
  ];

  it('gives a line of JSON for each chat', async () => {
    const { exit, stdout, stderr } = await run(['export', 'greeting', '-c', await recorded(chats)]);
    const rows = stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(rows).toMatchObject([
      { interactionId: 'chat-0', arm: 'plain', engaged: 0, 'feature.segment': chats[0]?.segment },
      { interactionId: 'chat-1', arm: 'warm', engaged: 1, 'feature.segment': chats[1]?.segment },
    ]);
    expect(stderr).toBe('2 chats\n');
    expect(exit).toBe(0);
  });

  it('gives CSV by RFC 4180, in which no text is a formula, into a file', async () => {
    const out = join(folder, 'chats.csv');
    const { exit, stdout } = await run([
      'export',
      'greeting',
      '--csv',
      '--out',
      out,
      '-c',
      await recorded(chats),
    ]);
    expect(stdout).toBe('');
    expect(readFileSync(out, 'utf8')).toBe(
      [
        'arm,unit,reason,propensity,at,agent,interactionId,isFirst,feature.segment,engaged,turns',
        'plain,unit-0,split,0.5,0,Ada,chat-0,true,"\'=HYPERLINK(""http://evil.test"")",0,0',
        'warm,unit-1,split,0.5,1,Ada,chat-1,true,"gold, or ""so""\nplus",1,1',
        '',
      ].join('\r\n'),
    );
    expect(exit).toBe(0);
  });

  it('names the file that cannot be written', async () => {
    const out = join(folder, 'no-such-folder', 'chats.csv');
    const { exit, stderr } = await run(['export', 'greeting', '--out', out, '-c', await recorded(chats)]);
    expect(stderr).toMatch(/^usher: --out \S+chats\.csv cannot be written: ENOENT.*\[USHER_USAGE\]\n$/);
    expect(exit).toBe(2);
  });
});

describe('usher experiment evaluate', { timeout: 60_000 }, () => {
  const evaluate = async (policy: string, ...more: readonly string[]) =>
    run(['evaluate', 'greeting', '--policy', policy, '-c', await recorded(clear), ...more]);

  it('tells what another policy would have brought, from the store', async () => {
    const warm = file('warm.ts', 'export default () => ({ warm: 1 });');
    const { exit, stdout, stderr } = await evaluate(warm);
    expect(stderr).toBe('');
    expect(stdout).toMatch(/^engaged under the new policy, from 200 chats .*; it was 60\.0 %\n/);
    expect(stdout).toMatch(/^ {2}self-normalised +80\.0 % {2}/m);
    expect(exit).toBe(0);
    const json = JSON.parse((await evaluate(warm, '--json')).stdout);
    expect(json).toMatchObject({ metric: 'engaged', chats: 200, seen: 0.6, snips: { value: 0.8 } });
  });

  it.each([
    ['that is not there', () => join(folder, 'nope.ts'), /nope\.ts cannot be loaded: /],
    ['that does not parse', () => file('broken.ts', 'export default {{'), /broken\.ts cannot be loaded: /],
    [
      'without a default',
      () => file('none.ts', 'export const a = 1;'),
      /exports no function of the features as its default/,
    ],
    [
      'that throws',
      () => file('throws.ts', "export default () => { throw new Error('no idea'); };"),
      /of \{"segment":"gold"\}: threw no idea/,
    ],
    [
      'that names no arm',
      () => file('cold.ts', 'export default () => ({ cold: 1 });'),
      /names the arm "cold"; there are plain, warm/,
    ],
    [
      'whose chances are none',
      () => file('half.ts', 'export default () => ({ warm: 0.5 });'),
      /its chances \{"warm":0\.5\} are not from 0 to 1 with a sum of 1/,
    ],
    [
      'that gives no chances',
      () => file('text.ts', "export default () => 'warm';"),
      /gives "warm": it must give the chances of the arms, such as \{"plain":0\.5,"warm":0\.5\}/,
    ],
    [
      'that is a promise',
      () => file('async.ts', 'export default async () => ({ warm: 1 });'),
      /gives a promise: it must not be async/,
    ],
  ])('refuses a policy %s with 2', async (_what, policy, message) => {
    const { exit, stderr } = await evaluate(policy());
    expect(stderr).toMatch(message);
    expect(stderr).toContain('[USHER_USAGE]');
    expect(exit).toBe(2);
  });

  it('says that there is nothing to go by', async () => {
    const { exit, stderr } = await run([
      'evaluate',
      'greeting',
      '--policy',
      file('w.ts', 'export default () => ({ warm: 1 });'),
      '-c',
      await recorded([]),
    ]);
    expect(stderr).toMatch(/experiment greeting has no chats to go by/);
    expect(exit).toBe(2);
  });

  it('goes by recordings, in which it finds the features anew', async () => {
    const lines = new RecordingLines({
      agent: { ...testAgent, username: 'Ada' },
      texts: 'all',
      key: 'a secret of sixteen',
      at: 0,
    });
    const entries = Array.from({ length: 40 }, (_, nth) => {
      const arm = nth % 2 === 0 ? 'plain' : 'warm';
      const at = 10_000 * nth;
      const chat = { interactionId: `chat-${nth}`, agent: 'Ada' };
      const userData = { Segment: nth < 20 ? 'gold' : 'silver' };
      const change = (after: number, state: string, capabilities: readonly string[]) => ({
        kind: 'notification',
        topic: '/t',
        notification: {
          kind: 'interaction',
          interactionId: chat.interactionId,
          change: 'StatusChange',
          update: { state, capabilities, userData },
        },
        agent: 'Ada',
        at: at + after,
      });
      return [
        change(0, 'Invited', ['Accept']),
        { kind: 'interaction-began', ...chat, type: 'inbound', userData, bot: 'tested', at },
        {
          kind: 'assigned',
          ...chat,
          experiment: 'greeting',
          arm,
          unit: `unit-${nth}`,
          reason: 'split',
          propensity: 0.5,
          at,
        },
        change(1_000, 'Completed', []),
        {
          kind: 'measured',
          ...chat,
          experiment: 'greeting',
          arm,
          measures: { engaged: Number(arm === 'warm') },
          at: at + 1_000,
        },
      ];
    }).flat();
    const recording = file(
      'chats.jsonl',
      lines.header + entries.map((entry) => lines.line(entry as never) ?? '').join(''),
    );
    const policy = file(
      'by-segment.ts',
      "export default ({ segment }) => (segment === 'gold' ? { warm: 1 } : { plain: 1 });",
    );
    const config = configOf(':memory:', '{ features: ({ now }) => ({ segment: now.userData.Segment }) }');
    const { exit, stdout, stderr } = await run([
      'evaluate',
      'greeting',
      '--policy',
      policy,
      '--recording',
      recording,
      '-c',
      config,
    ]);
    expect(stderr).toBe('');
    expect(stdout).toMatch(/^engaged under the new policy, from 40 chats .*; it was 50\.0 %\n/);
    expect(stdout).toMatch(/^ {2}self-normalised +50\.0 % {2}/m);
    expect(exit).toBe(0);
  });
});
