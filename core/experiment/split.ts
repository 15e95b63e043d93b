import type { ExperimentFacts } from '../bot/experiment/arm-tag.ts';
import { type AssignmentReason, holdoutArm } from '../model/experiment.ts';
import { fraction } from './hashing.ts';

/** What a unit falls to. */
export interface Share {
  readonly arm: string;
  readonly reason: AssignmentReason;
  readonly propensity: number;
}

/**
 * What the hash gives to a unit at a time; `undefined`: it is not in the experiment. Each question has a hash of its own,
 * so that none says anything about another: whether a unit is held out, its place in a layer, how early it is let in,
 * and its arm.
 *
 * @param shares The chances of the arms, in their order, summing up to 1. Default: by the weights.
 */
export function split(
  { arms, shares: weights, salt, holdout, layer, ramp, bandit }: ExperimentFacts,
  unit: string,
  now: number,
  shares: readonly number[] = weights,
): Share | undefined {
  // The same for all experiments: who is held out is so from everything.
  if (fraction('holdout', unit) < holdout) return { arm: holdoutArm, reason: 'holdout', propensity: holdout };
  if (layer !== undefined) {
    const place = fraction(`layer\0${layer.name}`, unit);
    if (place < layer.from || place >= layer.to) return undefined;
  }
  if (ramp !== undefined) {
    const open = ramp.findLast(({ from }) => from <= now)?.share ?? 0;
    if (fraction(`ramp\0${salt}`, unit) >= open) return undefined;
  }
  const at = fraction(`arm\0${salt}`, unit);
  let below = 0;
  const chosen = shares.findIndex((share) => {
    below += share;
    return at < below;
  });
  // The shares may sum up to a hair less than 1.
  const place = chosen < 0 ? arms.length - 1 : chosen;
  return {
    arm: arms[place] as string,
    reason: bandit === undefined ? 'split' : 'bandit',
    propensity: shares[place] as number,
  };
}
