import type { Difference } from '../model/estimate.ts';

/** What is known of the observations of one arm: how many, their mean, and the variance of one of them. */
export interface Sample {
  readonly n: number;
  readonly mean: number;
  /** Unbiased: the sum of squares over n - 1; 0 for fewer than two. */
  readonly variance: number;
}

/** Two passes, so that nothing is lost where the mean is large beside the spread. */
export function sampleOf(values: readonly number[]): Sample {
  const n = values.length;
  const mean = n === 0 ? 0 : values.reduce((sum, value) => sum + value, 0) / n;
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return { n, mean, variance: n < 2 ? 0 : squares / (n - 1) };
}

/** The squared standard error of a sample's mean. */
export function errorOf({ n, variance }: Sample): number {
  return n === 0 ? Number.POSITIVE_INFINITY : variance / n;
}

export const unknownDifference: Difference = {
  value: Number.NaN,
  low: Number.NEGATIVE_INFINITY,
  high: Number.POSITIVE_INFINITY,
  p: 1,
};
