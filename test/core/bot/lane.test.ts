import fc from 'fast-check';
import { defer, EMPTY, ignoreElements, Subject, tap, timer } from 'rxjs';
import { TestScheduler } from 'rxjs/testing';
import type { Lane, Message } from 'usher-bots';
import { describe, expect, it } from 'vitest';
import { inLane } from '../../../core/bot/lane.ts';
import { RxClock } from '../../../core/session/rx-clock.ts';
import { people } from '../../../core/testing/server/people.ts';

const line = (index: number): Message => ({
  index,
  type: 'Text',
  from: people.customer,
  text: `${index}`,
  visibility: 'All',
  history: false,
  replayed: false,
  own: false,
});

interface Call {
  readonly lines: number[];
  readonly from: number;
  to?: number;
}

/** Lines arrive at these times; each call takes as long as it is told. */
function run(lane: Lane, arrivals: readonly number[], duration: (first: number) => number) {
  const calls: Call[] = [];
  const superseded: number[] = [];
  const full: number[] = [];
  new TestScheduler(() => undefined).run(() => {
    const clock = new RxClock();
    const lines$ = new Subject<Message>();
    inLane(lines$, lane, {
      handle: (lines) =>
        defer(() => {
          const call: Call = { lines: lines.map(({ index }) => index), from: clock.now() };
          calls.push(call);
          const first = lines[0]?.index ?? 0;
          return timer(duration(first)).pipe(
            tap(() => {
              call.to = clock.now();
            }),
            ignoreElements(),
          );
        }),
      onSuperseded: (lines) => superseded.push(...lines.map(({ index }) => index)),
      onFull: ({ index }) => full.push(index),
    }).subscribe();
    for (const [at, when] of arrivals.entries()) timer(when).subscribe(() => lines$.next(line(at + 1)));
  });
  return { calls, superseded, full };
}

const shown = (calls: readonly Call[]) =>
  calls.map(({ lines, from, to }) => `${from}-${to ?? '…'}: ${lines}`);

describe('a lane', () => {
  it('serial: one after the other, whatever comes meanwhile', () => {
    expect(shown(run('serial', [0, 1, 50], () => 20).calls)).toEqual(['0-20: 1', '20-40: 2', '50-70: 3']);
  });

  it('latest: a new line cancels what is under way, which is done with', () => {
    const { calls, superseded } = run('latest', [0, 5, 50], () => 20);
    expect(shown(calls)).toEqual(['0-…: 1', '5-25: 2', '50-70: 3']);
    expect(superseded).toEqual([1]);
  });

  it('debounce: when the customer has paused, all lines at once', () => {
    expect(shown(run({ debounce: 10 }, [0, 5, 50], () => 20).calls)).toEqual(['15-35: 1,2', '60-80: 3']);
  });

  it('coalesce: what comes while one is handled is handed over together afterwards', () => {
    expect(shown(run('coalesce', [0, 5, 6, 50], () => 20).calls)).toEqual([
      '0-20: 1',
      '20-40: 2,3',
      '50-70: 4',
    ]);
  });

  it('parallel: so many at a time, the others in order', () => {
    expect(shown(run({ parallel: 2 }, [0, 1, 2, 3], () => 20).calls)).toEqual([
      '0-20: 1',
      '1-21: 2',
      '20-40: 3',
      '21-41: 4',
    ]);
  });

  it.each<Lane>(['serial', 'coalesce'])('%s: is bounded, and says which line found no room', (lane) => {
    const { calls, full } = run(
      lane,
      Array.from({ length: 1_010 }, () => 0),
      () => 1_000_000,
    );
    expect(full.length).toBeGreaterThan(0);
    expect(full.every((index) => index > 1_000)).toBe(true);
    expect(calls[0]?.lines).toEqual([1]);
  });

  it('queues a line that a handler causes itself', () => {
    const seen: number[] = [];
    const lines$ = new Subject<Message>();
    inLane(lines$, 'serial', {
      handle: ([first]) =>
        defer(() => {
          const index = first?.index ?? 0;
          seen.push(index);
          if (index < 3) lines$.next(line(index + 1));
          seen.push(-index);
          return EMPTY;
        }),
      onSuperseded: () => undefined,
      onFull: () => undefined,
    }).subscribe();
    lines$.next(line(1));
    expect(seen).toEqual([1, -1, 2, -2, 3, -3]);
  });
});

describe('whatever comes whenever, however long it takes', () => {
  const scene = fc.record({
    gaps: fc.array(fc.integer({ min: 0, max: 30 }), { minLength: 1, maxLength: 20 }),
    durations: fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 20, maxLength: 20 }),
  });
  const play = (lane: Lane, { gaps, durations }: { gaps: number[]; durations: number[] }) => {
    const arrivals: number[] = [];
    for (const gap of gaps) arrivals.push((arrivals.at(-1) ?? 0) + gap);
    return { ...run(lane, arrivals, (first) => durations[first - 1] ?? 1), count: gaps.length };
  };
  const all = (count: number) => Array.from({ length: count }, (_, at) => at + 1);
  const overlap = (calls: readonly Call[]) =>
    Math.max(
      ...calls.map(
        ({ from }) => calls.filter((other) => other.from <= from && (other.to ?? from) > from).length,
      ),
    );

  it('serial handles every line exactly once, in order, one at a time', () => {
    fc.assert(
      fc.property(scene, (given) => {
        const { calls, count } = play('serial', given);
        expect(calls.flatMap(({ lines }) => lines)).toEqual(all(count));
        expect(overlap(calls)).toBe(1);
      }),
    );
  });

  it('latest never overlaps, and every line is handled or superseded', () => {
    fc.assert(
      fc.property(scene, (given) => {
        const { calls, superseded, count } = play('latest', given);
        const finished = calls.filter(({ to }) => to !== undefined).flatMap(({ lines }) => lines);
        expect([...finished, ...superseded].sort((a, b) => a - b)).toEqual(all(count));
      }),
    );
  });

  it.each<Lane>(['coalesce', { debounce: 10 }])('%o loses none, and keeps them in order', (lane) => {
    fc.assert(
      fc.property(scene, (given) => {
        const { calls, count } = play(lane, given);
        expect(calls.flatMap(({ lines }) => lines)).toEqual(all(count));
        expect(overlap(calls)).toBe(1);
      }),
    );
  });

  it('parallel never exceeds its places, and loses none', () => {
    fc.assert(
      fc.property(scene, fc.integer({ min: 1, max: 5 }), (given, places) => {
        const { calls, count } = play({ parallel: places }, given);
        expect(calls.flatMap(({ lines }) => lines).sort((a, b) => a - b)).toEqual(all(count));
        expect(overlap(calls)).toBeLessThanOrEqual(places);
      }),
    );
  });
});
