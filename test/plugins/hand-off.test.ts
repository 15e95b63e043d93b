import { answers } from 'usher-bots/plugins/answers';
import { autoAccept } from 'usher-bots/plugins/auto-accept';
import { greeter } from 'usher-bots/plugins/greeter';
import { handOff } from 'usher-bots/plugins/hand-off';
import { wrapUp } from 'usher-bots/plugins/wrap-up';
import { pluginContract, scripted, VirtualTime } from 'usher-bots/testing';
import { describe, expect, it } from 'vitest';
import 'usher-bots/testing/vitest';
import { gws852 } from '../../core/dialects/gws-8.5.2.ts';
import { Scene } from '../../core/testing/scene/scene.ts';
import { Stage } from '../../core/testing/stage.ts';

const [cora, dan] = [{ agentId: 'cora' }, { agentId: 'dan' }];
const texts = {
  requested: 'One moment, I ask a colleague.',
  next: 'I ask somebody else.',
  accepted: 'My colleague takes over. Goodbye.',
};
const fallback = { text: 'Nobody is free right now.' };
type Options = Parameters<typeof handOff>[0];
const handingOff = (options: Partial<Options> = {}) =>
  handOff({ to: cora, on: ['human'], within: 20_000, texts, fallback, ...options });
const bot = (options: Partial<Options> = {}) => [
  autoAccept(),
  greeter({ text: 'Hello!' }),
  answers({ answers: [{ when: 'human', reply: false }], otherwise: 'I see.' }),
  handingOff(options),
  wrapUp(),
];

describe('hand-off', () => {
  it('consults a colleague, says so, and transfers when the colleague is there', () =>
    scripted(bot(), async ({ customer, colleague, bot, after }) => {
      customer('Mia').joins().says('a human please');
      await expect(bot).toSay('Hello!');
      await expect(bot).toSay(texts.requested);
      await expect(bot).toConsult(cora);
      await after('5s');
      colleague().accepts();
      await expect(bot).toSay(texts.accepted);
      await expect(bot).toDo('completeTransfer');
    }));

  it('leaves a conference only when the colleague has been brought in', () =>
    scripted(
      bot({ mode: 'conference' }),
      async ({ customer, colleague, bot, after }) => {
        customer('Mia').joins().says('a human please');
        await expect(bot).toConsult(cora);
        await after('5s');
        colleague().accepts();
        await expect(bot).toSay(texts.accepted);
        await expect(bot).toDo('completeConference');
        await expect(bot).toLeave();
      },
      { dialect: gws852() },
    ));

  it('stays in a conference, silent, if told to', () =>
    scripted(bot({ mode: 'conference', stays: true }), async ({ customer, colleague, bot, after }) => {
      const mia = customer('Mia').joins().says('a human please');
      await expect(bot).toConsult(cora);
      colleague().accepts();
      await expect(bot).toDo('completeConference');
      await after('1s');
      mia.says('hello colleague');
      await expect(bot).toStaySilent('60s');
    }));

  it('transfers in one step if told to', () =>
    scripted(
      bot({ mode: 'transfer', to: { queue: 'claims' } }),
      async ({ customer, bot }) => {
        customer('Mia').joins().says('a human please');
        await expect(bot).toSay('Hello!');
        await expect(bot).toSay(texts.requested);
        await expect(bot).toTransferTo({ queue: 'claims' });
      },
      { dialect: gws852() },
    ));

  it.each([
    ['refuses', 'the colleague refuses'],
    ['does not come', 'nobody comes'],
  ])('asks the next one when the first %s, and falls back in the end', (_what, how) =>
    scripted(bot({ to: [cora, dan] }), async ({ customer, colleague, bot, after }) => {
      const mia = customer('Mia').joins().says('a human please');
      await expect(bot).toConsult(cora);
      if (how === 'nobody comes') {
        await after('21s');
        await expect(bot).toDo('leaveConsultation');
      } else {
        await after('2s');
        colleague().refuses();
      }
      await expect(bot).toSay(texts.next);
      await expect(bot).toConsult(dan);
      await after('30s');
      await expect(bot).toSay(fallback.text);
      mia.says('well then');
      await expect(bot).toSay('I see.');
      mia.says('human!');
      await expect(bot).toSay(texts.requested);
      await expect(bot).toConsult(cora);
    }),
  );

  it.each([
    ['transfers to a queue', { transfer: { queue: 'claims' } }, 'transfer', { to: { queue: 'claims' } }],
    [
      'notes a call back',
      { callBack: { CallBack: 'for {reason}' } },
      'attachUserData',
      { userData: { CallBack: 'for asked' } },
    ],
    ['leaves', 'leave', 'leave', {}],
  ] as const)('%s when nobody comes, if told to', (_what, does, name, members) =>
    scripted(
      bot({ fallback: { ...fallback, does } }),
      async ({ customer, bot, after }) => {
        customer('Mia').joins().says('a human please');
        await after('60s');
        await expect(bot).toDo(name, members);
      },
      { dialect: gws852() },
    ),
  );

  it('takes the chat back when the colleague leaves before it was handed over', () =>
    scripted(bot(), async ({ customer, colleague, bot, after }) => {
      const slowly = { outcomes: { completeTransfer: { kind: 'refused', status: 3 } } } as const;
      customer('Mia').joins(slowly).says('a human please');
      await expect(bot).toConsult(cora);
      colleague().accepts();
      await expect(bot).toDo('completeTransfer');
      await expect(bot).toDo('leaveConsultation');
      await expect(bot).toSay(fallback.text);
      await after('1s');
    }));

  it('tells the colleague what there is to know, and nobody else', () =>
    scripted(
      bot({ context: { note: 'About {reason}.', userData: { Topic: '{reason}' } } }),
      async ({ customer, colleague, bot }) => {
        customer('Mia').joins().says('a human please');
        await expect(bot).toDo('attachUserData', { userData: { Topic: 'asked' } });
        await expect(bot).toConsult(cora);
        colleague().accepts();
        await expect(bot).toDo('sendToAgents', { text: 'About asked.' });
        await expect(bot).toDo('completeTransfer');
      },
      { dialect: gws852() },
    ));
});

