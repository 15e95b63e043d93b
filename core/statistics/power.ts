import { normalQuantile } from './distributions.ts';
import { reach, tuning } from './sequential.ts';

/** What an experiment is to find, on the scale on which arms are compared. */
export interface Effect {
  /** The difference that is to be found. */
  readonly difference: number;
  /** The variance of one observation of the control, and of the arm. */
  readonly variances: readonly [control: number, arm: number];
  /** The variance that the test takes for both, where it knows it without estimating. */
  readonly pooled?: number;
}

export interface Design {
  /** The chance of a false alarm. */
  readonly alpha: number;
  /** The chance to find the effect. */
  readonly power: number;
  /** Of the units of the two arms, the share that gets the arm. */
  readonly share: number;
}

/** The effect of a change of a proportion, where both arms get as many units. */
export function changeOfProportion(control: number, arm: number): Effect {
  const middle = (control + arm) / 2;
  return {
    difference: arm - control,
    variances: [control * (1 - control), arm * (1 - arm)],
    pooled: middle * (1 - middle),
  };
}

/**
 * Units of both arms together that a test at a fixed end needs.
 *
 * Sources: for proportions, Fleiss, Levin and Paik, "Statistical methods for rates and proportions", 3rd ed. (2003),
 * equation 4.14; else the sum of two normal quantiles with the correction for an estimated variance of Guenther,
 * "Sample size formulas for normal theory t tests", The American Statistician 35 (1981).
 */
export function unitsForFixed({ difference, variances, pooled }: Effect, design: Design): number {
  const { alpha, power, share } = design;
  const [toRefuse, toFind] = [normalQuantile(1 - alpha / 2), normalQuantile(power)];
  const perUnit = errorPerUnit(variances, share);
  const underNone = pooled === undefined ? perUnit : errorPerUnit([pooled, pooled], share);
  const units = ((toRefuse * Math.sqrt(underNone) + toFind * Math.sqrt(perUnit)) / difference) ** 2;
  return pooled === undefined ? units + toRefuse ** 2 / 4 / Math.max(share, 1 - share) : units;
}

/**
 * The same for an always valid interval that is looked at `looks` times, evenly: the number at which it has excluded
 * no difference by then with the chance `power`.
 */
export function unitsForSequential({ difference, variances }: Effect, design: Design, looks: number): number {
  const { alpha, power, share } = design;
  return (driftToFind(alpha, power, looks) ** 2 * errorPerUnit(variances, share)) / difference ** 2;
}

/** The smallest difference that so many units of both arms find, at equal variances. */
export function smallestDifference(units: number, variance: number, design: Design, looks?: number): number {
  const { alpha, power, share } = design;
  const drift =
    looks === undefined
      ? normalQuantile(1 - alpha / 2) + normalQuantile(power)
      : driftToFind(alpha, power, looks);
  return drift * Math.sqrt(errorPerUnit([variance, variance], share) / units);
}

/** The squared standard error of the difference, times the units of both arms. */
function errorPerUnit(variances: Effect['variances'], share: number): number {
  return variances[0] / (1 - share) + variances[1] / share;
}

/** How many standard errors the difference must come to at the end to be found with this chance. */
function driftToFind(alpha: number, power: number, looks: number): number {
  let [low, high] = [0, 20];
  for (let step = 0; step < 24; step += 1) {
    const middle = (low + high) / 2;
    if (chanceToFind(middle, alpha, looks) < power) low = middle;
    else high = middle;
  }
  return high;
}

const cells = 240;

/**
 * The chance that the path of a Brownian motion with this drift has left the boundary of the always valid interval at
 * one of the looks, the last of them at time 1.
 *
 * Source: the recursive integration of Armitage, McPherson and Rowe, "Repeated significance tests on accumulating
 * data", JRSS A 132 (1969).
 */
function chanceToFind(drift: number, alpha: number, looks: number): number {
  // The boundary depends on the share of the planned number only, so the number itself is of no matter.
  const rho = tuning(1, alpha);
  const step = 1 / looks;
  const density = (x: number): number =>
    Math.exp(-((x - drift * step) ** 2) / (2 * step)) / Math.sqrt(2 * Math.PI * step);
  let within = [{ at: 0, chance: 1 }];
  for (let look = 1; look <= looks; look += 1) {
    const edge = reach(look * step, rho, alpha) * Math.sqrt(look * step);
    const width = (2 * edge) / cells;
    const before = within.filter(({ chance }) => chance > 1e-12);
    within = Array.from({ length: cells }, (_, cell) => {
      const at = -edge + (cell + 0.5) * width;
      const arriving = before.reduce((sum, from) => sum + from.chance * density(at - from.at), 0);
      return { at, chance: arriving * width };
    });
  }
  return 1 - within.reduce((sum, { chance }) => sum + chance, 0);
}
