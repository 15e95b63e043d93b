import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { type Bot, defineBot, definePlugin, experiment } from '../../../core/index.ts';
import { autoAccept } from '../../../plugins/auto-accept.ts';
import { greeter } from '../../../plugins/greeter.ts';
import { bodiesIn, play, saidBy } from './play.ts';
import 'usher-bots/testing/vitest';

/** Answers each line in a word of its own. */
const echo = definePlugin({
  name: 'echo',
  options: z.string(),
  message:
    (word: string) =>
    ({ text }, { operations }) =>
      operations.sendMessage(`${word}: ${text}`),
});

const bot = (plugins: Bot['plugins']): Bot =>
  defineBot({ name: 'tested', plugins: [autoAccept(), ...plugins] });
const without = bot([greeter({ text: 'Hello!' }), echo('hello')]);
/** One that gives everybody the second arm. */
const withWords = (warm: string, key = 'greeting'): Bot =>
  bot(
    experiment({ key, arms: { plain: 'good day', warm }, weights: { plain: 1e-9 } }).plugins((word) => [
      greeter({ text: `${word}!` }),
      echo(word),
    ]),
  );

describe('bots that are put in the place of others while a chat is open', () => {
  it('and bring an experiment: the chat goes on with the control and is not counted, the next one is', async () => {
    const scene = await play(
      [],
      async ({ customer, after, stage }) => {
        const mia = customer('Mia').joins();
        await after('1s');
        stage.seat.replaceBots([withWords('welcome')]);
        mia.says('a');
        await after('1s');
        const tom = customer('Tom').joins();
        await after('1s');
        tom.says('b');
        await after('1s');
        mia.chat?.change('Completed');
        tom.chat?.change('Completed');
      },
      { bots: [without] },
    );
    expect(saidBy(scene)).toEqual(['Hello!', 'good day: a', 'welcome!', 'welcome: b']);
    expect(bodiesIn(scene, 'greeting', 'chat')).toMatchObject([{ arm: 'warm' }]);
    expect(bodiesIn(scene, 'greeting', 'end')).toHaveLength(1);
    expect(scene.problems).toEqual([]);
  });

  it('and change its arms: the chat stays in its own, in the new words, and is counted once', async () => {
    const scene = await play(
      [],
      async ({ customer, after, stage }) => {
        const mia = customer('Mia').joins();
        await after('1s');
        stage.seat.replaceBots([withWords('hi')]);
        mia.says('a');
        await after('1s');
        mia.chat?.change('Completed');
      },
      { bots: [withWords('welcome')] },
    );
    expect(saidBy(scene)).toEqual(['welcome!', 'hi: a']);
    expect(bodiesIn(scene, 'greeting', 'chat')).toHaveLength(1);
    expect(bodiesIn(scene, 'greeting', 'end')).toMatchObject([{ measures: { turns: 1, answered: 1 } }]);
    expect(scene.problems).toEqual([]);
  });

  it('and have it no more: the chat goes on without, and what it came to is still recorded', async () => {
    const scene = await play(
      [],
      async ({ customer, after, stage }) => {
        const mia = customer('Mia').joins();
        await after('1s');
        stage.seat.replaceBots([without]);
        mia.says('a');
        await after('1s');
        mia.chat?.change('Completed');
      },
      { bots: [withWords('welcome')] },
    );
    expect(saidBy(scene)).toEqual(['welcome!', 'hello: a']);
    expect(bodiesIn(scene, 'greeting', 'end')).toMatchObject([{ measures: { turns: 1, answered: 1 } }]);
    expect(scene.problems).toEqual([]);
  });

  it('and have another one: the chat takes no part in it', async () => {
    const scene = await play(
      [],
      async ({ customer, after, stage }) => {
        const mia = customer('Mia').joins();
        await after('1s');
        stage.seat.replaceBots([withWords('hi', 'other')]);
        mia.says('a');
        await after('1s');
        mia.chat?.change('Completed');
      },
      { bots: [withWords('welcome')] },
    );
    expect(saidBy(scene)).toEqual(['welcome!', 'good day: a']);
    expect(bodiesIn(scene, 'greeting', 'end')).toHaveLength(1);
    expect(bodiesIn(scene, 'other', 'chat')).toEqual([]);
    expect(scene.problems).toEqual([]);
  });
});
