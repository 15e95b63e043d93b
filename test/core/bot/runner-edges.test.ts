import { concatMap, EMPTY, map, NEVER, of } from 'rxjs';
import {
  type BotFunction,
  customerMessages,
  definePlugin,
  type Interceptor,
  type JournalEntry,
  whenState,
} from 'usher-bots';
import { marbles, says, sendMessage } from 'usher-bots/testing';
import { describe, expect, it } from 'vitest';
import { limitsOf } from '../../../core/bot/limits.ts';
import type { OperationFunction } from '../../../core/bot/plugin.ts';
import { Runner } from '../../../core/bot/runner.ts';
import { messageOf } from '../../../core/errors.ts';
import { ChainGateway } from '../../../core/gateway/gateway.ts';
import { journalled } from '../../../core/gateway/interceptors/journal.ts';
import type { Operation } from '../../../core/model/operation.ts';
import { SessionLedger } from '../../../core/session/ledger.ts';
import { LiveJournal } from '../../../core/session/live-journal.ts';
import { RxClock } from '../../../core/session/rx-clock.ts';
import { silentLog } from '../../../core/session/silent-log.ts';
import { LiveInteraction } from '../../../core/streams/live-interaction.ts';
import { testAgent } from '../../../core/testing/server/people.ts';
import { quietServices } from './quiet-services.ts';

const passing: Interceptor = (operation, next) => next(operation);

const clock = new RxClock();
const greet: BotFunction = (interaction, { operations }) =>
  whenState(interaction, 'Invited').pipe(concatMap(() => operations.sendMessage('Hello')));

/** A runner with plugins `bot` and `operation`, and everything that reaches the wire. */
function seat(parts: { bot?: BotFunction; operation?: OperationFunction }) {
  const entries: JournalEntry[] = [];
  const wire: Operation[] = [];
  const journal = new LiveJournal(clock, silentLog);
  journal.entries$.subscribe((entry) => entries.push(entry));
  const gateway = new ChainGateway({
    journal: journalled(journal, clock, 'ada'),
    once: passing,
    lane: passing,
    inner: [],
    send: (operation) => {
      wire.push(operation);
      return of({ operation, kind: 'sent', attempts: 1 });
    },
  });
  const plugins = [{ name: 'tested', limits: limitsOf({}), parts }];
  const runner = new Runner([{ name: 'bot', handles: () => true, plugins }], {
    agent: testAgent,
    gateway,
    ledger: new SessionLedger(),
    journal,
    clock,
    log: silentLog,
    ...quietServices(),
  });
  const problems = () => entries.flatMap((entry) => (entry.kind === 'problem' ? [entry.code] : []));
  return { runner, gateway, wire, entries, problems };
}

const interaction = (id = 'I') => new LiveInteraction(id, testAgent, {});

const circular = (() => {
  const value: Record<string, unknown> = {};
  value['itself'] = value;
  return value;
})();

describe('a stopped runner', () => {
  it('begins no plugin on an interaction that appears after it stopped', () => {
    const { runner, wire } = seat({ bot: greet });
    runner.stop();
    runner.take(interaction());
    expect(wire).toEqual([]);
  });

  it('journals all the same that the interaction began, and that it ended', () => {
    const { runner, entries } = seat({ bot: greet });
    const late = interaction();
    runner.stop();
    runner.take(late);
    late.end({ reason: 'session-ended' });
    expect(entries.map(({ kind }) => kind)).toEqual(
      expect.arrayContaining(['interaction-began', 'interaction-ended']),
    );
  });
});

describe('a runner', () => {
  it('lets nothing stand on the way of operations once the interaction has ended', () => {
    const { runner, gateway, wire } = seat({ operation: () => EMPTY });
    const [one, two] = [interaction('I1'), interaction('I2')];
    runner.take(one);
    runner.take(two);
    one.end({ reason: 'completed' });
    for (const chat of [one, two]) gateway.bind(chat, 'other').sendMessage(chat.id).subscribe();
    expect(wire).toMatchObject([{ text: 'I1' }]);
  });

  it('has every interceptor in place before the first plugin asks for an operation', () => {
    const { runner, wire } = seat({
      bot: greet,
      operation: (operation, next) => next({ ...operation, text: 'changed' } as Operation),
    });
    runner.take(interaction());
    expect(wire).toMatchObject([{ text: 'changed' }]);
  });

  it('reports an interceptor that breaks under its own code', () => {
    const { runner, wire, problems } = seat({
      bot: greet,
      operation: () => {
        throw new Error('asleep');
      },
    });
    runner.take(interaction());
    expect(wire).toEqual([]);
    expect(problems()).toEqual(['USHER_PLUGIN_INTERCEPTOR']);
  });

  it('runs the plugins of an interaction from the start each time', () => {
    let calls = 0;
    const { runner } = seat({
      bot: () => {
        calls += 1;
        return NEVER;
      },
    });
    runner.take(interaction('I1'));
    runner.take(interaction('I2'));
    expect(calls).toBe(2);
  });
});

describe('whatever a plugin throws', () => {
  const things: readonly [string, unknown][] = [
    ['a circular object', circular],
    ['a big integer', 10n],
    ['a symbol', Symbol('odd')],
    ['nothing', undefined],
    [
      'an object that cannot be told',
      {
        toJSON: () => {
          throw new Error('no');
        },
      },
    ],
  ];

  it.each(things)('%s has a message', (_what, thrown) => {
    expect(messageOf(thrown)).toEqual(expect.any(String));
  });

  it.each(things)('%s stops that plugin only', (_what, thrown) => {
    const { runner, problems } = seat({
      bot: () => {
        throw thrown;
      },
    });
    runner.take(interaction());
    expect(problems()).toEqual(['USHER_PLUGIN_FAILED']);
  });

  it("is reported without the customer's words", () => {
    const { runner, entries } = seat({
      bot: () => {
        throw { text: 'my card is 4711', from: 'Mia' };
      },
    });
    runner.take(interaction());
    const problem = entries.find((entry) => entry.kind === 'problem');
    expect(problem).toMatchObject({ message: expect.not.stringContaining('4711') });
  });
});

describe('a plugin that fails on one message', () => {
  it('does not come back in that chat, and the others answer on', () =>
    marbles(({ hot, interaction: chatOf, expectOperations }) => {
      const chat = chatOf({
        state$: hot('   c------', { c: 'Chatting' }),
        messages$: hot('-a-b-a-', { a: says('customer', 'a'), b: says('customer', 'b') }),
      });
      const expected = '-a-b-a-';

      const picky = definePlugin({
        name: 'picky',
        bot: () => (interaction) =>
          customerMessages(interaction).pipe(
            map(({ text }) => {
              if (text === 'b') throw new Error('not b');
            }),
          ),
      });
      const echo = definePlugin({
        name: 'echo',
        bot:
          () =>
          (interaction, { operations }) =>
            customerMessages(interaction).pipe(concatMap(({ text }) => operations.sendMessage(text))),
      });
      const seated = expectOperations([picky(), echo()], chat);
      seated.toBe(expected, { a: sendMessage('a'), b: sendMessage('b') });
      seated.withProblems('USHER_PLUGIN_FAILED');
    }));
});
