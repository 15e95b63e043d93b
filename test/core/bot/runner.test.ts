import { concatMap, map, NEVER, Observable, of, throwError } from 'rxjs';
import { type BotFunction, customerMessages, definePlugin, whenState } from 'usher-bots';
import { accept, marbles, on, says, sendMessage } from 'usher-bots/testing';
import { describe, expect, it } from 'vitest';
import { defineBot } from '../../../core/bot/define-bot.ts';
import { limitsOf } from '../../../core/bot/limits.ts';
import { Runner } from '../../../core/bot/runner.ts';
import type { JournalEntry } from '../../../core/model/journal-entry.ts';
import type { Interaction, OperationsGateway } from '../../../core/ports.ts';
import { SessionLedger } from '../../../core/session/ledger.ts';
import { LiveJournal } from '../../../core/session/live-journal.ts';
import { RxClock } from '../../../core/session/rx-clock.ts';
import { silentLog } from '../../../core/session/silent-log.ts';
import { LiveInteraction } from '../../../core/streams/live-interaction.ts';
import { testAgent } from '../../../core/testing/server/people.ts';
import { autoAccept } from '../../../plugins/auto-accept.ts';
import { quietServices } from './quiet-services.ts';

const states = { c: 'Chatting', x: 'Completed' } as const;
const plugin = (name: string, bot: BotFunction) => definePlugin({ name, bot: () => bot })();

const echo = plugin('echo', (interaction, { operations }) =>
  customerMessages(interaction).pipe(concatMap(({ text }) => operations.sendMessage(text))),
);

describe('a plugin that fails', () => {
  const failing: readonly [string, BotFunction, string][] = [
    [
      'throws at once',
      () => {
        throw new Error('broken');
      },
      'USHER_PLUGIN_FAILED',
    ],
    [
      'fails later',
      (interaction) =>
        customerMessages(interaction).pipe(
          map(() => {
            throw new Error('broken');
          }),
        ),
      'USHER_PLUGIN_FAILED',
    ],
    ['returns a stream that has failed', () => throwError(() => 'broken'), 'USHER_PLUGIN_FAILED'],
    ['returns nothing', () => undefined as never, 'USHER_PLUGIN_NO_STREAM'],
    ['returns null', () => null as never, 'USHER_PLUGIN_NO_STREAM'],
    ['returns a number', () => 7 as never, 'USHER_PLUGIN_NO_STREAM'],
  ];

  it.each(failing)('because it %s harms neither the others nor other chats', (_how, bot, code) =>
    marbles(({ hot, interaction, expectOperations }) => {
      const one = interaction({
        id: 'one',
        state$: hot('   c-----', states),
        messages$: hot('-a--b-', { a: says('customer', 'a'), b: says('customer', 'b') }),
      });
      const two = interaction({
        id: 'two',
        state$: hot('   c-----', states),
        messages$: hot('--c---', { c: says('customer', 'c') }),
      });
      const expected = '-ac-b-';

      const seat = expectOperations([plugin('broken', bot), echo], [one, two]);
      seat.toBe(expected, {
        a: on('one', sendMessage('a')),
        b: on('one', sendMessage('b')),
        c: on('two', sendMessage('c')),
      });
      seat.withProblems(code);
    }),
  );

  it('with a stream that never ends holds nobody up', () =>
    marbles(({ hot, interaction, expectOperations }) => {
      const chat = interaction({
        state$: hot('c--x', states),
        messages$: hot('-a', { a: says('customer', 'a') }),
      });
      const expected = '                      -a--';

      expectOperations([plugin('endless', () => NEVER), echo], chat).toBe(expected, { a: sendMessage('a') });
    }));
});

