import {
  concatMap,
  EMPTY,
  finalize,
  map,
  NEVER,
  type Observable,
  of,
  config as rxjs,
  tap,
  throwError,
  timer,
} from 'rxjs';
import { TestScheduler } from 'rxjs/testing';
import {
  type BotFunction,
  customerMessages,
  definePlugin,
  type MessageFunction,
  type Operation,
  type OperationFunction,
  type Plugin,
} from 'usher-bots';
import { marbles, on, says, sendMessage } from 'usher-bots/testing';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { chat, seat, sent, write } from './seat.ts';

const bot = (run: BotFunction): Plugin => definePlugin({ name: 'broken', bot: () => run })();
const message = (run: MessageFunction): Plugin => definePlugin({ name: 'broken', message: () => run })();
const operation = (run: OperationFunction): Plugin =>
  definePlugin({ name: 'broken', operation: () => run })();

/** The neighbour that must not notice anything. */
const echo = definePlugin({
  name: 'echo',
  bot:
    () =>
    (interaction, { operations }) =>
      customerMessages(interaction).pipe(concatMap(({ text }) => operations.sendMessage(text))),
})();

const fault = (): never => {
  throw new Error('broken');
};

/** Plays two chats, of which the first ends early, with the broken plugin in front of the neighbour. */
function withNeighbour(broken: Plugin, ...codes: string[]): Promise<void> {
  return marbles(({ hot, interaction, expectOperations }) => {
    const states = { c: 'Chatting', x: 'Completed' } as const;
    const said = { a: says('customer', 'a'), b: says('customer', 'b'), d: says('customer', 'd') };
    const one = interaction({
      id: 'one',
      state$: hot('   c-----x--', states),
      messages$: hot('-a--b----', said),
    });
    const two = interaction({
      id: 'two',
      state$: hot('   c-------x', states),
      messages$: hot('--a----d-', said),
    });
    const expected = '                                                                      -ab-c--d-';

    const seat = expectOperations([broken, echo], [one, two]);
    seat.toBe(expected, {
      a: on('one', sendMessage('a')),
      b: on('two', sendMessage('a')),
      c: on('one', sendMessage('b')),
      d: on('two', sendMessage('d')),
    });
    seat.withProblems(...codes);
  });
}

describe('the neighbours and the other chats do not notice a plugin that', () => {
  const failed = 'USHER_PLUGIN_FAILED';

  it.each<[string, Plugin, string[]]>([
    ['throws at once', bot(fault), [failed]],
    ['throws for a line', message(fault), [failed]],
    ['fails in its stream', bot(() => throwError(() => new Error('broken'))), [failed]],
    ['fails in the stream for a line', message(() => timer(1).pipe(tap(fault))), [failed]],
    ['returns nothing', bot(() => undefined as never), ['USHER_PLUGIN_NO_STREAM']],
    ['returns a number for a line', message(() => 7 as never), ['USHER_PLUGIN_NO_STREAM']],
    ['hangs', bot(() => NEVER), []],
    ['hangs over a line', message(() => NEVER), []],
    ['throws when its stream is torn down', bot(() => NEVER.pipe(finalize(fault))), [failed]],
    ['throws when its stream has completed', bot(() => timer(1).pipe(finalize(fault))), [failed]],
    ['throws when its stream completes at once', bot(() => of(1).pipe(finalize(fault))), [failed]],
    [
      'throws when the stream of the interaction completes',
      bot((interaction) => interaction.messages$.pipe(finalize(fault))),
      [failed],
    ],
    ['throws after a line', message(() => timer(1).pipe(finalize(fault))), [failed]],
    [
      'throws on the outcome of an operation',
      bot((_interaction, { operations }) => operations.stopProcessing().pipe(tap(fault))),
      [failed],
    ],
    [
      'throws in the teardown of what it subscribed by itself',
      bot((interaction) => {
        for (const stream$ of [interaction.messages$, interaction.state$, interaction.ended$])
          (stream$ as Observable<unknown>).pipe(finalize(fault)).subscribe();
        return EMPTY;
      }),
      [failed],
    ],
    [
      'throws in the teardown of what it subscribed by itself for a line',
      message((_message, { interaction }) => {
        interaction.participants$.pipe(finalize(fault)).subscribe();
      }),
      [failed],
    ],
    [
      'throws in the teardown of what it subscribed by itself for an operation',
      operation((asked, next, { interaction }) => {
        interaction.userData$.pipe(finalize(fault)).subscribe();
        return next(asked);
      }),
      [failed],
    ],
    [
      'throws once an operation it let pass is out',
      operation((asked, next) => next(asked).pipe(finalize(fault))),
      ['USHER_PLUGIN_INTERCEPTOR'],
    ],
    [
      'throws on an operation it has nothing to do with',
      operation((asked, next) => (asked.plugin === 'echo' ? next(asked) : fault())),
      [],
    ],
  ])('%s', (_what, plugin, codes) => withNeighbour(plugin, ...codes));
});

