import { EMPTY, finalize, map, NEVER, Observable, of, Subject, throwError } from 'rxjs';
import { describe, expect, it } from 'vitest';
import { IsolatedSubscriber, isolated } from '../../../core/bot/isolated.ts';

const fault = (): never => {
  throw new Error('broken');
};

/** What is told of the work, until it is stopped. */
function told(work$: Observable<unknown>, begin: () => void = () => undefined): string[] {
  const events: string[] = [];
  const running = isolated(work$, {
    onThrow: (thrown, how) => events.push(`${(thrown as Error).message}, ${how}`),
    onEnd: (how) => events.push(how),
  }).subscribe({ complete: () => events.push('over') });
  begin();
  events.push('…');
  running.unsubscribe();
  return events;
}

describe('isolated work', () => {
  it.each<[string, (later$: Observable<void>) => Observable<unknown>, string[]]>([
    ['that completes', () => EMPTY, ['completed', 'over', '…']],
    ['that is stopped', () => NEVER, ['…', 'stopped']],
    ['that fails', () => throwError(() => new Error('broken')), ['broken, failed', 'failed', 'over', '…']],
    ['that throws', () => of(1).pipe(map(fault)), ['broken, failed', 'failed', 'over', '…']],
    [
      'that throws when it is stopped',
      () => NEVER.pipe(finalize(fault)),
      ['…', 'broken, stopped', 'stopped'],
    ],
    [
      'that throws when it has completed',
      (later$) => later$.pipe(finalize(fault)),
      ['broken, failed', 'failed', 'over', '…'],
    ],
    [
      'that throws when it has completed at once',
      () => of(1).pipe(finalize(fault)),
      ['completed', 'over', 'broken, completed', '…'],
    ],
  ])('%s', (_how, work, events) => {
    const later$ = new Subject<void>();
    expect(told(work(later$), () => later$.complete())).toEqual(events);
  });

  it('may be ended from outside, as failed', () => {
    const events: string[] = [];
    let stopped = false;
    const subscriber = new IsolatedSubscriber({
      onThrow: (thrown) => events.push((thrown as Error).message),
      onEnd: (how) => events.push(how),
    });
    subscriber.take(
      new Observable(() => () => {
        stopped = true;
      }),
    );
    subscriber.error(new Error('too late'));
    subscriber.error(new Error('once more'));
    expect(events).toEqual(['too late', 'failed']);
    expect(stopped).toBe(true);
  });

  it('does not mind what a promise says after it was stopped', async () => {
    const events: string[] = [];
    const subscriber = new IsolatedSubscriber({ onThrow: () => events.push('thrown') });
    const promise = Promise.reject(new Error('aborted'));
    subscriber.take(
      new Observable((inner) => {
        promise.catch((thrown) => inner.error(thrown));
      }),
    );
    subscriber.unsubscribe();
    await promise.catch(() => undefined);
    expect(events).toEqual([]);
  });
});
