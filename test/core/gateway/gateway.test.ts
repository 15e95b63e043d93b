import { concat, mergeMap, of, Subject, throwError, timer } from 'rxjs';
import { TestScheduler } from 'rxjs/testing';
import { describe, expect, it } from 'vitest';
import { limitsOf } from '../../../core/bot/limits.ts';
import { asInterceptor } from '../../../core/bot/operation-plugin.ts';
import { PluginRun } from '../../../core/bot/plugin-run.ts';
import { ChainGateway, type GatewayChain } from '../../../core/gateway/gateway.ts';
import { capability } from '../../../core/gateway/interceptors/capability.ts';
import { journalled } from '../../../core/gateway/interceptors/journal.ts';
import { lane } from '../../../core/gateway/interceptors/lane.ts';
import { once } from '../../../core/gateway/interceptors/once.ts';
import { retry } from '../../../core/gateway/interceptors/retry.ts';
import type { JournalEntry } from '../../../core/model/journal-entry.ts';
import type { Operation, OperationRequest } from '../../../core/model/operation.ts';
import type { Outcome } from '../../../core/model/outcome.ts';
import type { Interaction, Interceptor } from '../../../core/ports.ts';
import { SessionLedger } from '../../../core/session/ledger.ts';
import { LiveJournal } from '../../../core/session/live-journal.ts';
import { RxClock } from '../../../core/session/rx-clock.ts';
import { silentLog } from '../../../core/session/silent-log.ts';
import { testAgent } from '../../../core/testing/server/people.ts';
import { quietServices } from '../bot/quiet-services.ts';

const passing: Interceptor = (operation, next) => next(operation);

const operation = (request: OperationRequest, id = 'I', key?: string): Operation => ({
  ...request,
  interactionId: id,
  plugin: 'tested',
  ...(key !== undefined && { once: key }),
});
const say = (text: string, id?: string, key?: string): Operation =>
  operation({ name: 'sendMessage', text }, id, key);
const sent = (done: Operation): Outcome => ({ operation: done, kind: 'sent', status: 0, attempts: 1 });

function textOf(done: Operation): string {
  return done.name === 'sendMessage' ? done.text : done.name;
}

/** A gateway whose wire answers when the test says so. */
function gateway(chain: Partial<GatewayChain> = {}) {
  const entries: JournalEntry[] = [];
  const journal = new LiveJournal(new RxClock(), silentLog);
  journal.entries$.subscribe((entry) => entries.push(entry));
  const wire: { operation: Operation; answer(outcome?: Partial<Outcome>): void }[] = [];
  const send = (leaving: Operation) => {
    const answers = new Subject<Outcome>();
    wire.push({
      operation: leaving,
      answer: (outcome = {}) => {
        answers.next({ ...sent(leaving), ...outcome });
        answers.complete();
      },
    });
    return answers;
  };
  const tested = new ChainGateway({
    journal: journalled(journal, new RxClock(), 'ada'),
    once: passing,
    lane: passing,
    inner: [],
    send,
    ...chain,
  });
  const outcomes: Outcome[] = [];
  const perform = (asked: Operation) => tested.perform(asked).subscribe((outcome) => outcomes.push(outcome));
  const journalledOutcomes = () =>
    entries.flatMap((entry) =>
      entry.kind === 'outcome' ? [`${textOf(entry.outcome.operation)} ${entry.outcome.kind}`] : [],
    );
  return {
    tested,
    wire,
    outcomes,
    perform,
    entries,
    journalledOutcomes,
    left: () => wire.map((one) => textOf(one.operation)),
  };
}

const interaction = { id: 'I', agent: { nickname: 'Ada' } } as Interaction;

describe('the gateway', () => {
  it('sends nothing until it is subscribed', () => {
    const { tested, left, perform } = gateway();
    tested.perform(say('a'));
    expect(left()).toEqual([]);
    perform(say('b'));
    expect(left()).toEqual(['b']);
  });

  it('binds the verbs to interaction, plugin and nickname', () => {
    const { tested, wire } = gateway();
    const bound = tested.bind(interaction, 'welcome');
    bound.accept().subscribe();
    bound.sendMessage('Hi', { once: 'greeting' }).subscribe();
    expect(wire.map((one) => one.operation)).toEqual([
      { name: 'accept', nickname: 'Ada', interactionId: 'I', plugin: 'welcome' },
      { name: 'sendMessage', text: 'Hi', interactionId: 'I', plugin: 'welcome', once: 'greeting' },
    ]);
  });

  it('journals what is asked for and how it ended', () => {
    const { perform, wire, entries } = gateway();
    perform(say('a'));
    wire[0]?.answer();
    expect(entries.map(({ kind }) => kind)).toEqual(['operation', 'outcome']);
  });

  it('lets an operation that has left run to its end, whoever unsubscribes', () => {
    const { perform, wire, outcomes, journalledOutcomes } = gateway();
    perform(say('a')).unsubscribe();
    wire[0]?.answer();
    expect(outcomes).toEqual([]);
    expect(journalledOutcomes()).toEqual(['a sent']);
  });

  it('is idle when nothing is under way', () => {
    const { tested, perform, wire } = gateway();
    perform(say('a'));
    let idle = false;
    tested.idle$.subscribe(() => {
      idle = true;
    });
    expect(idle).toBe(false);
    wire[0]?.answer();
    expect(idle).toBe(true);
  });
});

