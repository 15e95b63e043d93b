import { describe, expect, it } from 'vitest';
import { gws850 } from '../../../core/dialects/gws-8.5.0.ts';
import { gws852 } from '../../../core/dialects/gws-8.5.2.ts';
import { definePlugin, experiment, type Target } from '../../../core/index.ts';
import { autoAccept } from '../../../plugins/auto-accept.ts';
import { disposition } from '../../../plugins/disposition.ts';
import { greeter } from '../../../plugins/greeter.ts';
import { handOff } from '../../../plugins/hand-off.ts';
import { survey } from '../../../plugins/survey.ts';
import { wrapUp } from '../../../plugins/wrap-up.ts';
import { bodiesIn, play } from './play.ts';
import 'usher-bots/testing/vitest';

const contact = (id: string) => ({ userData: { ContactId: id } });

describe('an experiment whose arms are whom chats are handed to', () => {
  const routingTo = (arms: Readonly<Record<string, Target>>) => {
    const routing = experiment({
      key: 'routing',
      arms,
      exposure: 'hand-off',
      metrics: ['handedOver', 'handOff'],
    });
    const fallback = { text: 'Nobody is free.' };
    return [
      autoAccept(),
      greeter({ text: 'Hello!' }),
      ...routing.plugins((to) => handOff({ to, mode: 'transfer', on: ['human'], within: 20_000, fallback })),
      wrapUp(),
    ];
  };
  const agent = { agentId: 'cora' };
  const bot = routingTo({ agent, queue: { queue: 'Loans' } });

  it.each([
    ['an agent or a queue', gws852(), { agent, queue: { queue: 'Loans' } }],
    ['an agent or a skill', gws850(), { agent, skill: { skill: 'Cards' } }],
  ] as const)(
    'asks the target of the arm, %s, counts from the hand-off on, and tells whether it was completed',
    async (_what, dialect, arms) => {
      const targets: Readonly<Record<string, Target>> = arms;
      const met = new Set<string>();
      for (const id of ['c1', 'c2', 'c3', 'c4', 'c5', 'c6', 'c7', 'c8']) {
        const scene = await play(
          routingTo(targets),
          async ({ customer, after, stage }) => {
            const mia = customer('Mia', contact(id)).joins();
            await after('1s');
            expect(stage.kept).toEqual([]);
            mia.says('a human please');
            await after('5s');
            mia.chat?.change('Completed');
          },
          { dialect },
        );
        const [exposed] = bodiesIn(scene, 'routing', 'chat');
        const asked = scene.deeds.map(({ operation }) => operation).find(({ name }) => name === 'transfer');
        expect(asked).toMatchObject({ to: targets[exposed?.arm ?? ''] });
        expect(bodiesIn(scene, 'routing', 'end')).toMatchObject([
          { measures: { handOff: 1, handedOver: 1 } },
        ]);
        met.add(exposed?.arm ?? '');
      }
      expect([...met].sort()).toEqual(Object.keys(arms));
    },
  );

  it('tells of a hand-off that nobody took, and does not count chats without one', async () => {
    const outcomes = { transfer: { kind: 'refused', reason: 'status', attempts: 1 } } as const;
    const refused = await play(
      bot,
      async ({ customer, after }) => {
        const mia = customer('Mia', contact('c1')).joins({ outcomes });
        await after('1s');
        mia.says('a human please');
        await after('2m');
        mia.leaves();
        await after('1s');
        mia.chat?.change('Completed');
      },
      { dialect: gws852() },
    );
    expect(bodiesIn(refused, 'routing', 'end')).toMatchObject([{ measures: { handOff: 1, handedOver: 0 } }]);
    const none = await play(bot, async ({ customer, after }) => {
      const mia = customer('Mia', contact('c1')).joins();
      await after('1s');
      mia.leaves();
      await after('1s');
      mia.chat?.change('Completed');
    });
    expect(none.stage.kept).toEqual([]);
  });
});

describe('what plugins tell of a chat', () => {
  const counting = definePlugin({
    name: 'counting',
    message:
      () =>
      ({ text }, { note }) =>
        note('order', { items: text.length, paid: true, by: 'card' }),
  });
  const greeting = experiment({
    key: 'greeting',
    arms: { plain: 'Hello!', warm: 'Welcome!' },
    metrics: ['surveyScore', { name: 'orders', note: 'order' }, { name: 'solved', disposition: 'solved' }],
  });
  const bot = [
    autoAccept(),
    ...greeting.plugins((text) => greeter({ text })),
    counting(),
    survey({ on: ['thanks'], ask: 'How was it, from 1 to 5?', thanks: 'Thank you.' }),
    disposition({ otherwise: 'solved' }),
    wrapUp(),
  ];

  it('is measured: notes and their facts, the score of the survey, and the disposition', async () => {
    const scene = await play(
      bot,
      async ({ customer, after }) => {
        const mia = customer('Mia', contact('c1')).joins();
        await after('1s');
        mia.says('two');
        await after('1s');
        mia.says('thanks');
        await after('1s');
        mia.says('4');
        await after('1s');
        mia.leaves();
        await after('5s');
      },
      { dialect: gws852() },
    );
    expect(scene.problems).toEqual([]);
    expect(bodiesIn(scene, 'greeting', 'end')).toMatchObject([
      {
        measures: {
          surveyScore: 4,
          disposition: 'solved',
          'note:order': 3,
          'note:order.items': 10,
          'note:order.paid': 3,
          turns: 3,
        },
      },
    ]);
    expect(bodiesIn(scene, 'greeting', 'end')[0]?.measures).not.toHaveProperty('note:order.by');
  });
});
