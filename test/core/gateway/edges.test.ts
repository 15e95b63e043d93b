import { concat, delay, EMPTY, map, mergeMap, NEVER, Observable, of, timer } from 'rxjs';
import { TestScheduler } from 'rxjs/testing';
import type { Interaction, Interceptor, JournalEntry, Operation, Outcome } from 'usher-bots';
import { describe, expect, it } from 'vitest';
import { ChainGateway, type GatewayChain, type Send } from '../../../core/gateway/gateway.ts';
import { journalled } from '../../../core/gateway/interceptors/journal.ts';
import { lane } from '../../../core/gateway/interceptors/lane.ts';
import { once } from '../../../core/gateway/interceptors/once.ts';
import { retry } from '../../../core/gateway/interceptors/retry.ts';
import { SessionLedger } from '../../../core/session/ledger.ts';
import { LiveJournal } from '../../../core/session/live-journal.ts';
import { RxClock } from '../../../core/session/rx-clock.ts';
import { silentLog } from '../../../core/session/silent-log.ts';
import { LiveInteraction } from '../../../core/streams/live-interaction.ts';
import { testAgent } from '../../../core/testing/server/people.ts';

const passing: Interceptor = (operation, next) => next(operation);

const say = (text: string, key?: string): Operation => ({
  name: 'sendMessage',
  text,
  interactionId: 'I',
  plugin: 'tested',
  ...(key !== undefined && { once: key }),
});
const outcome = (operation: Operation, kind: Outcome['kind'] = 'sent'): Outcome => ({
  operation,
  kind,
  attempts: 1,
});
const refused = (operation: Operation): Outcome => ({ ...outcome(operation, 'refused'), status: 2 });
const virtually = (test: () => void): void => new TestScheduler(() => undefined).run(test);

/** A gateway whose wire takes 10 ms, and the frames at which operations left. */
function gateway(chain: Partial<GatewayChain> = {}) {
  const clock = new RxClock();
  const left: string[] = [];
  const journalledAs: string[] = [];
  const journal = new LiveJournal(clock, silentLog);
  journal.entries$.subscribe((entry: JournalEntry) => {
    if (entry.kind === 'outcome') journalledAs.push(`${entry.outcome.kind} after ${entry.took}`);
  });
  const send: Send = (operation) =>
    new Observable((subscriber) => {
      left.push(`${clock.now()} ${operation.name === 'sendMessage' ? operation.text : operation.name}`);
      return of(outcome(operation)).pipe(delay(10)).subscribe(subscriber);
    });
  const tested = new ChainGateway({
    journal: journalled(journal, clock, 'ada'),
    once: passing,
    lane: passing,
    inner: [],
    send,
    ...chain,
  });
  return { tested, left, journalledAs };
}

const chat = new LiveInteraction('I', testAgent, {});
const guarded = (tested: ChainGateway, interceptor: Interceptor) =>
  tested.intercept(chat as Interaction, 'guard', () => interceptor);

describe('an operation that waits to be sent again', () => {
  const unreachable =
    (left: string[]): Send =>
    (operation) =>
      of({ ...outcome(operation, 'failed'), reason: 'unreachable' }).pipe(
        map((answer) => {
          left.push('tried');
          return answer;
        }),
      );
  const inner = [retry({ delay: 100, jitter: () => 1 })];

  it('is cancelled like one that waits to be sent: it certainly had no effect', () =>
    virtually(() => {
      const tries: string[] = [];
      const { tested, journalledAs } = gateway({ inner, send: unreachable(tries) });
      const asked = tested.perform(say('a')).subscribe();
      timer(50).subscribe(() => asked.unsubscribe());
      timer(5_000).subscribe(() => {
        expect(tries).toEqual(['tried']);
        expect(journalledAs).toEqual(['suppressed after 50']);
      });
    }));

  it('keeps the operations behind it waiting', () =>
    virtually(() => {
      let count = 0;
      const left: string[] = [];
      const send: Send = (operation) => {
        count += 1;
        if (operation.name === 'sendMessage') left.push(operation.text);
        return of(count < 3 ? { ...outcome(operation, 'failed'), reason: 'busy' } : outcome(operation));
      };
      const { tested } = gateway({ lane: lane(), inner, send });
      for (const text of ['a', 'b']) tested.perform(say(text)).subscribe();
      timer(5_000).subscribe(() => expect(left).toEqual(['a', 'a', 'a', 'b']));
    }));
});

describe('an operation that has left under another name', () => {
  it('is journalled as sent, though nobody waits for it any more', () =>
    virtually(() => {
      const { tested, left, journalledAs } = gateway();
      guarded(tested, (operation, next) =>
        next({
          name: 'transfer',
          to: { skill: 'Cards' },
          interactionId: operation.interactionId,
          plugin: 'guard',
        }),
      );
      const asked = tested.perform(say('a')).subscribe();
      timer(5).subscribe(() => asked.unsubscribe());
      timer(50).subscribe(() => {
        expect(left).toEqual(['0 transfer']);
        expect(journalledAs).toEqual(['sent after 10']);
      });
    }));
});

