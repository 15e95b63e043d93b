import type { Difference } from '../model/estimate.ts';
import { unknownDifference } from './sample.ts';

/** What a sequential interval of a difference is made of. */
export interface Progress {
  readonly value: number;
  /** The squared standard error of the difference. */
  readonly error: number;
  /** Observations of both arms. */
  readonly n: number;
}

/** Fewer observations in an arm than these say nothing yet: the interval is exact in the limit only. */
export const warmUp = 30;
/** The same for weighted observations, by what they are worth: some count for many, so the limit is further off. */
export const weightedWarmUp = 60;

/**
 * How fast the interval is to become narrow: best for a look at `planned` observations of both arms, and valid at any
 * other.
 *
 * Source: Waudby-Smith et al. (below), appendix B.2, the approximation of the optimum by elementary functions.
 */
export function tuning(planned: number, alpha: number): number {
  const twice = -2 * Math.log(alpha);
  return Math.sqrt((twice + Math.log(twice + 1)) / planned);
}

/** How many standard errors the interval reaches to each side after `n` observations. */
export function reach(n: number, rho: number, alpha: number): number {
  const x = n * rho ** 2;
  return Math.sqrt(((2 * (x + 1)) / x) * Math.log(Math.sqrt(x + 1) / alpha));
}

/**
 * An interval that holds at every look at once, however often and whenever one looks: an asymptotic confidence
 * sequence. `p` may be read at any time, too.
 *
 * Source: Waudby-Smith, Arbour, Sinha, Kennedy and Ramdas, "Time-uniform central limit theory and asymptotic
 * confidence sequences", Annals of Statistics 52 (2024), theorem 2.2 (arXiv:2103.06476). The same boundary as the
 * mixture sequential test of Johari, Koomen, Pekelis and Walsh, "Always valid inference", Operations Research 70 (2022).
 */
export function alwaysValid({ value, error, n }: Progress, rho: number, alpha: number): Difference {
  if (n === 0 || !(error > 0)) return { ...unknownDifference, value };
  const margin = reach(n, rho, alpha) * Math.sqrt(error);
  const x = n * rho ** 2;
  const logP = Math.log(x + 1) / 2 - ((value ** 2 / error) * x) / (2 * (x + 1));
  return { value, low: value - margin, high: value + margin, p: Math.min(1, Math.exp(logP)) };
}
