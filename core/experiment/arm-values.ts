import type { ExperimentFacts } from '../bot/experiment/arm-tag.ts';
import type { Metric } from '../bot/experiment/metric.ts';
import type { Count } from '../statistics/proportions.ts';
import { ratioOf } from '../statistics/ratios.ts';
import { type Sample, sampleOf } from '../statistics/sample.ts';
import { weightedMean } from '../statistics/weighted.ts';
import type { ChatRecord } from './records.ts';
import { UnitPairs } from './unit-pairs.ts';

/** What an arm's units came to by one metric, on the scale on which arms are compared. */
export interface ArmValues {
  readonly sample: Sample;
  /** Of a proportion: how many. */
  readonly count?: Count;
  /** How many units of equal weight they are worth, where they are weighted. */
  readonly worth?: number;
  /** What each unit of the whole experiment added to the error, where the arms' errors are not independent. */
  readonly influence?: readonly number[];
}

/** What comes of an arm as the chats of the experiment are told, in the order in which they came. */
export interface Observations {
  /** A chat of any arm. */
  add(chat: ChatRecord): void;
  /** By all chats so far. */
  values(): ArmValues;
}

/** What comes of an arm; where a bandit changed the chances as it went, so weighted that these make no difference. */
export function observationsOf(
  { bandit }: Pick<ExperimentFacts, 'bandit'>,
  metric: Metric,
  arm: string,
): Observations {
  const units = new UnitPairs(metric);
  return bandit === undefined
    ? { add: (chat) => chat.arm === arm && units.add(chat), values: () => plainValues(metric, units) }
    : { add: (chat) => units.add(chat), values: () => weightedMean(units.weighed, arm) };
}

/** What came of an arm, by all chats. */
export function armValues(
  experiment: Pick<ExperimentFacts, 'bandit'>,
  metric: Metric,
  arm: string,
  chats: readonly ChatRecord[],
): ArmValues {
  const observations = observationsOf(experiment, metric, arm);
  for (const chat of chats) observations.add(chat);
  return observations.values();
}

/** What came of these chats, of whatever arm. */
export function valuesOf(metric: Metric, chats: readonly ChatRecord[]): ArmValues {
  const units = new UnitPairs(metric);
  for (const chat of chats) units.add(chat);
  return plainValues(metric, units);
}

function plainValues({ kind }: Metric, { pairs }: UnitPairs): ArmValues {
  if (kind === 'ratio') return { sample: ratioOf(pairs) };
  const values = pairs.filter(({ denominator }) => denominator > 0).map(({ numerator }) => numerator);
  if (kind !== 'proportion') return { sample: sampleOf(values) };
  const count = { n: values.length, successes: values.filter((value) => value === 1).length };
  return { sample: proportionSample(count), count };
}

/**
 * The variance is that of one success and one failure more than were seen, so that it is not nothing after a few of a
 * kind: Agresti and Caffo, "Simple and effective confidence intervals for proportions and differences of proportions
 * result from adding two successes and two failures", The American Statistician 54 (2000).
 */
function proportionSample({ n, successes }: Count): Sample {
  if (n === 0) return { n, mean: 0, variance: 0 };
  const drawn = (successes + 1) / (n + 2);
  return { n, mean: successes / n, variance: (drawn * (1 - drawn) * n) / (n + 2) };
}
