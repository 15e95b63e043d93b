import type { Difference, Estimate } from '../model/estimate.ts';
import { studentTails, studentWithin } from './distributions.ts';
import { errorOf, type Sample, unknownDifference } from './sample.ts';

/**
 * The mean with Student's interval.
 *
 * Source: Student, "The probable error of a mean", Biometrika 6 (1908).
 */
export function meanInterval(sample: Sample, level: number): Estimate {
  const { n, mean } = sample;
  if (n < 2) {
    return {
      value: n === 0 ? Number.NaN : mean,
      low: Number.NEGATIVE_INFINITY,
      high: Number.POSITIVE_INFINITY,
    };
  }
  const margin = studentWithin(level, n - 1) * Math.sqrt(errorOf(sample));
  return { value: mean, low: mean - margin, high: mean + margin };
}

/**
 * How much larger the mean of `arm` is than that of `control`, where the variances may differ.
 *
 * Source: Welch, "The generalization of Student's problem when several different population variances are
 * involved", Biometrika 34 (1947); the degrees of freedom by Satterthwaite (1946).
 */
export function welch(control: Sample, arm: Sample, level: number): Difference {
  if (control.n < 2 || arm.n < 2) return unknownDifference;
  const value = arm.mean - control.mean;
  const [one, other] = [errorOf(control), errorOf(arm)];
  const error = one + other;
  if (error === 0) return { value, low: value, high: value, p: value === 0 ? 1 : 0 };
  const freedom = error ** 2 / (one ** 2 / (control.n - 1) + other ** 2 / (arm.n - 1));
  const margin = studentWithin(level, freedom) * Math.sqrt(error);
  return {
    value,
    low: value - margin,
    high: value + margin,
    p: studentTails(value / Math.sqrt(error), freedom),
  };
}
