import { NEVER, of, timer } from 'rxjs';
import { TestScheduler } from 'rxjs/testing';
import { describe, expect, it } from 'vitest';
import { fenced } from '../../../core/gateway/interceptors/fenced.ts';
import type { Operation } from '../../../core/model/operation.ts';
import type { Outcome } from '../../../core/model/outcome.ts';

const operation: Operation = { name: 'sendMessage', text: 'a', interactionId: 'I', plugin: 'tested' };
const sent: Outcome = { operation, kind: 'sent', status: 0, attempts: 1 };
const virtual = () => new TestScheduler((actual, expected) => expect(actual).toEqual(expected));

describe('an operation under a lease', () => {
  it('leaves at once while the lease is long enough', () => {
    virtual().run(({ expectObservable }) => {
      expectObservable(fenced(() => true, NEVER)(operation, () => of(sent))).toBe('(s|)', { s: sent });
    });
  });

  it('waits while it is too short, and is not lost: it leaves when the lease is renewed', () => {
    virtual().run(({ expectObservable, cold }) => {
      let mayAct = false;
      cold('--- 120ms r').subscribe(() => {
        mayAct = true;
      });
      expectObservable(fenced(() => mayAct, NEVER)(operation, () => of(sent))).toBe('150ms (s|)', {
        s: sent,
      });
    });
  });

  it('never leaves where the bots are stopped first', () => {
    virtual().run(({ expectObservable }) => {
      let left = 0;
      const waiting$ = fenced(() => false, timer(10_000))(operation, () => {
        left += 1;
        return of(sent);
      });
      expectObservable(waiting$).toBe('10s (f|)', {
        f: expect.objectContaining({ operation, kind: 'suppressed', reason: 'fenced' }),
      });
      expect(left).toBe(0);
    });
  });
});
