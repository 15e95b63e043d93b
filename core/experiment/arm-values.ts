import type { ExperimentFacts } from '../bot/experiment/arm-tag.ts';
import type { Metric } from '../bot/experiment/metric.ts';
import type { Count } from '../statistics/proportions.ts';
import { type Pair, ratioOf } from '../statistics/ratios.ts';
import { type Sample, sampleOf } from '../statistics/sample.ts';
import { weightedMean } from '../statistics/weighted.ts';
import { isSuccess, numberOf } from './metric-values.ts';
import type { ChatRecord } from './records.ts';

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

/** The values of an arm; where a bandit changed the chances as it went, so weighted that these make no difference. */
export function armValues(
  { bandit }: Pick<ExperimentFacts, 'bandit'>,
  metric: Metric,
  arm: string,
  chats: readonly ChatRecord[],
): ArmValues {
  if (bandit !== undefined) return weightedValues(metric, arm, chats);
  return valuesOf(
    metric,
    chats.filter((chat) => chat.arm === arm),
  );
}

/**
 * A unit counts once. What is measured per chat is that of the unit's first chat of the experiment, since an arm may
 * change whether somebody comes again; a ratio takes all chats of the unit, above and below its line.
 */
export function valuesOf(metric: Metric, chats: readonly ChatRecord[]): ArmValues {
  const pairs = pairsOf(metric, chats).map(({ pair }) => pair);
  if (metric.kind === 'ratio') return { sample: ratioOf(pairs) };
  const values = pairs.filter(({ denominator }) => denominator > 0).map(({ numerator }) => numerator);
  if (metric.kind !== 'proportion') return { sample: sampleOf(values) };
  const count = { n: values.length, successes: values.filter((value) => value === 1).length };
  return { sample: proportionSample(count), count };
}

function weightedValues(metric: Metric, arm: string, chats: readonly ChatRecord[]): ArmValues {
  const units = pairsOf(metric, chats).flatMap(({ first, pair }) =>
    first.propensity === undefined ? [] : [{ ...pair, arm: first.arm, propensity: first.propensity }],
  );
  return weightedMean(units, arm);
}

interface UnitPair {
  readonly first: ChatRecord;
  readonly pair: Pair;
}

/** What each unit adds above and below the line of the metric's mean: nothing where it has nothing to say. */
function pairsOf(metric: Metric, chats: readonly ChatRecord[]): readonly UnitPair[] {
  if (metric.kind !== 'ratio')
    return chats.filter(({ isFirst }) => isFirst).map((first) => ({ first, pair: pairOf(metric, first) }));
  const sum = (of: readonly ChatRecord[], measure: string): number =>
    of.reduce((total, { measures }) => total + (numberOf(measure, measures) ?? 0), 0);
  return [...Map.groupBy(chats, ({ unit }) => unit).values()].flatMap((of) =>
    of[0] === undefined
      ? []
      : [
          {
            first: of[0],
            pair: { numerator: sum(of, metric.measure), denominator: sum(of, metric.per ?? 'chats') },
          },
        ],
  );
}

const nothing: Pair = { numerator: 0, denominator: 0 };

function pairOf(metric: Metric, { measures }: ChatRecord): Pair {
  if (metric.kind === 'proportion') return { numerator: Number(isSuccess(metric, measures)), denominator: 1 };
  if (metric.kind === 'duration') {
    // A note that never came took no time: it is none.
    const time = measures[metric.measure];
    return typeof time === 'number' ? { numerator: Math.log(Math.max(1, time)), denominator: 1 } : nothing;
  }
  const value = numberOf(metric.measure, measures);
  return value === undefined ? nothing : { numerator: value, denominator: 1 };
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
