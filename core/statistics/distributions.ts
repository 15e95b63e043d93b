/// <reference path="./jstat.d.ts" />
import jstat from 'jstat';

const { normal, studentt, chisquare, beta, gammaln } = jstat.jStat;

/** The share of the standard normal distribution below `z`. */
export function normalCdf(z: number): number {
  return normal.cdf(z, 0, 1);
}

/** The value below which the share `p` of the standard normal distribution lies. */
export function normalQuantile(p: number): number {
  return normal.inv(p, 0, 1);
}

/** How far from the middle the values of a share `level` lie: 1.96 for 0.95. */
export function normalWithin(level: number): number {
  return normalQuantile(1 - (1 - level) / 2);
}

/** The same for Student's t with these degrees of freedom. */
export function studentWithin(level: number, freedom: number): number {
  return studentt.inv(1 - (1 - level) / 2, freedom);
}

/** The chance of a value at least this far from zero, to either side. */
export function normalTails(z: number): number {
  return Math.min(1, 2 * normalCdf(-Math.abs(z)));
}

/** The same for Student's t. */
export function studentTails(t: number, freedom: number): number {
  return Math.min(1, 2 * studentt.cdf(-Math.abs(t), freedom));
}

/** The chance of a value of at least `x` under chi-square. */
export function chiSquareTail(x: number, freedom: number): number {
  return Math.min(1, Math.max(0, 1 - chisquare.cdf(x, freedom)));
}

export function betaCdf(x: number, a: number, b: number): number {
  if (x <= 0) return 0;
  return x >= 1 ? 1 : beta.cdf(x, a, b);
}

/** The density of Beta(a, b), through logarithms: it must not overflow where there are millions of observations. */
export function betaDensity(x: number, a: number, b: number): number {
  if (x <= 0 || x >= 1) return 0;
  return Math.exp((a - 1) * Math.log(x) + (b - 1) * Math.log1p(-x) - lnBeta([a, b]));
}

/** The logarithm of the multivariate beta function. */
export function lnBeta(parameters: readonly number[]): number {
  const sum = parameters.reduce((total, one) => total + one, 0);
  return parameters.reduce((total, one) => total + gammaln(one), 0) - gammaln(sum);
}
