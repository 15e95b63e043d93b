import type { Difference, Estimate } from '../model/estimate.ts';
import type { MetricKind } from '../model/experiment.ts';
import { meanInterval, welch } from '../statistics/means.ts';
import { newcombe, wilson } from '../statistics/proportions.ts';
import { errorOf, sampleOf } from '../statistics/sample.ts';
import { alwaysValid, type Progress, tuning, warmUp, weightedWarmUp } from '../statistics/sequential.ts';
import type { ArmValues } from './arm-values.ts';

export interface Test {
  readonly kind: 'sequential' | 'fixed';
  /** The chance of a false alarm of this one comparison. */
  readonly alpha: number;
  /** Units of both arms that were planned for; a sequential interval is narrowest there. */
  readonly planned: number;
}

/** An arm's figure with its interval; of a duration the geometric mean, in milliseconds. */
export function estimate(kind: MetricKind, { sample, count }: ArmValues, level: number): Estimate {
  if (count !== undefined) return wilson(count, level);
  const interval = meanInterval(sample, level);
  return kind === 'duration' ? exponential(interval) : interval;
}

/** How an arm differs from the control; `undefined`: it is too early to say. Of a duration it is a factor. */
export function compare(
  kind: MetricKind,
  control: ArmValues,
  arm: ArmValues,
  { kind: test, alpha, planned }: Test,
): Difference | undefined {
  if (isEarly(control) || isEarly(arm)) return undefined;
  const found =
    test === 'sequential'
      ? alwaysValid(progress(control, arm), tuning(planned, alpha), alpha)
      : control.count && arm.count
        ? newcombe(control.count, arm.count, 1 - alpha)
        : welch(control.sample, arm.sample, 1 - alpha);
  return kind === 'duration' ? exponential(found) : found;
}

function isEarly({ sample, worth }: ArmValues): boolean {
  return worth === undefined ? sample.n < warmUp : worth < weightedWarmUp;
}

function progress(control: ArmValues, arm: ArmValues): Progress {
  const value = arm.sample.mean - control.sample.mean;
  const { influence: ours } = arm;
  const { influence: theirs } = control;
  if (ours === undefined || theirs === undefined) {
    const n = control.sample.n + arm.sample.n;
    return { value, error: errorOf(control.sample) + errorOf(arm.sample), n };
  }
  const error = errorOf(sampleOf(ours.map((own, at) => own - (theirs[at] as number))));
  return { value, error, n: ours.length };
}

/** Durations are compared by their logarithms; a difference of these is a factor. */
function exponential<Interval extends Estimate>(interval: Interval): Interval {
  const { value, low, high } = interval;
  return { ...interval, value: Math.exp(value), low: Math.exp(low), high: Math.exp(high) };
}