describe('a plugin', () => {
  function run(bot: BotFunction) {
    const entries: JournalEntry[] = [];
    const journal = new LiveJournal(new RxClock(), silentLog);
    journal.entries$.subscribe((entry) => entries.push(entry));
    const gateway = { bind: () => ({}), intercept: () => undefined } as unknown as OperationsGateway;
    const runner = new Runner(
      [
        {
          ...defineBot({ name: 'b', plugins: [] }),
          plugins: [{ name: 'p', limits: limitsOf({}), parts: { bot } }],
        },
      ],
      {
        agent: testAgent,
        gateway,
        ledger: new SessionLedger(),
        journal,
        clock: new RxClock(),
        log: silentLog,
        ...quietServices(),
      },
    );
    const interaction = new LiveInteraction('I', testAgent, {});
    runner.take(interaction);
    return { interaction, runner, entries };
  }

  it('may return a promise', async () => {
    let ran = false;
    run(async () => {
      await Promise.resolve();
      ran = true;
    });
    await Promise.resolve();
    await Promise.resolve();
    expect(ran).toBe(true);
  });

  it('may return an async generator', async () => {
    const seen: number[] = [];
    const { interaction } = run(async function* () {
      seen.push(1);
      yield 1;
      seen.push(2);
      yield 2;
    });
    const done = new Promise((resolve) => interaction.ended$.subscribe(resolve));
    await Promise.resolve();
    setImmediate(() => interaction.end({ reason: 'vanished' }));
    await done;
    expect(seen).toEqual([1, 2]);
  });

  it('has a signal that is aborted when the interaction ends', () => {
    let signal: AbortSignal | undefined;
    const { interaction } = run((_interaction, context) => {
      signal = context.signal;
      return NEVER;
    });
    expect(signal?.aborted).toBe(false);
    interaction.end({ reason: 'completed' });
    expect(signal?.aborted).toBe(true);
  });

  it('is stopped with the runner', () => {
    let stopped = false;
    const { runner } = run(
      () =>
        new Observable(() => () => {
          stopped = true;
        }),
    );
    runner.stop();
    expect(stopped).toBe(true);
  });
});

describe('an interaction', () => {
  it('goes to the first bot that handles it; one whose `handles` throws is passed over', () => {
    const entries: JournalEntry[] = [];
    const journal = new LiveJournal(new RxClock(), silentLog);
    journal.entries$.subscribe((entry) => entries.push(entry));
    const bot = (name: string, handles: (interaction: Interaction) => boolean) => ({
      name,
      handles,
      plugins: [],
    });
    const runner = new Runner(
      [
        bot('broken', () => {
          throw new Error('no idea');
        }),
        bot('picky', ({ kind }) => kind === 'consultation'),
        bot('taker', () => true),
        bot('late', () => true),
      ],
      {
        agent: testAgent,
        gateway: {} as OperationsGateway,
        ledger: new SessionLedger(),
        journal,
        clock: new RxClock(),
        log: silentLog,
        ...quietServices(),
      },
    );
    runner.take(new LiveInteraction('I', testAgent, {}));
    expect(entries).toMatchObject([
      { kind: 'problem', code: 'USHER_BOT_HANDLES', message: 'bot broken: handles threw: no idea' },
      { kind: 'interaction-began', bot: 'taker' },
    ]);
  });
});

describe('the sketch of a plugin author', () => {
  const welcome = definePlugin({
    name: 'welcome',
    bot:
      () =>
      (interaction, { operations }) =>
        whenState(interaction, 'Chatting').pipe(
          concatMap(() => operations.sendMessage('Hello!', { once: 'greeting' })),
        ),
  });

  it('accepts, and greets once, however often the state is repeated', () =>
    marbles(({ hot, interaction, expectOperations }) => {
      const chat = interaction({ state$: hot('99ms cccc--x|', states) });
      const expected = '                      a 98ms  g----';

      expectOperations([autoAccept(), welcome()], chat).toBe(expected, {
        a: accept(),
        g: sendMessage('Hello!'),
      });
    }));

  it('does nothing of its own when given an empty stream', () =>
    marbles(({ interaction, expectOperations }) => {
      expectOperations(
        plugin('idle', () => of()),
        interaction(),
      ).toBe('-');
    }));
});
