import { isDeepStrictEqual } from 'node:util';
import type { Plugin } from '../plugin.ts';
import type { ExperimentFacts } from './arm-tag.ts';

/** What is wrong with the experiments of some plugins taken together: one key for two, or layers that overlap. */
export function experimentFaults(plugins: readonly Plugin[]): readonly string[] {
  const all = plugins.flatMap(({ arms = [] }) => arms.map(({ experiment }) => experiment));
  const known = [...new Map(all.map((one) => [one.key, one])).values()];
  return [
    ...known
      .filter((one) => all.some((other) => other.key === one.key && !isSame(one, other)))
      .map(({ key }) => `experiment ${key}: two experiments have this key: give one of them another`),
    ...known.flatMap((one, at) =>
      known
        .slice(at + 1)
        .filter((other) => overlaps(one, other))
        .map(
          ({ key }) =>
            `experiment ${one.key}: layer: overlaps with that of ${key}: give them parts that do not meet`,
        ),
    ),
  ];
}

/** Configs that make an experiment anew for each agent mean one. */
function isSame(one: ExperimentFacts, other: ExperimentFacts): boolean {
  const plain = ({ arms, shares, salt, layer, ramp, plan, metrics, exposure }: ExperimentFacts) => ({
    arms,
    shares,
    salt,
    layer,
    ramp,
    plan,
    metrics,
    exposure,
  });
  return isDeepStrictEqual(plain(one), plain(other));
}

function overlaps({ layer: one }: ExperimentFacts, { layer: other }: ExperimentFacts): boolean {
  if (one === undefined || other === undefined || one.name !== other.name) return false;
  return one.from < other.to && other.from < one.to;
}
