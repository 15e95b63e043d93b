import fc from 'fast-check';
import { concat, ignoreElements, NEVER, type Observable, tap, throwError, timer } from 'rxjs';
import { TestScheduler } from 'rxjs/testing';
import { definePlugin, type Lane } from 'usher-bots';
import { describe, expect, it } from 'vitest';
import { chat, seat, write } from './seat.ts';

type Manner = 'well' | 'throws' | 'fails' | 'hangs';
interface Line {
  /** Milliseconds after the line before it. */
  readonly gap: number;
  readonly takes: number;
  readonly ends: Manner;
}
const line: fc.Arbitrary<Line> = fc.record({
  gap: fc.integer({ min: 0, max: 30 }),
  takes: fc.integer({ min: 1, max: 40 }),
  ends: fc.constantFrom<Manner[]>('well', 'well', 'well', 'throws', 'fails', 'hangs'),
});
const budget = 60;

function work({ takes, ends }: Line): Observable<unknown> {
  if (ends === 'throws') throw new Error('broken');
  if (ends === 'hangs') return NEVER;
  const broken$ = throwError(() => new Error('broken'));
  return ends === 'fails' ? concat(timer(takes).pipe(ignoreElements()), broken$) : timer(takes);
}

/** The lines of each call in the order of the calls, how many ran at a time, and which lines are done with. */
function play(lane: Lane, lines: readonly Line[]) {
  const calls: number[][] = [];
  let running = 0;
  let most = 0;
  const reader = definePlugin({
    name: 'reader',
    lane,
    budget,
    quarantine: false,
    message:
      () =>
      (_last, { lines: all, signal }) => {
        calls.push(all.map(({ index }) => index));
        running += 1;
        most = Math.max(most, running);
        signal.addEventListener('abort', () => {
          running -= 1;
        });
        return work(lines[(all.at(-1)?.index ?? 0) - 1] as Line);
      },
  })();
  const { runner, ledger, problems } = seat([reader]);
  const interaction = chat();
  new TestScheduler(() => undefined).run(() => {
    runner.take(interaction);
    let at = 0;
    for (const { gap } of lines) {
      at += gap;
      timer(at)
        .pipe(tap(() => write(interaction, 'text')))
        .subscribe();
    }
  });
  const dossier = ledger.of(interaction);
  const done = lines.map((_line, at) => dossier.isHandled('reader', at + 1));
  return { calls, most, running, done, problems: problems() };
}

const numbers = (lines: readonly Line[]): number[] => lines.map((_line, at) => at + 1);
const failing = (lines: readonly Line[]): number => lines.filter(({ ends }) => ends !== 'well').length;
const some = fc.array(line, { minLength: 1, maxLength: 15 });

describe('whatever customers write and handlers do', () => {
  it('serial handles every line once, in order and one at a time, and tells of each failure', () => {
    fc.assert(
      fc.property(some, (lines) => {
        const { calls, most, problems } = play('serial', lines);
        expect(calls).toEqual(numbers(lines).map((index) => [index]));
        expect(most).toBe(1);
        expect(problems).toHaveLength(failing(lines));
      }),
    );
  });

  it('latest never lets two calls overlap, and begins one for every line', () => {
    fc.assert(
      fc.property(some, (lines) => {
        const { calls, most } = play('latest', lines);
        expect(calls.flat()).toEqual(numbers(lines));
        expect(most).toBe(1);
      }),
    );
  });

  it.each<Lane>(['coalesce', { debounce: 10 }])('%o loses no line, and keeps them in order', (lane) => {
    fc.assert(
      fc.property(some, (lines) => {
        const { calls, most } = play(lane, lines);
        expect(calls.flat()).toEqual(numbers(lines));
        expect(most).toBe(1);
      }),
    );
  });

  it('parallel has no more calls at a time than it may, and begins them in order', () => {
    fc.assert(
      fc.property(some, fc.integer({ min: 1, max: 4 }), (lines, places) => {
        const { calls, most, problems } = play({ parallel: places }, lines);
        expect(calls).toEqual(numbers(lines).map((index) => [index]));
        expect(most).toBeLessThanOrEqual(places);
        expect(problems).toHaveLength(failing(lines));
      }),
    );
  });

  it.each<Lane>(['serial', 'latest', 'coalesce', { debounce: 10 }, { parallel: 3 }])(
    '%o leaves nothing running, and every line done with',
    (lane) => {
      fc.assert(
        fc.property(some, (lines) => {
          const { running, done } = play(lane, lines);
          expect(running).toBe(0);
          expect(done.every(Boolean)).toBe(true);
        }),
      );
    },
  );
});
