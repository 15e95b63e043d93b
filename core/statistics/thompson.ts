import { betaCdf, betaDensity } from './distributions.ts';
import type { Count } from './proportions.ts';

const steps = 120;

/**
 * How likely each arm is the best one, as far as is known: the probabilities with which Thompson sampling draws the
 * arms, by integration instead of by draws, so that they are exact and can be logged. From a uniform prior.
 *
 * Source: Thompson, "On the likelihood that one unknown probability exceeds another in view of the evidence of two
 * samples", Biometrika 25 (1933); Russo et al., "A tutorial on Thompson sampling" (2018), section 3.
 */
export function chancesOfBest(arms: readonly Count[]): readonly number[] {
  const posteriors = arms.map(({ n, successes }) => ({ a: successes + 1, b: n - successes + 1 }));
  const spans = posteriors.map(({ a, b }) => {
    const mean = a / (a + b);
    const deviation = Math.sqrt((mean * (1 - mean)) / (a + b + 1));
    return [Math.max(0, mean - 9 * deviation), Math.min(1, mean + 9 * deviation)] as const;
  });
  const chances = posteriors.map(({ a, b }, arm) => {
    // Beyond its own span an arm's density is nothing.
    const [from, to] = spans[arm] as readonly [number, number];
    const width = (to - from) / steps;
    let chance = 0;
    for (let step = 0; step < steps; step += 1) {
      const x = from + (step + 0.5) * width;
      const isHighest = posteriors.reduce(
        (product, other, at) => (at === arm ? product : product * betaCdf(x, other.a, other.b)),
        1,
      );
      chance += betaDensity(x, a, b) * isHighest * width;
    }
    return chance;
  });
  const whole = chances.reduce((sum, chance) => sum + chance, 0);
  return chances.map((chance) => chance / whole);
}

/** No arm below `floor`, so that every arm goes on being tried, and what was learnt can be reweighted later. */
export function withFloor(chances: readonly number[], floor: number): readonly number[] {
  return chances.map((chance) => floor + (1 - floor * chances.length) * chance);
}
