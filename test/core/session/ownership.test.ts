import { filter, map, mergeMap, timer } from 'rxjs';
import { customerMessages, definePlugin } from 'usher-bots';
import { answers } from 'usher-bots/plugins/answers';
import { autoAccept } from 'usher-bots/plugins/auto-accept';
import { greeter } from 'usher-bots/plugins/greeter';
import { typing } from 'usher-bots/plugins/typing';
import { wrapUp } from 'usher-bots/plugins/wrap-up';
import { type ScriptedKit, scripted, VirtualTime } from 'usher-bots/testing';
import { describe, expect, it } from 'vitest';
import 'usher-bots/testing/vitest';
import { Scene } from '../../../core/testing/scene/scene.ts';
import { Stage } from '../../../core/testing/stage.ts';

const echo = answers({ answers: [{ when: 'farewell', reply: 'Bye.' }], otherwise: 'I heard you.' });
const plugins = [autoAccept(), greeter({ text: 'Hello!' }), echo, wrapUp()];
const slow = [...plugins, typing({ charactersPerSecond: 1, minimum: 3_000, maximum: 3_000 })];

/** Mia has been greeted. */
async function greeted({ customer, bot }: ScriptedKit) {
  const mia = customer('Mia').joins();
  await expect(bot).toSay('Hello!');
  return mia;
}

describe('one voice', () => {
  it.each([
    ['has spoken to the customer', 'says'],
    ['has joined before the customer’s eyes', 'joins'],
    ['has taken over from outside', 'takesOver'],
  ] as const)('is the human’s from when one %s', (_what, deed) =>
    scripted(plugins, async (kit) => {
      const mia = await greeted(kit);
      kit.colleague()[deed]('I take care of it.');
      mia.says('farewell');
      await expect(kit.bot).toStaySilent('60s');
    }),
  );

  it('comes back when the colleague leaves, without a second greeting, and leaves alone what was said to the colleague', () =>
    scripted(plugins, async (kit) => {
      const mia = await greeted(kit);
      const cora = kit.colleague().joins();
      mia.says('hello Cora');
      await expect(kit.bot).toStaySilent('10s');
      cora.leaves();
      await expect(kit.bot).toStaySilent('10s');
      mia.says('farewell');
      await expect(kit.bot).toSay('Bye.');
    }));

  it('comes back when who has taken over gives back, and not because nobody else is in the chat', () =>
    scripted(plugins, async (kit) => {
      const mia = await greeted(kit);
      const cora = kit.colleague().takesOver();
      mia.says('hello?');
      await expect(kit.bot).toStaySilent('10s');
      cora.givesBack();
      await expect(kit.bot).toStaySilent('10s');
      mia.says('farewell');
      await expect(kit.bot).toSay('Bye.');
    }));

  it('takes back what is being typed, and the sign of typing with it', () =>
    VirtualTime.run(async (time) => {
      const scene = new Scene(time, slow);
      scene.customer('Mia').joins();
      await scene.after('5s');
      scene.customer('Mia').says('farewell');
      await scene.after('1s');
      expect(scene.chronicle.text).toMatch(/types …/);
      scene.colleague().takesOver();
      await scene.after('60s');
      expect(scene.stage.entries).toContainEqual(
        expect.objectContaining({
          kind: 'outcome',
          outcome: expect.objectContaining({
            kind: 'suppressed',
            reason: 'ownership',
            message: 'Cora has the word',
            operation: expect.objectContaining({ name: 'sendMessage', text: 'Bye.' }),
          }),
        }),
      );
      const signs = scene.deeds.filter(({ operation }) => operation.name === 'sendTyping');
      expect(signs.at(-1)?.operation).toMatchObject({ typing: false });
      await scene.stage.close();
    }));

  it('ends a call that is still at work: its signal is aborted', () => {
    const aborted: string[] = [];
    const thinking = definePlugin({
      name: 'thinking',
      message:
        () =>
        ({ text }, { operations, signal }) => {
          signal.addEventListener('abort', () => aborted.push(text));
          return timer(20_000).pipe(mergeMap(() => operations.sendMessage('at last')));
        },
    });
    return scripted([autoAccept(), thinking()], async ({ customer, colleague, bot, after }) => {
      customer('Mia').joins().says('hm');
      await after('1s');
      colleague().joins();
      await after('0s');
      expect(aborted).toEqual(['hm']);
      await expect(bot).toStaySilent('60s');
    });
  });

  it('lets the bots do what the customer does not hear', () =>
    scripted(plugins, async (kit) => {
      const mia = await greeted(kit);
      kit.colleague().takesOver();
      mia.leaves();
      await expect(kit.bot).toDo('stopProcessing');
    }));

  it('outlives the process', () =>
    VirtualTime.run(async (time) => {
      const scene = new Scene(time, plugins);
      const mia = scene.customer('Mia').joins();
      await scene.after('1s');
      scene.colleague().takesOver();
      await scene.after('1s');
      const { server, stored } = scene.stage;
      scene.stage.kill();
      const next = new Stage({ plugins, server, stored });
      await next.takeUp();
      mia.says('farewell');
      await scene.after('30s');
      const said = mia.chat?.lines.filter(({ type, from }) => type === 'Text' && from.type === 'Agent');
      expect(said?.map(({ text }) => text)).toEqual(['Hello!']);
      next.seat.giveBack('Mia');
      mia.says('farewell');
      await scene.after('1s');
      expect(mia.chat?.lines.at(-1)).toMatchObject({ text: 'Bye.' });
      await next.close();
    }));

  it('is told to whoever listens', () =>
    VirtualTime.run(async (time) => {
      const words: string[] = [];
      const watching = definePlugin({
        name: 'watching',
        bot: () => (interaction) =>
          interaction.owner$.pipe(
            map((owner) => words.push(owner.kind === 'human' ? `${owner.name} ${owner.by}` : owner.kind)),
          ),
      });
      const scene = new Scene(time, [...plugins, watching()]);
      scene.customer('Mia').joins();
      await scene.after('1s');
      const cora = scene.colleague().takesOver();
      cora.givesBack();
      scene.colleague('Dan').joins();
      await scene.after('1s');
      expect(words).toEqual(['bot', 'Cora take-over', 'bot', 'Dan joining']);
      await scene.stage.close();
    }));

  it('can be given to a human by a plugin', () => {
    const yielding = definePlugin({
      name: 'yielding',
      bot:
        () =>
        (interaction, { yieldTo }) =>
          customerMessages(interaction).pipe(
            filter(({ text }) => text === 'manager'),
            map(() => yieldTo('the manager')),
          ),
    });
    return scripted([...plugins, yielding()], async (kit) => {
      const mia = await greeted(kit);
      mia.says('manager', 'farewell');
      await expect(kit.bot).toStaySilent('30s');
    });
  });
});