describe('the lane', () => {
  it('takes one operation of an interaction after the other, in the order they were asked for', () => {
    const { perform, wire, left, outcomes } = gateway({ lane: lane() });
    for (const text of ['a', 'b', 'c']) perform(say(text));
    expect(left()).toEqual(['a']);
    wire[0]?.answer();
    wire[1]?.answer();
    wire[2]?.answer();
    expect(outcomes.map((outcome) => textOf(outcome.operation))).toEqual(['a', 'b', 'c']);
  });

  it('does not let interactions wait for each other', () => {
    const { perform, left } = gateway({ lane: lane() });
    perform(say('a', 'I1'));
    perform(say('b', 'I2'));
    expect(left()).toEqual(['a', 'b']);
  });

  it('drops what is cancelled while it waits, and says so in the journal', () => {
    const { perform, wire, left, journalledOutcomes } = gateway({ lane: lane() });
    perform(say('a'));
    perform(say('b')).unsubscribe();
    perform(say('c'));
    wire[0]?.answer();
    expect(left()).toEqual(['a', 'c']);
    expect(journalledOutcomes()).toEqual(['b suppressed', 'a sent']);
  });

  it('goes on after an operation whose asker has gone', () => {
    const { perform, wire, left } = gateway({ lane: lane() });
    perform(say('a')).unsubscribe();
    perform(say('b'));
    expect(left()).toEqual(['a']);
    wire[0]?.answer();
    expect(left()).toEqual(['a', 'b']);
  });
});

describe('once', () => {
  const open = () => {
    const ended = new Subject<void>();
    const chat = { id: 'I', ended$: ended } as unknown as Interaction;
    return { ...gateway({ once: once(() => chat, new SessionLedger()) }), ended };
  };

  it('suppresses the second of two at the same time, and every later one', () => {
    const { perform, wire, left, outcomes } = open();
    perform(say('a', 'I', 'greeting'));
    perform(say('b', 'I', 'greeting'));
    wire[0]?.answer();
    perform(say('c', 'I', 'greeting'));
    expect(left()).toEqual(['a']);
    expect(outcomes.map(({ kind, reason }) => reason ?? kind)).toEqual(['once', 'sent', 'once']);
  });

  it.each([
    ['refused', true],
    ['failed', true],
    ['sent', false],
    ['unknown', false],
  ] as const)('after an outcome %s, the key is free: %s', (kind, isFree) => {
    const { perform, wire, left } = open();
    perform(say('a', 'I', 'greeting'));
    wire[0]?.answer({ kind });
    perform(say('b', 'I', 'greeting'));
    expect(left()).toEqual(isFree ? ['a', 'b'] : ['a']);
  });

  it('lets operations without a key pass, as often as they come', () => {
    const { perform, left } = open();
    perform(say('a'));
    perform(say('a'));
    expect(left()).toEqual(['a', 'a']);
  });

  it('suppresses what is asked for an interaction that is over', () => {
    const { perform, outcomes } = gateway({ once: once(() => undefined, new SessionLedger()) });
    perform(say('a', 'I', 'greeting'));
    expect(outcomes).toMatchObject([{ kind: 'suppressed', reason: 'ended' }]);
  });
});

describe('capability', () => {
  const permits = (name: string) => ({ sendMessage: ['SendMessage'], accept: ['Accept'] })[name] ?? [];
  const asked = (capabilities: readonly string[] | undefined, ended = false) => {
    const find = () => ({ now: { state: 'Invited', capabilities, ended } }) as unknown as Interaction;
    const { perform, wire, outcomes } = gateway({ inner: [capability(find, permits)] });
    perform(say('a'));
    wire[0]?.answer();
    return outcomes[0];
  };

  it.each([
    ['permitted', ['Accept', 'SendMessage'], 'sent'],
    ['not permitted', ['Accept'], 'suppressed'],
    ['not told', undefined, 'sent'],
    ['told in words the dialect does not know', ['DoThis', 'DoThat'], 'sent'],
  ] as const)('%s', (_what, capabilities, kind) => {
    expect(asked(capabilities)).toMatchObject({ kind });
  });

  it('names what is not permitted, and when', () => {
    expect(asked(['Accept'])).toMatchObject({
      reason: 'capability',
      message: 'GWS does not permit SendMessage in state Invited',
      attempts: 0,
    });
  });

  it('suppresses everything on an interaction that is over', () => {
    expect(asked(['SendMessage'], true)).toMatchObject({ kind: 'suppressed', reason: 'ended' });
  });
});

