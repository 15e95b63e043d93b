import { describe, expect, it } from 'vitest';
import { MemoryRecords } from '../../../core/experiment/memory-records.ts';
import type { Plugin } from '../../../core/index.ts';
import { defineBot, experiment } from '../../../core/index.ts';
import { Scene, type SceneOptions } from '../../../core/testing/scene/scene.ts';
import { Stage } from '../../../core/testing/stage.ts';
import { VirtualTime } from '../../../core/testing/virtual-time.ts';
import { answers } from '../../../plugins/answers.ts';
import { autoAccept } from '../../../plugins/auto-accept.ts';
import { greeter } from '../../../plugins/greeter.ts';
import { bodiesIn, play as playIn, saidBy } from './play.ts';
import 'usher-bots/testing/vitest';

const greeting = experiment({
  key: 'greeting',
  arms: { plain: 'Hello!', warm: 'Hi {FirstName}!' },
  metrics: ['engaged'],
});
const plugins = [autoAccept(), ...greeting.plugins((text) => greeter({ text }))];

const contact = (id: string) => ({ userData: { ContactId: id, FirstName: 'Mia' } });

const play = (
  scene: (scene: Scene) => Promise<void>,
  { own = plugins, ...options }: SceneOptions & { own?: readonly Plugin[] } = {},
): Promise<Scene> => playIn(own, scene, options);

const bodies = (scene: Scene, part: 'chat' | 'end') => bodiesIn(scene, 'greeting', part);

