import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Restarts } from '../../../../core/cli/fleet/restarts.ts';

/** The pauses after ends that came so many milliseconds after each start. */
const pauses = (...ends: readonly number[]): (number | undefined)[] => {
  const restarts = new Restarts();
  return ends.map((ranFor) => restarts.next(ranFor));
};

describe('a worker that ends by itself', () => {
  it('is started again, later each time', () => {
    expect(pauses(20_000, 20_000, 20_000)).toEqual([500, 1_000, 2_000]);
    expect(pauses(...Array<number>(9).fill(20_000)).at(-1)).toBe(30_000);
  });

  it('is given up when it ends at once, again and again', () => {
    expect(pauses(0, 0, 0, 0, 0)).toEqual([500, 1_000, 2_000, 4_000, undefined]);
    expect(pauses(0, 0, 0, 0, 15_000, 0)).not.toContain(undefined);
  });

  it('has its past forgotten once it has run for long', () => {
    expect(pauses(0, 0, 0, 60_000)).toEqual([500, 1_000, 2_000, 500]);
  });

  it('is never started at once, and never later than half a minute', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(120_000), { minLength: 1 }), (ends) => {
        for (const pause of pauses(...ends)) {
          expect(pause ?? 500).toBeGreaterThanOrEqual(500);
          expect(pause ?? 500).toBeLessThanOrEqual(30_000);
        }
      }),
    );
  });
});
