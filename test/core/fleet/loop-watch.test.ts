import { describe, expect, it } from 'vitest';
import { LoopWatch } from '../../../core/fleet/loop-watch.ts';

/** How a worker is doing after ticks at these times, with a tick of 200 ms and a ttl of 3 s. */
function after(...beats: readonly number[]): string {
  const loop = new LoopWatch(200, 3_000);
  for (const beat of beats) loop.beat(beat);
  if (loop.isSick) return 'sick';
  return loop.isSlow ? 'slow' : 'steady';
}

describe('the watch over the event loop', () => {
  it.each([
    ['that comes in time', [0, 200, 400], 'steady'],
    ['that is late by less than a third of the ttl', [0, 1_200], 'steady'],
    ['that is late by more', [0, 1_201], 'slow'],
    ['that was late within the last ttl', [0, 1_201, 1_401, 2_301, 3_201, 4_101], 'slow'],
    ['that was late before', [0, 1_201, 1_401, 2_301, 3_201, 4_201], 'steady'],
    ['that is late again and again for two ttls', [0, 1_500, 3_000, 4_500, 6_000, 7_500], 'slow'],
    ['that is late again and again for more', [0, 1_500, 3_000, 4_500, 6_000, 7_501], 'sick'],
  ])('takes a tick %s: %j for %s', (_what, beats, expected) => {
    expect(after(...beats)).toBe(expected);
  });
});