describe('a chat in an experiment', () => {
  it('is greeted by its arm, and by that alone', async () => {
    const arms = new Set<string>();
    for (const id of ['c1', 'c2', 'c3', 'c4', 'c5', 'c6']) {
      const scene = await play(async ({ customer, bot }) => {
        customer('Mia', contact(id)).joins();
        await expect(bot).toSay(/^(Hello|Hi Mia)!$/);
      });
      expect(saidBy(scene)).toHaveLength(1);
      expect(scene.problems).toEqual([]);
      arms.add(saidBy(scene)[0] ?? '');
    }
    expect([...arms].sort()).toEqual(['Hello!', 'Hi Mia!']);
  });

  it('counts from the moment on that its arm matters, and once', async () => {
    const scene = await play(async ({ customer, bot, after }) => {
      const mia = customer('Mia', contact('c1')).joins();
      await expect(bot).toSay(/!$/);
      mia.says('Good morning', 'Is anybody there?');
      await after('5s');
      mia.leaves();
      await after('1s');
      mia.chat?.change('Completed');
    });
    const [chat] = bodies(scene, 'chat');
    expect(chat).toMatchObject({
      arm: expect.stringMatching(/plain|warm/),
      reason: 'split',
      propensity: 0.5,
      agent: 'ada',
    });
    expect(bodies(scene, 'end')).toMatchObject([
      {
        measures: {
          greeted: 1,
          engaged: 1,
          answered: 0,
          abandoned: 1,
          turns: 2,
          handOff: 0,
          duration: 6_000,
          timeToGreeting: 0,
        },
      },
    ]);
    expect(JSON.stringify(scene.stage.kept)).not.toContain('c1"');
    expect(
      scene.stage.entries.map(({ kind }) => kind).filter((kind) => kind === 'assigned' || kind === 'exposed'),
    ).toEqual(['assigned', 'exposed']);
  });

  it('is not abandoned if the answer came while nobody was there, though the leaving is known before it', () =>
    VirtualTime.run(async (time) => {
      const scene = new Scene(time, plugins);
      const mia = scene.customer('Mia', contact('c1')).joins();
      await scene.after('1s');
      mia.says('Is anybody there?');
      await scene.after('1s');
      const { server, stored } = scene.stage;
      scene.stage.kill();
      scene.colleague('Cora').accepts().says('I am.');
      mia.leaves();
      const next = new Stage({ plugins, server, stored });
      await next.takeUp();
      await time.settle();
      mia.chat?.change('Completed');
      await time.settle();
      await next.close();
      expect(next.kept).toMatchObject([
        { key: 'experiment/greeting/end/Mia', body: { measures: { abandoned: 0, answered: 1, turns: 1 } } },
      ]);
    }));

  it('does not count if its arm never came to matter', async () => {
    const scene = await play(
      async ({ customer, after }) => {
        customer('Mia', contact('c1')).joins();
        await after('1s');
      },
      { own: [...greeting.plugins((text) => greeter({ text }))] },
    );
    expect(scene.stage.kept).toEqual([]);
  });

  it('keeps the arm of a customer who comes again, whatever the weights are by then', async () => {
    const records = new MemoryRecords();
    const first = await play(
      async ({ customer, bot }) => {
        customer('Mia', contact('c1')).joins();
        await expect(bot).toSay(/!$/);
      },
      { records },
    );
    const [text = ''] = saidBy(first);
    const other = experiment({
      key: 'greeting',
      arms: { plain: 'Hello!', warm: 'Hi {FirstName}!' },
      weights: text === 'Hello!' ? { plain: 1, warm: 1e9 } : { plain: 1e9, warm: 1 },
    });
    const own = [autoAccept(), ...other.plugins((words) => greeter({ text: words }))];
    const again = await play(
      async ({ customer, bot }) => {
        customer('Mia', { ...contact('c1'), chatId: 'second' }).joins();
        await expect(bot).toSay(text);
      },
      { records, own },
    );
    expect(saidBy(again)).toEqual([text]);
    const stranger = await play(
      async ({ customer, bot }) => {
        customer('Mia', { ...contact('c2'), chatId: 'third' }).joins();
        await expect(bot).toSay(/!$/);
      },
      { records, own },
    );
    expect(saidBy(stranger)).not.toEqual([text]);
  });

  it('loses no line that comes before its arm is known', async () => {
    const answering = experiment({ key: 'answering', arms: { one: 'Yes.', other: 'Indeed.' } });
    const scene = await play(
      async ({ customer, bot }) => {
        customer('Mia', { userData: { ContactId: 'c1' } })
          .joins()
          .says('Are you there?');
        await expect(bot).toSay(/^(Yes|Indeed)\.$/);
      },
      {
        own: [
          autoAccept(),
          ...answering.plugins((text) => answers({ answers: [{ when: 'there', reply: text }] })),
        ],
      },
    );
    expect(saidBy(scene)).toHaveLength(1);
  });

  it('takes no part where it is not eligible, and is treated as the control is', async () => {
    const own = experiment({
      key: 'greeting',
      arms: { plain: 'Hello!', warm: 'Hi!' },
      eligible: ({ now }) => now.userData['Segment'] === 'gold',
    });
    for (const id of ['c1', 'c2', 'c3', 'c4']) {
      const scene = await play(
        async ({ customer, bot }) => {
          customer('Mia', contact(id)).joins();
          await expect(bot).toSay('Hello!');
        },
        { own: [autoAccept(), ...own.plugins((text) => greeter({ text }))] },
      );
      expect(scene.stage.kept).toEqual([]);
    }
  });

  it('tells when a function of the experiment throws, and goes on with the control', async () => {
    const own = experiment({
      key: 'greeting',
      arms: { plain: 'Hello!', warm: 'Hi!' },
      unit: () => {
        throw new Error('no customer data');
      },
    });
    const scene = await play(
      async ({ customer, bot }) => {
        customer('Mia', contact('c1')).joins();
        await expect(bot).toSay('Hello!');
      },
      { own: [autoAccept(), ...own.plugins((text) => greeter({ text }))] },
    );
    expect(scene.stage.problems).toMatchObject([
      {
        code: 'USHER_EXPERIMENT_FAILED',
        message: 'experiment greeting: unit threw: no customer data',
        interactionId: 'Mia',
      },
    ]);
  });

  it('runs whole bots as arms, each with its own plugins', async () => {
    const said = new Set<string>();
    const silent = defineBot({ name: 'silent', plugins: [autoAccept()] });
    const polite = defineBot({ name: 'polite', plugins: [autoAccept(), greeter({ text: 'Hello!' })] });
    const own = experiment({ key: 'politeness', arms: { silent, polite } });
    const bots = [own.bot((bot) => bot)];
    for (const id of ['c1', 'c2', 'c3', 'c4', 'c5']) {
      const scene = await play(
        async ({ customer, bot, after }) => {
          customer('Mia', contact(id)).joins();
          await expect(bot).toAccept();
          await after('10s');
        },
        { bots },
      );
      expect(scene.deeds.filter(({ operation }) => operation.name === 'accept')).toHaveLength(1);
      said.add(saidBy(scene).join(' '));
    }
    expect([...said].sort()).toEqual(['', 'Hello!']);
  });
});