describe('what a plugin throws when an operation of it is done', () => {
  const answering = (operation: Operation) => timer(5).pipe(map(() => sent(operation)));

  it('ends that piece of its work, and not the operations of others', () => {
    const clumsy = message((_message, { operations }) =>
      of('a', 'b').pipe(concatMap((text) => operations.sendMessage(text).pipe(finalize(fault)))),
    );
    const { runner, wire, problems, outcomes } = seat([clumsy, echo], { send: answering });
    new TestScheduler(() => undefined).run(() => {
      const interaction = chat();
      runner.take(interaction);
      write(interaction, 'one');
      timer(50).subscribe(() => write(interaction, 'two'));
    });
    expect(wire).toMatchObject([
      { plugin: 'echo', text: 'one' },
      { plugin: 'broken', text: 'a' },
      { plugin: 'echo', text: 'two' },
      { plugin: 'broken', text: 'a' },
    ]);
    expect(outcomes().map(({ kind }) => kind)).toEqual(['sent', 'sent', 'sent', 'sent']);
    expect(problems()).toEqual(['USHER_PLUGIN_FAILED', 'USHER_PLUGIN_FAILED']);
  });
});

describe('what a plugin subscribes by itself and throws in', () => {
  const unhandled: unknown[] = [];
  const before = rxjs.onUnhandledError;
  beforeEach(() => {
    unhandled.length = 0;
    rxjs.onUnhandledError = ({ message: text }: Error) => unhandled.push(text);
  });
  afterEach(() => {
    rxjs.onUnhandledError = before;
  });

  it.each<[string, Plugin, number]>([
    [
      'the end of the interaction',
      bot((interaction) => {
        interaction.ended$.subscribe(fault);
        return EMPTY;
      }),
      2,
    ],
    [
      'its lines',
      bot((interaction) => {
        customerMessages(interaction).subscribe(fault);
        return NEVER;
      }),
      4,
    ],
    [
      'the outcome of an operation',
      message((_message, { operations }) => void operations.reject().subscribe(fault)),
      4,
    ],
  ])('%s stays with it', async (_what, plugin, times) => {
    await withNeighbour(plugin);
    // RxJS reports them in a turn of their own.
    await expect.poll(() => unhandled).toEqual(Array.from({ length: times }, () => 'broken'));
  });
});

describe('a plugin that has the interaction end when it begins', () => {
  it('keeps the next ones from being called for it', () => {
    const interaction = chat();
    let called = false;
    const ending = bot(() => {
      interaction.end({ reason: 'completed' });
      return EMPTY;
    });
    const next = definePlugin({
      name: 'next',
      bot: () => () => {
        called = true;
        return EMPTY;
      },
    })();
    const { runner } = seat([ending, next]);
    runner.take(interaction);
    expect(called).toBe(false);
  });
});
