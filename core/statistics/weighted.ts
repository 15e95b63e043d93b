import type { Pair } from './ratios.ts';
import { errorOf, type Sample, sampleOf } from './sample.ts';

/** A unit, in the arm that it got with a known probability. */
export interface Weighed extends Pair {
  readonly arm: string;
  /** Above 0. */
  readonly propensity: number;
}

/** A mean, and what each unit of the experiment added to its error. */
export interface WeightedMean {
  readonly sample: Sample;
  /** How many units of equal weight the arm's are worth (Kish, "Survey sampling", 1965). */
  readonly worth: number;
  /** In the order of the units, 0 for those of other arms: the errors of two arms are not independent. */
  readonly influence: readonly number[];
}

/**
 * The mean, or ratio, of an arm where the chances of the arms changed as the experiment went: each unit counts
 * 1/propensity, so that the chances make no difference. Self-normalised, so that the same is added to all values
 * makes no difference either.
 *
 * Sources: Hájek, comment on Basu, "An essay on the logical foundations of survey sampling" (1971); its error by its
 * influence function, as for any ratio (see `ratioOf`); that such means may be looked at always, Waudby-Smith, Arbour,
 * Sinha, Kennedy and Ramdas (see `alwaysValid`), section 3, on asymptotically linear estimators.
 */
export function weightedMean(units: readonly Weighed[], arm: string): WeightedMean {
  const own = units.map((unit) => (unit.arm === arm ? 1 / unit.propensity : 0));
  const isOwn = units.filter((unit) => unit.arm === arm && unit.denominator > 0);
  const sum = (side: keyof Pair): number =>
    units.reduce((total, unit, at) => total + (own[at] as number) * unit[side], 0);
  const below = sum('denominator');
  if (below === 0) {
    return { sample: { n: 0, mean: 0, variance: 0 }, worth: 0, influence: units.map(() => 0) };
  }
  const mean = sum('numerator') / below;
  const influence = units.map(
    ({ numerator, denominator }, at) =>
      ((own[at] as number) * (numerator - mean * denominator) * units.length) / below,
  );
  const n = isOwn.length;
  const weights = isOwn.map(({ propensity }) => 1 / propensity);
  const total = weights.reduce((all, weight) => all + weight, 0);
  const worth = total ** 2 / weights.reduce((all, weight) => all + weight ** 2, 0);
  return { sample: { n, mean, variance: errorOf(sampleOf(influence)) * n }, worth, influence };
}
