import { concatMap, merge, mergeMap, switchMap } from 'rxjs';
import { customerMessages, definePlugin, type Plugin, whenState } from 'usher-bots';
import { autoAccept } from 'usher-bots/plugins/auto-accept';
import { scripted, VirtualTime } from 'usher-bots/testing';
import { describe, expect, it } from 'vitest';
import 'usher-bots/testing/vitest';
import { z } from 'zod';
import { Scene } from '../../../core/testing/scene/scene.ts';
import { Stage } from '../../../core/testing/stage.ts';

const counting = definePlugin({
  name: 'counting',
  state: z.object({ lines: z.number().default(0) }),
  message:
    () =>
    (_line, { operations, state }) => {
      state.patch({ lines: state.value.lines + 1 });
      return operations.sendMessage(`${state.value.lines}`);
    },
});

/** What the agent has said to Mia. */
const said = (scene: Scene): readonly string[] =>
  scene
    .customer('Mia')
    .chat?.lines.filter(({ type, from }) => type === 'Text' && from.type === 'Agent')
    .map(({ text }) => text) ?? [];

/** The process is killed, and another takes its place. */
async function restart(scene: Scene, plugins: readonly Plugin[], away = '0s' as const): Promise<Stage> {
  const { server, stored } = scene.stage;
  scene.stage.kill();
  await scene.after(away);
  const next = new Stage({ plugins, server, stored });
  await next.takeUp();
  return next;
}

describe('the state of a plugin in a chat', () => {
  it('begins as the schema makes it, and is of one chat', () =>
    scripted([autoAccept(), counting()], async ({ customer, bot }) => {
      const [mia, tom] = [customer('Mia').joins(), customer('Tom').joins()];
      mia.says('a', 'b');
      await expect(bot.with(mia)).toSay('1');
      await expect(bot.with(mia)).toSay('2');
      tom.says('c');
      await expect(bot.with(tom)).toSay('1');
    }));

  it('outlives the process', () =>
    VirtualTime.run(async (time) => {
      const scene = new Scene(time, [autoAccept(), counting()]);
      scene.customer('Mia').joins().says('a');
      await scene.after('1s');
      const next = await restart(scene, [autoAccept(), counting()]);
      scene.customer('Mia').says('b');
      await scene.after('1s');
      expect(said(scene)).toEqual(['1', '2']);
      await next.close();
    }));

  it('begins anew, and says so, where what was kept does not fit the schema any more', () =>
    VirtualTime.run(async (time) => {
      const renamed = definePlugin({
        name: 'counting',
        state: z.object({ lines: z.array(z.string()).default([]) }),
        message:
          () =>
          ({ text }, { operations, state }) => {
            state.patch({ lines: [...state.value.lines, text] });
            return operations.sendMessage(state.value.lines.join());
          },
      });
      const scene = new Scene(time, [autoAccept(), counting()]);
      scene.customer('Mia').joins().says('a');
      await scene.after('1s');
      const next = await restart(scene, [autoAccept(), renamed()]);
      scene.customer('Mia').says('b');
      await scene.after('1s');
      expect(said(scene)).toEqual(['1', 'b']);
      expect(next.problems).toMatchObject([{ code: 'USHER_STATE_UNREADABLE', plugin: 'counting' }]);
      await next.close();
    }));

  it('must be declared', () => {
    const undeclared = definePlugin({
      name: 'undeclared',
      message:
        () =>
        (_line, { state }) => [state.value],
    });
    return scripted([autoAccept(), undeclared()], async ({ customer, after, expectProblems }) => {
      expectProblems('USHER_PLUGIN_FAILED');
      customer('Mia').joins().says('a');
      await after('1s');
    });
  });

  it('must have a beginning', () => {
    const define = () =>
      definePlugin({ name: 'x', state: z.object({ lines: z.number() }), bot: () => () => [] });
    expect(define).toThrow('give every member a default');
  });
});

/** Reminds Mia a minute after she has come, and ten seconds after each thing she says. */
const reminding = definePlugin({
  name: 'reminding',
  bot:
    () =>
    (interaction, { operations, timer }) =>
      merge(
        whenState(interaction, 'Chatting').pipe(
          mergeMap(() => timer('minute', 60_000)),
          concatMap(() => operations.sendMessage('a minute', { once: 'minute' })),
        ),
        customerMessages(interaction, { history: true }).pipe(
          switchMap(() => timer('pause', 10_000)),
          concatMap(() => operations.sendMessage('a pause')),
        ),
      ),
});

describe('a timer of a plugin', () => {
  const plugins = [autoAccept(), reminding()];

  it('fires once, and is called off by being unsubscribed', () =>
    VirtualTime.run(async (time) => {
      const scene = new Scene(time, plugins);
      const mia = scene.customer('Mia').joins().says('a');
      await scene.after('6s');
      mia.says('b');
      await scene.after('9s');
      expect(said(scene)).toEqual([]);
      await scene.after('2m');
      expect(said(scene)).toEqual(['a pause', 'a minute']);
      await scene.stage.close();
    }));

  it.each([
    ['is due at the same time after a restart', '10s', '49s', '2s'],
    ['fires at once after a restart when its time has passed meanwhile', '90s', '0s', '1s'],
  ] as const)('%s', (_what, away, silent, soon) =>
    VirtualTime.run(async (time) => {
      const scene = new Scene(time, plugins);
      scene.customer('Mia').joins();
      await scene.after('0s');
      const { server, stored } = scene.stage;
      expect(stored[0]?.document.timers).toEqual({ reminding: { minute: 60_000 } });
      scene.stage.kill();
      await scene.after(away);
      const next = new Stage({ plugins, server, stored });
      const before = time.now;
      await next.takeUp();
      await scene.after(silent);
      if (silent !== '0s') expect(said(scene)).toEqual([]);
      await scene.after(soon);
      expect(said(scene)).toEqual(['a minute']);
      expect(time.now - before).toBeLessThan(60_000);
      expect(next.stored[0]?.document.timers).toBeUndefined();
      await next.close();
    }),
  );

  it('can wait longer than the timers of JavaScript', () =>
    VirtualTime.run(async (time) => {
      const yearly = definePlugin({
        name: 'yearly',
        bot:
          () =>
          (_interaction, { operations, timer }) =>
            timer('year', 365 * 86_400_000).pipe(concatMap(() => operations.sendMessage('a year'))),
      });
      const scene = new Scene(time, [autoAccept(), yearly()]);
      scene.customer('Mia').joins();
      await time.advance(364 * 86_400_000);
      expect(said(scene)).toEqual([]);
      await time.advance(2 * 86_400_000);
      expect(said(scene)).toEqual(['a year']);
      await scene.stage.close();
    }));
});
