import { describe, expect, it } from 'vitest';
import { evaluatePolicy, type Logged } from '../../../core/statistics/off-policy.ts';
import { errorOf, sampleOf } from '../../../core/statistics/sample.ts';
import { weightedMean } from '../../../core/statistics/weighted.ts';

/** Arm, propensity, value, and how many chats. */
const rows = [
  ['a', 0.5, 3, 1],
  ['b', 0.5, 1, 2],
  ['a', 0.6, 4, 1],
  ['a', 0.6, 1, 3],
  ['b', 0.4, 5, 2],
  ['b', 0.4, 9, 1],
  ['a', 0.7, 2, 1],
  ['b', 0.3, 6, 2],
  ['a', 0.7, 5, 2],
  ['a', 0.7, 3, 1],
] as const;

const units = rows.map(([arm, propensity, numerator, denominator]) => ({
  arm,
  propensity,
  numerator,
  denominator,
}));
const each = units.map((unit) => ({ ...unit, denominator: 1 }));

/** Figures of the R package survey 4.1 (Debian 12), design svydesign(ids = ~1, weights = ~1/p, data), subset by arm. */
describe('weighted means, beside R', () => {
  it.each([
    ['svymean(~y), a', weightedMean(each, 'a'), 2.97524752475, 0.537587875797],
    ['svymean(~y), b', weightedMean(each, 'b'), 5.51612903226, 1.29718560185],
    ['svyratio(~y, ~x), a', weightedMean(units, 'a'), 1.99006622517, 0.688083522809],
    ['svyratio(~y, ~x), b', weightedMean(units, 'b'), 3.1376146789, 1.06535044599],
  ])('%s', (_call, { sample }, mean, error) => {
    expect(sample.mean).toBeCloseTo(mean, 9);
    expect(Math.sqrt(errorOf(sample))).toBeCloseTo(error, 9);
  });

  it('svyglm(y ~ arm): the error of the difference, which is not the sum of both', () => {
    const [a, b] = [weightedMean(each, 'a'), weightedMean(each, 'b')];
    const error = errorOf(sampleOf(b.influence.map((own, at) => own - (a.influence[at] ?? 0))));
    expect(b.sample.mean - a.sample.mean).toBeCloseTo(2.54088150751, 9);
    expect(Math.sqrt(error)).toBeCloseTo(1.40416922408, 9);
  });

  it('is the plain mean where all chances are the same, and worth as many units', () => {
    const plain = each.map((unit) => ({ ...unit, propensity: 0.5 }));
    const { sample, worth } = weightedMean(plain, 'b');
    expect(sample.mean).toBeCloseTo((1 + 5 + 9 + 6) / 4, 12);
    expect(worth).toBeCloseTo(4, 12);
    expect(weightedMean(plain, 'c')).toMatchObject({ sample: { n: 0 }, worth: 0 });
  });
});

describe('what a policy would have brought', () => {
  /** Two decisions for each arm, all with chance 1/2; the policy takes arm a three times out of four. */
  const log: readonly Logged[] = (
    [
      ['a', 1],
      ['a', 0],
      ['b', 1],
      ['b', 1],
    ] as const
  ).map(([arm, reward]) => ({
    arm,
    reward,
    propensity: 0.5,
    context: 'any',
    target: { a: 0.75, b: 0.25 },
  }));

  it('by hand: weights 1.5, 1.5, 0.5, 0.5', () => {
    const { ips, snips, effectiveN } = evaluatePolicy(log, 0.95);
    expect(ips.value).toBeCloseTo((1.5 + 0.5 + 0.5) / 4, 12);
    expect(snips.value).toBeCloseTo((1.5 + 0.5 + 0.5) / 4, 12);
    expect(effectiveN).toBeCloseTo(4 ** 2 / (2 * 1.5 ** 2 + 2 * 0.5 ** 2), 12);
    // Errors of the four terms, over 4 * 3; 1.959964 to each side.
    const terms = [1.5, 0, 0.5, 0.5].map((term) => (term - 0.625) ** 2);
    const error = Math.sqrt(terms.reduce((sum, term) => sum + term, 0) / 12);
    expect(ips.high - ips.value).toBeCloseTo(1.959964 * error, 6);
  });

  it('is the average itself for the policy that was logged', () => {
    const same = log.map((entry) => ({ ...entry, target: { a: 0.5, b: 0.5 } }));
    expect(evaluatePolicy(same, 0.95).ips.value).toBeCloseTo(0.75, 12);
    expect(evaluatePolicy(same, 0.95).effectiveN).toBeCloseTo(4, 12);
  });

  it('is narrower by the doubly robust estimator where arm and context tell the reward', () => {
    const known = Array.from({ length: 400 }, (_, nth): Logged => {
      const [arm, context] = [nth % 2 === 0 ? 'a' : 'b', nth % 4 < 2 ? 'new' : 'old'];
      const reward = (arm === 'a' ? 10 : 2) + (context === 'new' ? 5 : 0) + (nth % 3) / 10;
      return {
        arm,
        context,
        reward,
        propensity: 0.5,
        target: { a: context === 'new' ? 0.9 : 0.1, b: context === 'new' ? 0.1 : 0.9 },
      };
    });
    const { ips, doublyRobust } = evaluatePolicy(known, 0.95);
    const truth = (0.9 * 15 + 0.1 * 7 + 0.1 * 10 + 0.9 * 2) / 2 + 0.1;
    expect(doublyRobust.low).toBeLessThan(truth);
    expect(doublyRobust.high).toBeGreaterThan(truth);
    // What remains is that contexts differ: a half earns 14.2 on average, the other 2.8.
    const least = (2 * 1.96 * (14.2 - 2.8)) / 2 / Math.sqrt(400);
    expect(doublyRobust.high - doublyRobust.low).toBeLessThan(1.01 * least);
    expect(doublyRobust.high - doublyRobust.low).toBeLessThan(0.6 * (ips.high - ips.low));
  });
});
