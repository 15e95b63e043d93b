import { concatMap, EMPTY, map, of } from 'rxjs';
import { type BotFunction, customerMessages, definePlugin, defineService, whenState } from 'usher-bots';
import {
  accept,
  type ExpectedOperation,
  type MarbleKit,
  marbles,
  on,
  says,
  sendMessage,
} from 'usher-bots/testing';
import { describe, expect, it } from 'vitest';

const plugin = (bot: BotFunction) => definePlugin({ name: 'tested', bot: () => bot })();
const greet = plugin((interaction, { operations }) =>
  whenState(interaction, 'Chatting').pipe(concatMap(() => operations.sendMessage('Hello'))),
);
const broken = plugin(() => {
  throw new Error('out of paper');
});
const states = { c: 'Chatting', x: 'Completed' } as const;

/** What a test with this diagram fails with. */
async function failure(test: (kit: MarbleKit) => void): Promise<string> {
  try {
    await marbles(test);
  } catch (thrown) {
    return thrown instanceof Error ? thrown.message : String(thrown);
  }
  return 'none';
}

describe('marbles', () => {
  it.each<[string, string, Record<string, ExpectedOperation>]>([
    ['come too early', '--g', { g: sendMessage('Hello') }],
    ['say something else', '-g', { g: sendMessage('Hi') }],
    ['are others', '-g', { g: accept() }],
    ['are missing', '-(gg)', { g: sendMessage('Hello') }],
    ['are too many', '---', {}],
  ])('fail when the operations %s', async (_how, diagram, operations) => {
    const message = await failure(({ hot, interaction, expectOperations }) => {
      const chat = interaction({ state$: hot('-c', states) });
      expectOperations(greet, chat).toBe(diagram, operations);
    });
    expect(message).toContain('the operations differ from the diagram');
    expect(message).toContain('1 ms  sendMessage {"text":"Hello"}');
  });

  it('fail when a plugin does, and name it', async () => {
    const message = await failure(({ interaction, expectOperations }) => {
      expectOperations(broken, interaction()).toBe('-');
    });
    expect(message).toBe('unexpected problems:\n  USHER_PLUGIN_FAILED plugin tested failed: out of paper');
  });

  it('fail when a problem that was expected does not occur', async () => {
    const message = await failure(({ interaction, expectOperations }) => {
      const seat = expectOperations(
        plugin(() => EMPTY),
        interaction(),
      );
      seat.toBe('-');
      seat.withProblems('USHER_PLUGIN_FAILED');
    });
    expect(message).toBe('expected problems did not occur: USHER_PLUGIN_FAILED');
  });

  it('tell several chats apart', () =>
    marbles(({ hot, interaction, expectOperations }) => {
      const one = interaction({ id: 'one', state$: hot('-c--', states) });
      const two = interaction({ id: 'two', state$: hot('--c-', states) });
      const expected = '                                -ab-';

      expectOperations(greet, [one, two]).toBe(expected, {
        a: on('one', sendMessage('Hello')),
        b: on('two', sendMessage('Hello')),
      });
    }));

  it('may compare two plugins in one picture', () =>
    marbles(({ hot, interaction, expectOperations }) => {
      const state$ = hot('-c--', states);

      expectOperations(greet, interaction({ state$ })).toBe('-g', { g: sendMessage('Hello') });
      expectOperations([], interaction({ state$ })).toBe('--');
    }));

  it('give plugins the services they inject', () =>
    marbles(({ hot, interaction, expectOperations }) => {
      abstract class Name {
        abstract readonly text: string;
      }
      const named = definePlugin({
        name: 'named',
        inject: [Name],
        bot:
          (_options, { text }) =>
          (chat, { operations }) =>
            whenState(chat, 'Chatting').pipe(concatMap(() => operations.sendMessage(text))),
      });
      const chat = interaction({ state$: hot('-c', states) });
      const services = [defineService({ token: Name, create: () => ({ text: 'Cora' }) })];

      expectOperations(named(), chat, { services }).toBe('-n', { n: sendMessage('Cora') });
    }));

  it('show what is said in the transcript, own words too, and mark what is history', async () => {
    const seen: string[] = [];
    await marbles(({ hot, interaction, expectOperations }) => {
      const watch = plugin((chat) =>
        chat.messages$.pipe(
          map(({ index, type, text, own, history }) =>
            seen.push([index, type, text, own && 'own', history && 'history'].filter(Boolean).join(' ')),
          ),
        ),
      );
      const chat = interaction({
        state$: hot('   --c-', states),
        messages$: hot('-m-m', { m: says('customer', 'Hi') }),
      });
      expectOperations([watch, greet], chat).toBe('--g-', { g: sendMessage('Hello') });
    });
    expect(seen).toEqual([
      '1 Text Hi history',
      '2 ParticipantJoined own history',
      '3 Text Hello own',
      '4 Text Hi',
    ]);
  });

  it('let the clock of a plugin run in virtual time', async () => {
    const times: number[] = [];
    await marbles(({ hot, interaction, expectOperations }) => {
      const clocked = plugin((chat, { clock }) =>
        customerMessages(chat).pipe(map(() => times.push(clock.now()))),
      );
      const chat = interaction({
        state$: hot('   c', states),
        messages$: hot('- 1m m', { m: says('customer', 'Hi') }),
      });
      expectOperations(clocked, chat).toBe('-');
    });
    expect(times).toEqual([60_001]);
  });

  it('answer as the script says', async () => {
    const kinds: string[] = [];
    await marbles(({ hot, interaction, expectOperations }) => {
      const asking = plugin((chat, { operations }) =>
        whenState(chat, 'Chatting').pipe(
          concatMap(() => of('Hi', 'there')),
          concatMap((text) => operations.sendMessage(text)),
          map(({ kind, status }) => kinds.push(`${kind} ${status}`)),
        ),
      );
      const outcomes = { sendMessage: { kind: 'refused', status: 2 } } as const;
      const chat = interaction({ outcomes, state$: hot('c', states) });
      expectOperations(asking, chat).toBe('(ab)', { a: sendMessage('Hi'), b: sendMessage('there') });
    });
    expect(kinds).toEqual(['refused 2', 'refused 2']);
  });
});
