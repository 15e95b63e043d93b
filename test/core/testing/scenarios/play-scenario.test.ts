import { defineBot, definePlugin } from 'usher-bots';
import { answers } from 'usher-bots/plugins/answers';
import { autoAccept } from 'usher-bots/plugins/auto-accept';
import { greeter } from 'usher-bots/plugins/greeter';
import { handOff } from 'usher-bots/plugins/hand-off';
import { handOver } from 'usher-bots/plugins/hand-over';
import { typing } from 'usher-bots/plugins/typing';
import { wrapUp } from 'usher-bots/plugins/wrap-up';
import { VirtualTime } from 'usher-bots/testing';
import { describe, expect, it } from 'vitest';
import { gws850 } from '../../../../core/dialects/gws-8.5.0.ts';
import { gws852 } from '../../../../core/dialects/gws-8.5.2.ts';
import { KitWorld } from '../../../../core/testing/scenarios/kit-world.ts';
import { playScenario, type ScenarioResult } from '../../../../core/testing/scenarios/play-scenario.ts';
import { readScenarios } from '../../../../core/testing/scenarios/read-scenarios.ts';

const talking = defineBot({
  name: 'talking',
  plugins: [
    autoAccept(),
    greeter({ text: 'Hello {FirstName|there}!' }),
    answers({ answers: [{ when: 'card', reply: 'I block it.' }] }),
    handOff({ to: { agentId: 'cora' }, on: ['human'], fallback: { text: 'Nobody is free.' } }),
    typing(),
    wrapUp(),
  ],
});

type Played = Omit<ScenarioResult, 'took'>;

/** Plays steps, with what stands before them. */
function play(steps: string, head = '', bots = [talking], dialect = gws850()): Promise<Played> {
  const [written] = readScenarios('x.yaml', `name: a\n${head}steps:\n${steps}`);
  if (written === undefined) throw new Error('no scenario');
  return VirtualTime.run(
    async (time) => {
      const world = new KitWorld(time, written.scenario, { bots, services: [], dialect });
      try {
        return await playScenario(written, world);
      } finally {
        await world.close();
      }
    },
    Date.parse(written.scenario.at ?? '1970-01-01T00:00:00Z'),
  );
}

const lines = (...steps: string[]): string => steps.map((step) => `  - ${step}\n`).join('');

describe('a scenario', () => {
  it.each([
    ['gws-8.5.0', gws850()],
    ['gws-8.5.2', gws852()],
  ])('knows every step, on %s', async (_name, dialect) => {
    const steps = lines(
      'invite: { saying: card }',
      'expect: { accept: true }',
      'expect: { typing: true }',
      'expect: { typing: false }',
      'expect: { say: Hello Mia!, within: 1s }',
      'customer: types',
      'customer: { types: false }',
      'customer: { says: [card, card] }',
      'expect: { say: /block/i }',
      'expect: { say: true }',
      'expect: { silence: 10s }',
      'fault: { begin: [offline] }',
      'customer: My card',
      'wait: 1m',
      'fault: { end: all }',
      'expect: { do: sendMessage, with: { text: I block it. } }',
      'customer: A human, please',
      'expect: { consult: { agentId: cora } }',
      'colleague: refuses',
      'expect: { say: Nobody is free. }',
      'customer: A human!',
      'expect: { consult: true }',
      'colleague: accepts',
      'expect: { transfer: true }',
    );
    const head = 'customer: { name: Mia, userData: { FirstName: Mia } }\n';
    const { passed, failure, chronicle } = await play(steps, head, [talking], dialect);
    expect({ passed, failure }, chronicle).toEqual({ passed: true, failure: undefined });
  });

  it('ends when the customer leaves, and the bots after it', async () => {
    const steps = lines('invite', 'expect: { say: true }', 'customer: leaves', 'expect: { leave: true }');
    expect(await play(steps)).toMatchObject({ passed: true });
  });

  it('tells of colleagues who speak and leave, of rejections and of transfers', async () => {
    const bots = [
      defineBot({
        name: 'vip',
        handles: ({ now }) => now.userData['Vip'] === 'yes',
        plugins: [autoAccept(), greeter({ text: 'Hi' }), handOver({ to: { queue: 'vip' } })],
      }),
      defineBot({ name: 'others', plugins: [autoAccept({ rules: [{ when: {}, do: 'reject' }] })] }),
    ];
    const others = lines('invite', 'expect: { reject: true }');
    expect(await play(others, '', bots)).toMatchObject({ passed: true });
    const vip = lines('invite', 'expect: { say: Hi }', 'expect: { transfer: { queue: vip } }');
    const head = 'customer: { userData: { Vip: yes } }\n';
    expect(await play(vip, head.replace('yes', '"yes"'), bots, gws852())).toMatchObject({ passed: true });
  });

  it('tells colleagues apart from the bot: what they say silences it', async () => {
    const steps = lines(
      'invite',
      'expect: { say: true }',
      'colleague: accepts',
      'colleague: { says: between us, toAgents: true }',
      'customer: card',
      'expect: { say: I block it. }',
      'colleague: { says: I take over }',
      'customer: card',
      'expect: { silence: 30s }',
      'colleague: leaves',
    );
    expect(await play(steps)).toMatchObject({ passed: true });
  });

  it('fails in its line, with what happened', async () => {
    const steps = lines('invite', 'expect: { say: Goodbye!, within: 3s }');
    const { passed, failure, chronicle } = await play(steps);
    expect({ passed, failure }).toEqual({
      passed: false,
      failure: {
        line: 4,
        message: 'the bots were expected to say "Goodbye!"; instead: "Hello there!"',
      },
    });
    expect(chronicle).toContain('"Hello there!"  [greeter]');
  });

  const broken = defineBot({
    name: 'broken',
    plugins: [
      definePlugin({
        name: 'broken',
        bot: () => () => {
          throw new Error('out of paper');
        },
      })(),
    ],
  });

  it.each([
    ['an unexpected problem', '', 'an unexpected problem: USHER_PLUGIN_FAILED'],
    ['none that is expected', 'problems: [USHER_PLUGIN_FAILED]\n', undefined],
    [
      'an expected problem that does not occur',
      'problems: [USHER_PLUGIN_FAILED, USHER_PLUGIN_SLOW]\n',
      'an expected problem did not occur: USHER_PLUGIN_SLOW',
    ],
  ])('fails for %s', async (_what, head, message) => {
    const { failure } = await play(lines('invite'), head, [broken]);
    expect(failure?.message).toBe(message);
  });

  it('fails, and does not throw, when it makes no sense', async () => {
    const { failure } = await play(lines('customer: Hello'));
    expect(failure).toEqual({ line: 3, message: 'Mia has not joined yet: call joins() first' });
  });
});