type Moment = 'requested' | 'ringing' | 'accepted' | 'timed-out';
type Mishap = 'the customer leaves' | 'the session drops' | 'the worker is killed';
const moments: readonly Moment[] = ['requested', 'ringing', 'accepted', 'timed-out'];
const mishaps: readonly Mishap[] = ['the customer leaves', 'the session drops', 'the worker is killed'];

describe('in every state of a hand-off', () => {
  const modes = ['consult', 'conference'] as const;
  const cases = modes.flatMap((mode) =>
    moments.flatMap((moment) => mishaps.map((mishap) => ({ mode, moment, mishap }))),
  );

  it.each(cases)('$mode, $moment: $mishap', ({ mode, moment, mishap }) =>
    VirtualTime.run(async (time) => {
      const plugins = bot({ mode });
      const scene = new Scene(time, plugins);
      let stage = scene.stage;
      const phases: string[] = [];
      const watch = (watched: Stage): void => {
        watched.entries$.subscribe((entry) => {
          if (entry.kind === 'noted') phases.push(`${entry.facts.phase}`);
        });
      };
      watch(stage);
      const mia = scene.customer('Mia').joins().says('a human please');
      // Cora comes in time, unless it is about nobody coming.
      const comes = moment !== 'timed-out';
      const reached = await time.until(
        () => phases.includes(moment === 'accepted' ? 'ringing' : moment),
        60_000,
      );
      expect(reached).toBe(true);
      if (moment === 'accepted') scene.colleague().accepts();

      if (mishap === 'the customer leaves') mia.leaves();
      if (mishap === 'the session drops') {
        scene.begin('offline');
        await scene.after('8s');
        scene.end('offline');
      }
      if (mishap === 'the worker is killed') {
        const { server, stored } = stage;
        stage.kill();
        await scene.after('3s');
        stage = new Stage({ plugins, server, stored });
        watch(stage);
        await stage.takeUp();
      }
      await scene.after('2s');
      if (comes && moment !== 'accepted' && mishap !== 'the customer leaves') scene.colleague().accepts();
      await scene.after('90s');

      const lines = mia.chat?.lines ?? [];
      const heard = lines.filter(({ type, from, visibility }) => {
        return type === 'Text' && from.type === 'Agent' && visibility === 'All';
      });
      const said = heard.map(({ text }) => text);
      // Nothing is said twice, and it began as it should.
      expect(new Set(said).size).toBe(said.length);
      expect(said.slice(0, 2)).toEqual(['Hello!', texts.requested].slice(0, Math.min(2, said.length)));
      if (mishap === 'the customer leaves') {
        expect(phases.at(-1)).toMatch(/failed|completed/);
        // Who is told that nobody comes is told at once, and may leave then.
        expect(said.includes(fallback.text)).toBe(!comes);
        expect(mia.chat?.participants.filter(({ type }) => type === 'Agent')).toHaveLength(
          mia.chat?.isOver ? mia.chat.participants.length : 1,
        );
      } else {
        expect(phases.at(-1)).toBe(comes ? 'completed' : 'failed');
        expect(said.at(-1)).toBe(comes ? texts.accepted : fallback.text);
      }
      await stage.close();
    }),
  );
});

describe('the contract of plugins, kept by hand-off', () => {
  const lines = ['Hello', 'a human please', 'are you there?'];
  it.each(pluginContract(handingOff(), { lines }))('$promise', ({ check }) => check());
});
