import { describe, expect, it } from 'vitest';
import {
  betaCdf,
  betaDensity,
  chiSquareTail,
  lnBeta,
  normalCdf,
  normalQuantile,
  studentTails,
  studentWithin,
} from '../../../core/statistics/distributions.ts';
import { meanInterval, welch } from '../../../core/statistics/means.ts';
import { changeOfProportion, unitsForFixed } from '../../../core/statistics/power.ts';
import { newcombe, wilson } from '../../../core/statistics/proportions.ts';
import { sampleOf } from '../../../core/statistics/sample.ts';
import { sampleRatio } from '../../../core/statistics/sample-ratio.ts';
import { reach, tuning } from '../../../core/statistics/sequential.ts';
import { chancesOfBest } from '../../../core/statistics/thompson.ts';

/** Figures of R 4.2.2 (Debian 12), with the call that gives each. */
describe('distributions, beside R', () => {
  it.each([
    ['qnorm(0.975)', normalQuantile(0.975), 1.959963984540054],
    ['qnorm(1e-6)', normalQuantile(1e-6), -4.753424308822899],
    ['pnorm(-1.3)', normalCdf(-1.3), 0.09680048458561034],
    ['pnorm(-6)', normalCdf(-6), 9.865876450376981e-10],
    ['qt(0.975, 7.3)', studentWithin(0.95, 7.3), 2.345066736547702],
    ['qt(0.995, 2.1)', studentWithin(0.99, 2.1), 9.165665861448584],
    ['qt(0.975, 1000.5)', studentWithin(0.95, 1000.5), 1.962337892459348],
    ['2 * pt(-2.2, 7.3)', studentTails(2.2, 7.3), 2 * 0.03108458270001177],
    ['2 * pt(-8, 12)', studentTails(-8, 12), 2 * 1.879949112375131e-6],
    ['pchisq(30, 2, lower = F)', chiSquareTail(30, 2), 3.059023205018258e-7],
    ['pchisq(3.84, 1, lower = F)', chiSquareTail(3.84, 1), 0.05004352124870522],
    ['pbeta(0.31, 3, 7)', betaCdf(0.31, 3, 7), 0.5635841285722636],
    ['dbeta(0.31, 3, 7)', betaDensity(0.31, 3, 7), 2.613475738965194],
    ['lbeta(0.5, 123.4)', lnBeta([0.5, 123.4]), -1.83433764962],
  ])('%s', (_call, ours, theirs) => {
    expect(Math.abs(ours / theirs - 1)).toBeLessThan(1e-6);
  });
});

