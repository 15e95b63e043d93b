import { describe, expect, it } from 'vitest';
import { scaleOf } from '../../../plugins/console/page/parts/scale.ts';

const rounded = (values: readonly number[]) => values.map((value) => Number(value.toFixed(6)));

describe('the axis of a plot', () => {
  it('shows all values within its pixels, and round ones between', () => {
    const { at, ticks } = scaleOf([-0.052, 0, 0.243], [0, 300]);
    expect(rounded(ticks)).toEqual([0, 0.1, 0.2]);
    expect(at(-0.052)).toBeGreaterThan(0);
    expect(at(0.243)).toBeLessThan(300);
    expect(at(0)).toBeGreaterThan(at(-0.052));
  });

  it('goes up where pixels go down', () => {
    const { at } = scaleOf([0, 10], [200, 0]);
    expect(at(10)).toBeLessThan(at(0));
  });

  it('draws factors by how many times they are', () => {
    const { at, ticks } = scaleOf([0.25, 1, 4], [0, 400], { isFactor: true });
    expect(at(1)).toBeCloseTo(200);
    expect(at(2) - at(1)).toBeCloseTo(at(1) - at(0.5));
    expect(rounded(ticks)).toEqual([0.25, 0.5, 1, 2, 4]);
    expect(rounded(scaleOf([1, 1.29], [0, 400], { isFactor: true }).ticks)).toEqual([1, 1.1, 1.2]);
    expect(rounded(scaleOf([1, 1_000], [0, 400], { isFactor: true }).ticks)).toEqual([1, 4, 16, 64, 256]);
  });

  it('leaves open ends at its edge, and stands with one value or none', () => {
    const { at } = scaleOf([Number.NEGATIVE_INFINITY, 0, 1, Number.POSITIVE_INFINITY], [10, 90]);
    expect(at(Number.NEGATIVE_INFINITY)).toBe(10);
    expect(at(Number.POSITIVE_INFINITY)).toBe(90);
    expect(scaleOf([0], [0, 100]).at(0)).toBe(50);
    expect(scaleOf([1], [0, 100], { isFactor: true }).at(1)).toBe(50);
    expect(scaleOf([], [0, 100]).ticks.length).toBeGreaterThan(0);
  });

  it('never has more values than may be told apart', () => {
    for (const high of [0.0007, 0.03, 1, 7.2, 19, 512, 99_999]) {
      const { ticks } = scaleOf([0, high], [0, 400], { most: 4 });
      expect(ticks.length).toBeLessThanOrEqual(5);
      expect(ticks.length).toBeGreaterThanOrEqual(2);
    }
  });
});
