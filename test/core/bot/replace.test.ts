import { concatMap, delay, filter, interval, NEVER, of, tap, timer } from 'rxjs';
import {
  type BotFunction,
  customerMessages,
  defineBot,
  definePlugin,
  type Plugin,
  whenState,
} from 'usher-bots';
import { VirtualTime } from 'usher-bots/testing';
import { describe, expect, it } from 'vitest';
import { Scene } from '../../../core/testing/scene/scene.ts';

const accepting = definePlugin({
  name: 'accepting',
  bot:
    () =>
    (interaction, { operations }) =>
      whenState(interaction, 'Invited').pipe(concatMap(() => operations.accept({ once: 'accept' }))),
});

/** Answers each line after so many milliseconds, in the name of a version. */
const versioned = (version: string, pause = 0): Plugin =>
  definePlugin({
    name: 'answering',
    message:
      () =>
      ({ text }, { operations }) =>
        timer(pause).pipe(concatMap(() => operations.sendMessage(`${version}: ${text}`))),
  })();

const streaming = (version: string, pause = 0): Plugin =>
  definePlugin({
    name: 'answering',
    bot:
      () =>
      (interaction, { operations }) =>
        customerMessages(interaction).pipe(
          concatMap((message) => of(message).pipe(delay(pause))),
          concatMap(({ text }) => operations.sendMessage(`${version}: ${text}`)),
        ),
  })();

const bot = (...plugins: Plugin[]) => defineBot({ name: 'tested', plugins: [accepting(), ...plugins] });

/** A chat with Mia, whose bots can be replaced; what is said to her. */
function chat(
  plugins: readonly Plugin[],
  story: (scene: Scene, said: () => readonly string[]) => Promise<void>,
): Promise<void> {
  return VirtualTime.run(async (time) => {
    const scene = new Scene(time, [], { bots: [bot(...plugins)] });
    const said = (): readonly string[] =>
      scene.deeds.flatMap(({ operation }) => (operation.name === 'sendMessage' ? [operation.text] : []));
    try {
      scene.customer('Mia').joins();
      await time.advance(1_000);
      await story(scene, said);
    } finally {
      await scene.stage.close();
    }
  });
}

describe.each([
  ['message', versioned],
  ['bot', streaming],
])('a plugin with a part %s that is replaced', (_part, plugin) => {
  it('answers the next line in the same chat', () =>
    chat([plugin('v1')], async ({ customer, stage, time }, said) => {
      customer('Mia').says('a');
      await time.advance(10_000);
      expect(stage.seat.replaceBots([bot(plugin('v2'))])).toEqual(['answering']);
      customer('Mia').says('b');
      await time.advance(10_000);
      expect(said()).toEqual(['v1: a', 'v2: b']);
    }));

  it('ends what it has begun, and its successor waits for that', () =>
    chat([plugin('v1', 3_000)], async ({ customer, stage, time }, said) => {
      customer('Mia').says('a', 'b');
      await time.advance(1_000);
      stage.seat.replaceBots([bot(plugin('v2'))]);
      customer('Mia').says('c');
      await time.advance(60_000);
      expect(said()).toEqual(['v1: a', 'v1: b', 'v2: c']);
    }));

  it('loses no line, however often it is replaced', () =>
    chat([plugin('v0', 700)], async ({ customer, stage, time }, said) => {
      for (let version = 1; version <= 20; version += 1) {
        customer('Mia').says(`${version}`);
        stage.seat.replaceBots([bot(plugin(`v${version}`, 700))]);
        await time.advance(100);
      }
      await time.advance(120_000);
      expect(said().map((text) => text.split(': ')[1])).toEqual(
        Array.from({ length: 20 }, (_, at) => `${at + 1}`),
      );
    }));

  it('is taken out when nothing takes its place', () =>
    chat([plugin('v1')], async ({ customer, stage, time }, said) => {
      expect(stage.seat.replaceBots([bot()])).toEqual([]);
      customer('Mia').says('a');
      await time.advance(10_000);
      expect(said()).toEqual([]);
    }));
});

describe('replacing bots', () => {
  it('leaves a plugin alone whose definition and options are the same', () => {
    let begun = 0;
    const counting = definePlugin({
      name: 'counting',
      bot: () => () => {
        begun += 1;
        return NEVER;
      },
    });
    return chat([counting(), versioned('v1')], async ({ stage }) => {
      expect(stage.seat.replaceBots([bot(counting(), versioned('v2'))])).toEqual(['answering']);
      expect(begun).toBe(1);
    });
  });

  it('puts a plugin in whose options have changed', () => {
    const greeting: BotFunction = (interaction, { operations }) =>
      whenState(interaction, 'Chatting').pipe(
        concatMap(() => operations.sendMessage('Hello', { once: 'greeting' })),
      );
    const greeter = definePlugin({ name: 'greeter', bot: () => greeting });
    return chat([greeter()], async ({ stage, time }, said) => {
      stage.seat.replaceBots([defineBot({ name: 'tested', plugins: [greeter({ text: 'Hi' } as never)] })]);
      await time.advance(60_000);
      // What was said once is not said again by the successor.
      expect(said()).toEqual(['Hello']);
    });
  });

  it('keeps everything as it was when a new plugin cannot be created', () =>
    chat([versioned('v1')], async ({ customer, stage, time }, said) => {
      const broken = definePlugin({
        name: 'answering',
        bot: () => {
          throw new Error('out of paper');
        },
      })();
      expect(() => stage.seat.replaceBots([bot(broken)])).toThrow(
        'plugin answering cannot be created: out of paper',
      );
      customer('Mia').says('a');
      await time.advance(10_000);
      expect(said()).toEqual(['v1: a']);
    }));

  it('puts another plugin on the way of operations', () => {
    const shouting = (sign: string) =>
      definePlugin({
        name: 'shouting',
        operation: () => (operation, next) =>
          next(operation.name === 'sendMessage' ? { ...operation, text: operation.text + sign } : operation),
      })();
    return chat([versioned('v1'), shouting('!')], async ({ customer, stage, time }, said) => {
      customer('Mia').says('a');
      await time.advance(10_000);
      stage.seat.replaceBots([bot(versioned('v1'), shouting('?'))]);
      customer('Mia').says('b');
      await time.advance(10_000);
      expect(said()).toEqual(['v1: a!', 'v1: b?']);
    });
  });

  it('gives a stream that does not end by itself ten seconds', () => {
    const ends: number[] = [];
    return chat(
      [
        definePlugin({
          name: 'ticking',
          bot: () => () =>
            interval(1_000).pipe(
              filter(() => false),
              tap({ unsubscribe: () => ends.push(1) }),
            ),
        })(),
      ],
      async ({ stage, time }) => {
        stage.seat.replaceBots([bot()]);
        await time.advance(9_000);
        expect(ends).toEqual([]);
        await time.advance(1_000);
        expect(ends).toEqual([1]);
        expect(time.timers).toBe(0);
      },
    );
  });

  it('is for new chats, too: another bot may take them', () =>
    chat([versioned('v1')], async ({ customer, stage, time }, said) => {
      const other = defineBot({ name: 'other', plugins: [accepting(), versioned('other')] });
      stage.seat.replaceBots([other]);
      customer('Mia').says('nobody is here');
      customer('Jonas').joins().says('Hi');
      await time.advance(10_000);
      expect(said()).toEqual(['other: Hi']);
    }));
});
