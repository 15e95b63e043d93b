import {
  concat,
  concatMap,
  defer,
  finalize,
  ignoreElements,
  map,
  NEVER,
  repeat,
  Subject,
  takeUntil,
  throwError,
  timer,
} from 'rxjs';
import {
  type BotFunction,
  customerMessages,
  definePlugin,
  type MessageFunction,
  type Plugin,
  type PluginLimits,
} from 'usher-bots';
import { marbles, says, sendMessage } from 'usher-bots/testing';
import { describe, expect, it } from 'vitest';

const states = { c: 'Chatting', x: 'Completed' } as const;

const bot = (name: string, run: BotFunction, limits: Partial<PluginLimits> = {}): Plugin =>
  definePlugin({ name, ...limits, bot: () => run })();
const messages = (name: string, run: MessageFunction, limits: Partial<PluginLimits> = {}): Plugin =>
  definePlugin({ name, ...limits, message: () => run })();

/** Repeats what the customer says: the neighbour that must not notice anything. */
const echo = bot('echo', (interaction, { operations }) =>
  customerMessages(interaction).pipe(concatMap(({ text }) => operations.sendMessage(text))),
);

const lines = { a: says('customer', 'a'), b: says('customer', 'b'), d: says('customer', 'd') };

describe('a message function', () => {
  it('gets what the customer writes, one line after the other', () =>
    marbles(({ hot, cold, interaction, expectOperations }) => {
      const chat = interaction({ state$: hot('c-------x|', states), messages$: hot('-ab------|', lines) });
      const slow = messages('slow', ({ text }, { operations }) =>
        concat(cold('--|'), operations.sendMessage(text)),
      );
      expectOperations(slow, chat).toBe('---a-b', { a: sendMessage('a'), b: sendMessage('b') });
    }));

  it('may return nothing', () =>
    marbles(({ hot, interaction, expectOperations }) => {
      const heard: string[] = [];
      const chat = interaction({ state$: hot('c', states), messages$: hot('-ab', lines) });
      const listener = messages('listener', ({ text }) => {
        heard.push(text);
        expect(heard).toEqual(['a', 'b'].slice(0, heard.length));
      });
      expectOperations(listener, chat).toBe('');
    }));

  it('is not called for history, agents, or what the customer does not see', () =>
    marbles(({ hot, interaction, expectOperations }) => {
      const chat = interaction({
        state$: hot('--c', states),
        messages$: hot('a--bd', {
          a: says('customer', 'early'),
          b: says('agent', 'hm'),
          d: says('customer', 'now'),
        }),
      });
      const answering = messages('answering', ({ text }, { operations }) =>
        operations.sendMessage(`re ${text}`),
      );
      expectOperations(answering, chat).toBe('----d', { d: sendMessage('re now') });
    }));

  it('that takes too long is stopped, told of, and the next line is handled', () =>
    marbles(({ hot, interaction, expectOperations }) => {
      const chat = interaction({ state$: hot('c 200ms x', states), messages$: hot('-ab', lines) });
      const aborted: string[] = [];
      const hanging = messages(
        'hanging',
        ({ text }, { operations, signal }) => {
          signal.addEventListener('abort', () => aborted.push(text));
          return text === 'a' ? NEVER : operations.sendMessage(text);
        },
        { budget: 50 },
      );
      const expected = expectOperations(hanging, chat);
      expected.toBe('- 50ms b', { b: sendMessage('b') });
      expected.withProblems('USHER_PLUGIN_SLOW');
    }));

  it('that throws is told of, and the next line is handled', () =>
    marbles(({ hot, interaction, expectOperations }) => {
      const chat = interaction({ state$: hot('c-----x', states), messages$: hot('-ab', lines) });
      const fussy = messages('fussy', ({ text }, { operations }) => {
        if (text === 'a') throw new Error('not that');
        return operations.sendMessage(text);
      });
      const expected = expectOperations([fussy, echo], chat);
      expected.toBe('-a(bc)', { a: sendMessage('a'), b: sendMessage('b'), c: sendMessage('b') });
      expected.withProblems('USHER_PLUGIN_FAILED');
    }));

  it('gets all lines of a pause together', () =>
    marbles(({ hot, interaction, expectOperations }) => {
      const chat = interaction({ state$: hot('c 50ms x', states), messages$: hot('-ab', lines) });
      const patient = messages(
        'patient',
        (_last, { lines: all, operations }) => operations.sendMessage(all.map(({ text }) => text).join('+')),
        { lane: { debounce: 10 } },
      );
      expectOperations(patient, chat).toBe('------------a', { a: sendMessage('a+b') });
    }));
});

