import type { Sample } from './sample.ts';

/** What one unit adds to both sides of a ratio. */
export interface Pair {
  readonly numerator: number;
  readonly denominator: number;
}

/**
 * The ratio of two sums over units, such as hand-offs per chat where a customer may have several chats: its value,
 * and the variance that one unit adds, by the delta method. A sample like any other from here on.
 *
 * Source: Deng, Knoblich and Lu, "Applying the delta method in metric analytics: a practical guide with novel ideas",
 * KDD 2018, section 3 (arXiv:1803.06336).
 */
export function ratioOf(units: readonly Pair[]): Sample {
  const n = units.length;
  const sums = units.reduce<readonly [number, number]>(
    ([above, below], { numerator, denominator }) => [above + numerator, below + denominator],
    [0, 0],
  );
  const [above, below] = sums;
  if (n === 0 || below === 0) return { n: 0, mean: 0, variance: 0 };
  const ratio = above / below;
  // The residuals have mean zero by the ratio's making, so their squares are the variance.
  const squares = units.reduce(
    (sum, { numerator, denominator }) => sum + (numerator - ratio * denominator) ** 2,
    0,
  );
  return { n, mean: ratio, variance: n < 2 ? 0 : squares / (n - 1) / (below / n) ** 2 };
}
