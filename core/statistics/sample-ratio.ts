import { chiSquareTail, lnBeta } from './distributions.ts';

/** Whether the arms got the units that they were to get. */
export interface SampleRatio {
  /** The chance of counts at least as far off, for one look. */
  readonly p: number;
  /** The same for any number of looks. */
  readonly anytimeP: number;
}

/**
 * The test for a sample ratio mismatch: a split that is off means that units get lost on the way in some arm, and no
 * figure of the experiment can be trusted.
 *
 * Sources: Pearson's chi-square, as in Fabijan et al., "Diagnosing sample ratio mismatch in online controlled
 * experiments", KDD 2019; for any number of looks, Lindon and Malek, "Anytime-valid inference for multinomial count
 * data", NeurIPS 2022 (arXiv:2011.03567), equation 4, with a uniform Dirichlet prior.
 *
 * @param counts Units per arm.
 * @param weights What they were to be, up to a factor; all above 0.
 */
export function sampleRatio(counts: readonly number[], weights: readonly number[]): SampleRatio {
  const n = counts.reduce((sum, count) => sum + count, 0);
  const whole = weights.reduce((sum, weight) => sum + weight, 0);
  if (n === 0 || counts.length < 2) return { p: 1, anytimeP: 1 };
  const shares = weights.map((weight) => weight / whole);
  const chiSquare = counts.reduce((sum, count, arm) => {
    const expected = n * (shares[arm] as number);
    return sum + (count - expected) ** 2 / expected;
  }, 0);
  const logBayesFactor =
    lnBeta(counts.map((count) => count + 1)) -
    lnBeta(counts.map(() => 1)) -
    counts.reduce((sum, count, arm) => sum + count * Math.log(shares[arm] as number), 0);
  return {
    p: chiSquareTail(chiSquare, counts.length - 1),
    anytimeP: Math.min(1, Math.exp(-logBayesFactor)),
  };
}