describe('a plugin harms nobody when it', () => {
  const broken: Record<string, [BotFunction, string[]]> = {
    'throws at once': [
      () => {
        throw new Error('broken');
      },
      ['USHER_PLUGIN_FAILED'],
    ],
    'fails in its stream': [() => throwError(() => new Error('broken')), ['USHER_PLUGIN_FAILED']],
    'returns nothing': [() => undefined as never, ['USHER_PLUGIN_NO_STREAM']],
    hangs: [() => NEVER, []],
    'fails later': [
      () =>
        timer(1).pipe(
          map(() => {
            throw new Error('broken');
          }),
        ),
      ['USHER_PLUGIN_FAILED'],
    ],
    'stops by itself and cleans up': [
      (chat) =>
        NEVER.pipe(
          takeUntil(chat.ended$),
          finalize(() => undefined),
        ),
      [],
    ],
  };

  it.each(Object.entries(broken))('%s', (_what, [run, codes]) =>
    marbles(({ hot, interaction, expectOperations }) => {
      const chat = interaction({ state$: hot('c-----x', states), messages$: hot('-ab', lines) });
      const expected = expectOperations([bot('broken', run), echo], chat);
      expected.toBe('-ab', { a: sendMessage('a'), b: sendMessage('b') });
      expected.withProblems(...codes);
    }),
  );

  it('floods one chat: what is too much is held back, told of once, and others go on', () =>
    marbles(({ hot, interaction, expectOperations }) => {
      const chat = interaction({ state$: hot('c 20ms x', states), messages$: hot('-----a', lines) });
      const flooding = bot(
        'flooding',
        (_chat, { operations }) => operations.sendMessage('f').pipe(ignoreElements(), repeat({ delay: 1 })),
        { operationsPerSecond: 3 },
      );
      const expected = expectOperations([flooding, echo], chat);
      expected.toBe('-ff--a', { f: sendMessage('f'), a: sendMessage('a') });
      expected.withProblems('USHER_PLUGIN_FLOODS');
    }));

  it('holds an operation for ever: it fails, and the chat goes on', () =>
    marbles(({ hot, interaction, expectOperations }) => {
      const chat = interaction({ state$: hot('c 200ms x', states), messages$: hot('-ab', lines) });
      const holding = definePlugin({
        name: 'holding',
        holdBudget: 20,
        operation: () => (operation, next) =>
          operation.name === 'sendMessage' && operation.text === 'a' ? NEVER : next(operation),
      })();
      const expected = expectOperations([holding, echo], chat);
      expected.toBe('- 20ms b', { b: sendMessage('b') });
      expected.withProblems('USHER_PLUGIN_SLOW');
    }));
});

describe('a plugin that fails again and again', () => {
  it('is kept away from all chats, and begins anew in them when it is let out', () =>
    marbles(({ hot, interaction, expectOperations }) => {
      let healthy = false;
      timer(400).subscribe(() => {
        healthy = true;
      });
      const chat = interaction({
        state$: hot('c 20s x', states),
        messages$: hot('-a 9ms b 1s d', lines),
      });
      const failing = messages(
        'failing',
        ({ text }, { operations }) =>
          defer(() => (healthy ? operations.sendMessage(text) : throwError(() => new Error('ill')))),
        { quarantine: { failures: 2, pause: 500 } },
      );
      const expected = expectOperations(failing, chat);
      expected.toBe('- 11ms 1s d', { d: sendMessage('d') });
      expected.withProblems('USHER_PLUGIN_FAILED');
    }));

  it('lets operations pass that it would have held', () =>
    marbles(({ hot, interaction, expectOperations }) => {
      const chat = interaction({ state$: hot('c----x', states), messages$: hot('-abd', lines) });
      const asleep = definePlugin({
        name: 'asleep',
        quarantine: { failures: 1 },
        operation: () => () => throwError(() => new Error('asleep')),
      })();
      const expected = expectOperations([asleep, echo], chat);
      expected.toBe('--bd', { b: sendMessage('b'), d: sendMessage('d') });
      expected.withProblems('USHER_PLUGIN_INTERCEPTOR');
    }));
});

describe('the end of an interaction', () => {
  it('aborts every call that is under way', async () => {
    const signals: AbortSignal[] = [];
    await marbles(({ hot, interaction, expectOperations }) => {
      const chat = interaction({ state$: hot('c--x', states), messages$: hot('-a', lines) });
      const hanging = messages('hanging', (_message, { signal }) => {
        signals.push(signal);
        return new Subject();
      });
      expectOperations(hanging, chat).toBe('');
    });
    expect(signals.map(({ aborted }) => aborted)).toEqual([true]);
  });
});