describe('retry', () => {
  /** The frames at which an operation leaves when the wire answers like this. */
  const attempts = (request: OperationRequest, ...answers: Partial<Outcome>[]) => {
    const frames: number[] = [];
    let last: Outcome | undefined;
    new TestScheduler(() => undefined).run(() => {
      const clock = new RxClock();
      const intercept = retry({ delay: 100, jitter: () => 1 });
      intercept(operation(request), (leaving) => {
        frames.push(clock.now());
        return of({ ...sent(leaving), ...answers[Math.min(frames.length, answers.length) - 1] });
      }).subscribe((outcome) => {
        last = outcome;
      });
    });
    return { frames, last };
  };
  const message: OperationRequest = { name: 'sendMessage', text: 'a' };

  it('sends again what did not reach the server, at growing intervals', () => {
    const { frames, last } = attempts(message, { kind: 'failed', reason: 'unreachable' });
    expect(frames).toEqual([0, 100, 300, 700, 1_500, 3_100]);
    expect(last).toMatchObject({ kind: 'failed', attempts: 6 });
  });

  it('stops when it succeeds, and counts', () => {
    const { frames, last } = attempts(message, { kind: 'failed', reason: 'busy' }, { kind: 'sent' });
    expect(frames).toEqual([0, 100]);
    expect(last).toMatchObject({ kind: 'sent', attempts: 2 });
  });

  it.each([
    ['an internal error of GWS', message, { kind: 'refused', status: 4 }, 6],
    ['another refusal', message, { kind: 'refused', status: 2 }, 1],
    ['a lost answer to a message', message, { kind: 'unknown', reason: 'no-reply' }, 1],
    [
      'a lost answer to the sign of typing',
      { name: 'sendTyping', typing: true },
      { kind: 'unknown', reason: 'no-reply' },
      1,
    ],
    [
      'a lost answer to its end',
      { name: 'sendTyping', typing: false },
      { kind: 'unknown', reason: 'no-reply' },
      6,
    ],
    ['an operation that was suppressed', message, { kind: 'suppressed', reason: 'ended' }, 1],
    ['an operation that is unsupported', message, { kind: 'unsupported' }, 1],
  ] as const)('after %s', (_what, request, answer, times) => {
    expect(attempts(request, answer).frames).toHaveLength(times);
  });
});

describe("a plugin's interceptor", () => {
  const failures: unknown[] = [];
  const context = { interaction } as Parameters<typeof asInterceptor>[2];
  const clock = new RxClock();
  const journal = new LiveJournal(clock, silentLog);
  journal.entries$.subscribe((entry) => entry.kind === 'problem' && failures.push(entry.cause));
  const run = new PluginRun(
    { name: 'guard', limits: limitsOf({ quarantine: false }), parts: {} },
    {
      agent: testAgent,
      gateway: gateway().tested,
      ledger: new SessionLedger(),
      journal,
      clock,
      log: silentLog,
      ...quietServices(),
    },
  );
  const standing = (operationFunction: Parameters<typeof asInterceptor>[1]) => {
    const opened = gateway();
    opened.tested.intercept(interaction, 'guard', () => asInterceptor(run, operationFunction, context));
    return opened;
  };

  it('changes what goes out', () => {
    const { perform, left } = standing((held, next) => next({ ...held, text: 'b' } as Operation));
    perform(say('a'));
    expect(left()).toEqual(['b']);
  });

  it.each([
    [
      'throws',
      () => {
        throw new Error('guard asleep');
      },
    ],
    ['fails', () => throwError(() => new Error('guard asleep'))],
  ])('that %s sends nothing', (_how, operationFunction) => {
    const { perform, left, outcomes } = standing(operationFunction);
    perform(say('a'));
    expect(left()).toEqual([]);
    expect(outcomes).toMatchObject([{ kind: 'failed', reason: 'interceptor', attempts: 0 }]);
    expect(failures.at(-1)).toMatchObject({ message: 'guard asleep' });
  });

  it('that swallows an operation suppresses it', () => {
    const { perform, outcomes } = standing(() => of());
    perform(say('a'));
    expect(outcomes).toMatchObject([{ kind: 'suppressed', reason: 'dropped' }]);
  });

  it('keeps the outcome when it fails after the operation was sent', () => {
    const { perform, wire, outcomes } = standing((held, next) =>
      concat(
        next(held),
        throwError(() => new Error('late')),
      ),
    );
    perform(say('a'));
    wire[0]?.answer();
    expect(outcomes).toMatchObject([{ kind: 'sent' }]);
  });

  it('may hold an operation back, which can be cancelled until it leaves', () => {
    const { perform, left, journalledOutcomes } = standing((held, next) =>
      timer(50).pipe(mergeMap(() => next(held))),
    );
    new TestScheduler(() => undefined).run(() => {
      const asked = perform(say('a'));
      timer(10).subscribe(() => asked.unsubscribe());
    });
    expect(left()).toEqual([]);
    expect(journalledOutcomes()).toEqual(['a suppressed']);
  });

  it('stands on the way of its own interaction only, until it is taken away', () => {
    const opened = gateway();
    const standingGuard = opened.tested.intercept(interaction, 'guard', () => () => of());
    opened.perform(say('other', 'J'));
    opened.perform(say('held'));
    standingGuard.unsubscribe();
    opened.perform(say('free'));
    expect(opened.left()).toEqual(['other', 'free']);
  });
});
