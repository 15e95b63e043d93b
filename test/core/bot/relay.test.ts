import { defer, EMPTY, ignoreElements, type Observable, throwError, timer } from 'rxjs';
import { definePlugin, type MessageContext, type Plugin } from 'usher-bots';
import { autoAccept } from 'usher-bots/plugins/auto-accept';
import { scripted, VirtualTime } from 'usher-bots/testing';
import { describe, expect, it } from 'vitest';
import 'usher-bots/testing/vitest';
import { Scene } from '../../../core/testing/scene/scene.ts';
import { Stage } from '../../../core/testing/stage.ts';

type Handle = (text: string, context: MessageContext) => Observable<unknown> | undefined;

const plugin = (name: string, handle: Handle): Plugin =>
  definePlugin({ name, message: () => (line, context) => handle(line.text, context) })();

/** Answers lines that hold its name. */
const answering = (name: string): Plugin =>
  plugin(name, (text, { operations }) =>
    text.includes(name) ? operations.sendMessage(`this is ${name}`) : undefined,
  );

const said = (scene: Scene): readonly string[] =>
  scene
    .customer('Mia')
    .chat?.lines.filter(({ type, from }) => type === 'Text' && from.type === 'Agent')
    .map(({ text }) => text) ?? [];

describe('a line of the customer', () => {
  it('goes from plugin to plugin, in the order of the bot, until one speaks', () =>
    scripted(
      [
        autoAccept(),
        answering('forms'),
        answering('faq'),
        plugin('brain', (_text, { operations }) => operations.sendMessage('hm')),
      ],
      async ({ customer, bot }) => {
        const mia = customer('Mia').joins();
        mia.says('faq and forms');
        await expect(bot).toSay('this is forms');
        mia.says('faq');
        await expect(bot).toSay('this is faq');
        mia.says('hello');
        await expect(bot).toSay('hm');
        await expect(bot).toStaySilent('10s');
      },
    ));

  it.each<[string, Handle]>([
    ['takes its time and then says nothing', () => timer(500).pipe(ignoreElements())],
    ['does what the customer does not hear', (_text, { operations }) => operations.sendTyping(false)],
    ['fails before it has spoken', () => throwError(() => new Error('broken'))],
  ])('goes on when a plugin %s', (_what, handle) =>
    scripted(
      [autoAccept(), plugin('first', handle), answering('second')],
      async ({ customer, bot, expectProblems }) => {
        if (`${handle}`.includes('broken')) expectProblems('USHER_PLUGIN_FAILED');
        customer('Mia').joins().says('second?');
        await expect(bot).toSay('this is second');
      },
    ),
  );

  it('is taken by a plugin that wishes to hand the chat over', () =>
    scripted(
      [
        autoAccept(),
        plugin('giving-up', (_text, { requestHandOff }) =>
          defer(() => {
            requestHandOff({ reason: 'unsure' });
            return EMPTY;
          }),
        ),
        answering('second'),
      ],
      async ({ customer, bot, expectProblems }) => {
        expectProblems('USHER_NO_HAND_OFF');
        customer('Mia').joins().says('second?');
        await expect(bot).toStaySilent('10s');
      },
    ));

  it('that was taken is not given to the others after a restart; one that was passed on, is', () =>
    VirtualTime.run(async (time) => {
      const first = answering('first');
      const never = plugin('second', () => timer(600_000));
      const scene = new Scene(time, [autoAccept(), first, never]);
      scene.customer('Mia').joins().says('first', 'second');
      await scene.after('5s');
      expect(said(scene)).toEqual(['this is first']);
      const { server, stored } = scene.stage;
      scene.stage.kill();
      const next = new Stage({
        plugins: [
          autoAccept(),
          first,
          plugin('second', (text, { operations }) => operations.sendMessage(`second: ${text}`)),
        ],
        server,
        stored,
      });
      await next.takeUp();
      await scene.after('5s');
      expect(said(scene)).toEqual(['this is first', 'second: second']);
      await next.close();
    }));
});