describe('the first outcome is that of the operation', () => {
  const twice: Interceptor = (operation, next) => concat(next(operation), of(refused(operation)));

  it('for whoever asked, and in the journal', () =>
    virtually(() => {
      const { tested, journalledAs } = gateway();
      guarded(tested, twice);
      const outcomes: string[] = [];
      tested.perform(say('a')).subscribe(({ kind }) => outcomes.push(kind));
      timer(50).subscribe(() => {
        expect(outcomes).toEqual(['sent']);
        expect(journalledAs).toEqual(['sent after 10']);
      });
    }));

  it('for its key: what was sent stays done', () =>
    virtually(() => {
      const { tested, left } = gateway({ once: once(() => chat, new SessionLedger()) });
      guarded(tested, twice);
      tested.perform(say('a', 'greeting')).subscribe();
      timer(50).subscribe(() => tested.perform(say('b', 'greeting')).subscribe());
      timer(100).subscribe(() => expect(left).toEqual(['0 a']));
    }));
});

describe('a key', () => {
  it('is free again when the operation is cancelled before it left', () =>
    virtually(() => {
      const { tested, left } = gateway({ once: once(() => chat, new SessionLedger()), lane: lane() });
      tested.perform(say('first')).subscribe();
      tested.perform(say('a', 'greeting')).subscribe().unsubscribe();
      tested.perform(say('b', 'greeting')).subscribe();
      timer(50).subscribe(() => expect(left).toEqual(['0 first', '10 b']));
    }));

  it('is kept when nobody waits for the operation any more, after it left', () =>
    virtually(() => {
      const { tested, left } = gateway({ once: once(() => chat, new SessionLedger()), lane: lane() });
      tested.perform(say('a', 'greeting')).subscribe().unsubscribe();
      timer(50).subscribe(() => tested.perform(say('b', 'greeting')).subscribe());
      timer(100).subscribe(() => expect(left).toEqual(['0 a']));
    }));

  it('goes with the interaction: the chat that comes back is greeted again', () =>
    virtually(() => {
      let current = new LiveInteraction('I', testAgent, {});
      const { tested, left } = gateway({ once: once(() => current, new SessionLedger()) });
      tested.perform(say('a', 'greeting')).subscribe();
      timer(50).subscribe(() => {
        current.end({ reason: 'completed' });
        current = new LiveInteraction('I', testAgent, {});
        tested.perform(say('b', 'greeting')).subscribe();
      });
      timer(100).subscribe(() => expect(left).toEqual(['0 a', '50 b']));
    }));

  it('is one for all plugins, but not for all chats', () =>
    virtually(() => {
      const chats = new Map(['I', 'J'].map((id) => [id, new LiveInteraction(id, testAgent, {})]));
      const { tested, left } = gateway({ once: once((id) => chats.get(id), new SessionLedger()) });
      for (const [interactionId, plugin] of [
        ['I', 'a'],
        ['I', 'b'],
        ['J', 'c'],
      ] as const)
        tested.perform({ ...say(plugin, 'greeting'), interactionId, plugin }).subscribe();
      timer(50).subscribe(() => expect(left).toEqual(['0 a', '0 c']));
    }));
});

describe('an interceptor', () => {
  it.each<[string, Interceptor, string]>([
    ['that returns no stream', () => undefined as never, 'rejected'],
    ['that is empty', () => EMPTY, 'suppressed dropped'],
    ['that answers itself', (operation) => of(outcome(operation, 'refused')), 'refused'],
  ])('%s sends nothing', (_how, interceptor, expected) => {
    const { tested, left } = gateway();
    guarded(tested, interceptor);
    let got = '';
    tested.perform(say('a')).subscribe({
      next: ({ kind, reason }) => {
        got = reason === undefined ? kind : `${kind} ${reason}`;
      },
      error: () => {
        got = 'rejected';
      },
    });
    expect([got, left]).toEqual([expected, []]);
  });

  it('gets operations of its own that pass the lane and the other interceptors', () =>
    virtually(() => {
      const { tested, left } = gateway({ lane: lane() });
      tested.intercept(
        chat,
        'prelude',
        (operations) => (operation, next) =>
          operations.sendTyping(true).pipe(mergeMap(() => next(operation))),
      );
      guarded(tested, (operation, next) => (operation.name === 'sendTyping' ? EMPTY : next(operation)));
      tested.perform(say('a')).subscribe();
      timer(50).subscribe(() => expect(left).toEqual(['0 sendTyping', '10 a']));
    }));

  it('stands behind those that are there already', () => {
    const { tested, left } = gateway();
    for (const mark of ['1', '2'])
      guarded(tested, (operation, next) =>
        next(operation.name === 'sendMessage' ? { ...operation, text: operation.text + mark } : operation),
      );
    tested.perform(say('a')).subscribe();
    expect(left).toEqual([expect.stringMatching(/ a12$/)]);
  });

  it('that holds an operation for ever holds this chat up, and no other', () =>
    virtually(() => {
      const { tested, left } = gateway({ lane: lane() });
      guarded(tested, () => NEVER);
      for (const interactionId of ['I', 'I', 'J']) tested.perform({ ...say('a'), interactionId }).subscribe();
      timer(50).subscribe(() => expect(left).toEqual(['0 a']));
    }));
});

describe('idle', () => {
  it('comes only when a request that nobody waits for has its answer', () =>
    virtually(() => {
      const { tested } = gateway({ lane: lane() });
      const clock = new RxClock();
      let idleAt = -1;
      const asked = ['a', 'b'].map((text) => tested.perform(say(text)).subscribe());
      for (const one of asked) one.unsubscribe();
      tested.idle$.subscribe(() => {
        idleAt = clock.now();
      });
      timer(50).subscribe(() => expect(idleAt).toBe(10));
    }));
});
