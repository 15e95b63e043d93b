import type { Estimate } from '../model/estimate.ts';
import { normalWithin } from './distributions.ts';
import { errorOf, sampleOf } from './sample.ts';

/** One decision that was logged. */
export interface Logged {
  /** The arm that was taken. */
  readonly arm: string;
  /** With which probability it was, above 0. */
  readonly propensity: number;
  readonly reward: number;
  /** What the decision could go by, as a word: decisions with the same word are alike to the reward model. */
  readonly context: string;
  /** With which probabilities the new policy would take each arm here; they sum up to 1. */
  readonly target: Readonly<Record<string, number>>;
}

/** What a policy would have brought on average, by three estimators. */
export interface PolicyValue {
  /** Unbiased, and wide. */
  readonly ips: Estimate;
  /** Self-normalised: narrower, with a bias that vanishes. */
  readonly snips: Estimate;
  /** Doubly robust: unbiased with true propensities, and narrow where the reward model is good. */
  readonly doublyRobust: Estimate;
  /** How many decisions of equal weight these are worth. */
  readonly effectiveN: number;
}

/**
 * What another policy would have brought, from decisions that were logged with their propensities.
 *
 * Sources: Horvitz and Thompson, JASA 47 (1952); Swaminathan and Joachims, "The self-normalized estimator for
 * counterfactual learning", NIPS 2015; Dudík, Langford and Li, "Doubly robust policy evaluation and learning", ICML
 * 2011 (arXiv:1103.4601), with the reward model fitted on the other half of the log (Chernozhukov et al. 2018);
 * effective n by Kish (1965).
 */
export function evaluatePolicy(log: readonly Logged[], level: number): PolicyValue {
  const weights = log.map(({ arm, propensity, target }) => (target[arm] ?? 0) / propensity);
  const models = [0, 1].map((half) => rewardModel(log.filter((_, at) => halfOf(at) !== half)));
  const sum = weights.reduce((total, weight) => total + weight, 0);
  const average = log.reduce((total, { reward }, at) => total + (weights[at] as number) * reward, 0) / sum;
  const normalised = log.map(
    ({ reward }, at) => ((weights[at] as number) * (reward - average) * log.length) / sum,
  );
  const robust = log.map((entry, at) => {
    const model = models[halfOf(at)] as RewardModel;
    const expected = Object.entries(entry.target).reduce(
      (total, [arm, chance]) => total + chance * model(entry.context, arm),
      0,
    );
    return expected + (weights[at] as number) * (entry.reward - model(entry.context, entry.arm));
  });
  return {
    ips: around(
      log.map(({ reward }, at) => (weights[at] as number) * reward),
      level,
    ),
    snips: shifted(around(normalised, level), average),
    doublyRobust: around(robust, level),
    effectiveN: sum === 0 ? 0 : sum ** 2 / weights.reduce((total, weight) => total + weight ** 2, 0),
  };
}

/** Splits in a way that no pattern in the order of the log goes along with: by the golden ratio. */
function halfOf(at: number): 0 | 1 {
  return (at * 0.618033988749895) % 1 < 0.5 ? 0 : 1;
}

type RewardModel = (context: string, arm: string) => number;

/** The mean reward of an arm in a context, drawn towards the arm's mean everywhere where there is little of it. */
function rewardModel(log: readonly Logged[]): RewardModel {
  const sums = new Map<string, { n: number; total: number }>();
  const add = (key: string, reward: number): void => {
    const { n, total } = sums.get(key) ?? { n: 0, total: 0 };
    sums.set(key, { n: n + 1, total: total + reward });
  };
  for (const { context, arm, reward } of log) {
    add('', reward);
    add(arm, reward);
    add(`${arm}\n${context}`, reward);
  }
  const mean = (key: string, prior: number): number => {
    const { n, total } = sums.get(key) ?? { n: 0, total: 0 };
    return (total + prior) / (n + 1);
  };
  return (context, arm) => mean(`${arm}\n${context}`, mean(arm, mean('', 0)));
}

function around(values: readonly number[], level: number): Estimate {
  const sample = sampleOf(values);
  const margin = normalWithin(level) * Math.sqrt(errorOf(sample));
  return { value: sample.mean, low: sample.mean - margin, high: sample.mean + margin };
}

function shifted({ low, high, value }: Estimate, by: number): Estimate {
  return { value: by, low: by + low - value, high: by + high - value };
}