describe('tests and intervals, beside published examples', () => {
  /** "Student" (1908), hours of sleep; R: t.test(extra ~ group, data = sleep), group 1 less group 2. */
  const first = sampleOf([0.7, -1.6, -0.2, -1.2, -0.1, 3.4, 3.7, 0.8, 0.0, 2.0]);
  const second = sampleOf([1.9, 0.8, 1.1, 0.1, -0.1, 4.4, 5.5, 1.6, 4.6, 3.4]);

  it('Welch: Student’s sleep data', () => {
    const { value, low, high, p } = welch(second, first, 0.95);
    expect(value).toBeCloseTo(-1.58, 10);
    expect(low).toBeCloseTo(-3.3654832307117104, 6);
    expect(high).toBeCloseTo(0.2054832307117102, 6);
    expect(p).toBeCloseTo(0.07939414018735817, 7);
  });

  it('Student’s interval: t.test(group 2)', () => {
    const { low, high } = meanInterval(second, 0.95);
    expect([low, high]).toEqual([expect.closeTo(0.8976775, 6), expect.closeTo(3.7623225, 6)]);
  });

  it('Welch on logarithms is a factor: t.test(log(x), log(y))', () => {
    const logs = (values: number[]) => sampleOf(values.map(Math.log));
    const { value, low, high, p } = welch(logs([2, 9, 4, 4, 1, 12]), logs([3, 4, 5, 1, 2, 7]), 0.95);
    expect(Math.exp(low)).toBeCloseTo(0.2728431248513454, 6);
    expect(Math.exp(high)).toBeCloseTo(2.2872949401781417, 5);
    expect(Math.exp(value)).toBeCloseTo(0.7899827206558859, 8);
    expect(p).toBeCloseTo(0.6292614674052449, 7);
  });

  /** Newcombe (1998), Statistics in Medicine 17, 857: the score interval of 81 of 263, and Table II. */
  it('Wilson: 81 of 263; R: prop.test(81, 263, correct = F)', () => {
    const { low, high } = wilson({ n: 263, successes: 81 }, 0.95);
    expect(low).toBeCloseTo(0.2552885198782743, 9);
    expect(high).toBeCloseTo(0.3662095769828002, 9);
  });

  it.each([
    [56, 70, 48, 80, 0.0524, 0.3339],
    [9, 10, 3, 10, 0.1705, 0.809],
    [6, 7, 2, 7, 0.0582, 0.8062],
    [5, 56, 0, 29, -0.0381, 0.1926],
    [10, 10, 0, 10, 0.6075, 1],
  ])('Newcombe, method 10: %i of %i beside %i of %i', (a, m, b, n, low, high) => {
    const found = newcombe({ n, successes: b }, { n: m, successes: a }, 0.95);
    expect(found.low).toBeCloseTo(low, 4);
    expect(found.high).toBeCloseTo(high, 4);
  });

  it('the pooled z-test is chi-square: prop.test(c(15, 25), c(50, 50), correct = F)', () => {
    const { p } = newcombe({ n: 50, successes: 15 }, { n: 50, successes: 25 }, 0.95);
    expect(p).toBeCloseTo(0.04122683333716357, 8);
  });

  it('a split: chisq.test(c(4800, 5200))', () => {
    expect(sampleRatio([4_800, 5_200], [1, 1]).p).toBeCloseTo(6.334248366624e-5, 10);
  });

  it('units: power.prop.test(p1 = .5, p2 = .75, power = .9), and power.t.test(delta = 1, sd = 2, power = .8)', () => {
    const design = { alpha: 0.05, power: 0.9, share: 0.5 };
    expect(unitsForFixed(changeOfProportion(0.5, 0.75), design) / 2).toBeCloseTo(76.70693, 4);
    const means = unitsForFixed({ difference: 1, variances: [4, 4] }, { ...design, power: 0.8 }) / 2;
    // R solves with the noncentral t; Guenther's formula comes this near.
    expect(Math.abs(means - 63.76576371427387)).toBeLessThan(0.02);
  });

  /** Waudby-Smith et al. (2024), equation 9: the boundary of theorem 2.2 is sqrt(t) times this at variance 1. */
  it('the sequential boundary is tightest where it is tuned to be', () => {
    const rho = tuning(1_000, 0.05);
    const ratio = (n: number) => reach(n, rho, 0.05) / reach(n, tuning(n, 0.05), 0.05);
    expect(ratio(1_000)).toBe(1);
    expect(ratio(100)).toBeGreaterThan(1);
    expect(ratio(10_000)).toBeGreaterThan(1);
    expect(reach(1_000, rho, 0.05)).toBeGreaterThan(2.9);
    expect(reach(1_000, rho, 0.05)).toBeLessThan(3.1);
  });

  /** Evan Miller, "Formulas for Bayesian A/B testing" (2015): in closed form for whole numbers. */
  it('the chance that an arm is the best: by the closed form', () => {
    const closed = (aA: number, bA: number, aB: number, bB: number): number => {
      let total = 0;
      for (let i = 0; i < aB; i += 1)
        total += Math.exp(
          lnBeta([aA + i, bA + bB]) - Math.log(bB + i) - lnBeta([1 + i, bB]) - lnBeta([aA, bA]),
        );
      return total;
    };
    const arms = [
      { n: 120, successes: 24 },
      { n: 130, successes: 35 },
    ];
    const [, second = 0] = chancesOfBest(arms);
    expect(second).toBeCloseTo(closed(25, 97, 36, 96), 6);
    expect(chancesOfBest([arms[0], arms[0], arms[0]] as never)).toEqual([
      expect.closeTo(1 / 3, 9),
      expect.closeTo(1 / 3, 9),
      expect.closeTo(1 / 3, 9),
    ]);
    const many = chancesOfBest([
      { n: 2_000_000, successes: 100_000 },
      { n: 2_000_000, successes: 100_700 },
    ]);
    expect(many[1]).toBeGreaterThan(0.9);
    expect(many[1]).toBeLessThan(0.96);
  });
});
