import type { Difference, Estimate } from '../model/estimate.ts';
import { normalTails, normalWithin } from './distributions.ts';
import { unknownDifference } from './sample.ts';

/** So many of `n` had it. */
export interface Count {
  readonly n: number;
  readonly successes: number;
}

/**
 * A proportion with the score interval, which holds its level with few observations and near 0 and 1 too.
 *
 * Source: Wilson, "Probable inference, the law of succession, and statistical inference", JASA 22 (1927).
 */
export function wilson({ n, successes }: Count, level: number): Estimate {
  if (n === 0) return { value: Number.NaN, low: 0, high: 1 };
  const z = normalWithin(level);
  const share = successes / n;
  const middle = share + z ** 2 / (2 * n);
  const margin = z * Math.sqrt((share * (1 - share) + z ** 2 / (4 * n)) / n);
  const whole = 1 + z ** 2 / n;
  return {
    value: share,
    low: successes === 0 ? 0 : (middle - margin) / whole,
    high: successes === n ? 1 : (middle + margin) / whole,
  };
}

/**
 * How much larger the proportion of `arm` is than that of `control`: the interval put together from the two score
 * intervals, the chance by the pooled z-test (which is chi-square without continuity correction).
 *
 * Source: Newcombe, "Interval estimation for the difference between independent proportions", Statistics in Medicine
 * 17 (1998), method 10.
 */
export function newcombe(control: Count, arm: Count, level: number): Difference {
  if (control.n === 0 || arm.n === 0) return unknownDifference;
  const [one, other] = [wilson(control, level), wilson(arm, level)];
  const value = other.value - one.value;
  const pooled = (control.successes + arm.successes) / (control.n + arm.n);
  const error = Math.sqrt(pooled * (1 - pooled) * (1 / control.n + 1 / arm.n));
  return {
    value,
    low: value - Math.hypot(other.value - other.low, one.high - one.value),
    high: value + Math.hypot(other.high - other.value, one.value - one.low),
    p: error === 0 ? 1 : normalTails(value / error),
  };
}
