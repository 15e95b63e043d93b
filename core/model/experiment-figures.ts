import type { MetricKind } from './experiment.ts';
import type { ExperimentReport, GuardReport } from './experiment-report.ts';

/** A figure of an arm, for people: `61.2 %`, `3.4`, `12.5 s`. */
export function figure(kind: MetricKind, value: number): string {
  if (Number.isNaN(value)) return '–';
  if (kind === 'proportion') return `${(100 * value).toFixed(1)} %`;
  return kind === 'duration' ? seconds(value) : value.toFixed(Math.abs(value) < 10 ? 2 : 1);
}

/** How an arm differs, for people: `+8.9 points`, `+0.3`, `×1.10`. */
export function difference(kind: MetricKind, value: number): string {
  if (kind === 'duration') return `×${value.toFixed(2)}`;
  const sign = value < 0 ? '−' : '+';
  const size = Math.abs(value);
  return kind === 'proportion' ? `${sign}${(100 * size).toFixed(1)} points` : `${sign}${size.toFixed(2)}`;
}

/** From and to, in the words of `shown`; an end that is not known is open. */
export function span(low: number, high: number, shown: (value: number) => string): string {
  const end = (value: number): string => (Number.isFinite(value) ? shown(value) : '?');
  return `${end(low)} … ${end(high)}`;
}

/** `p < 0.001`, `p 0.042`. */
export function chance(p: number): string {
  return p < 0.001 ? 'p < 0.001' : `p ${p.toFixed(3)}`;
}

/** A share, as short as it can be: `5 %`, `99.5 %`. */
export function percent(share: number): string {
  return `${Number((100 * share).toFixed(2))} %`;
}

export function whole(value: number): string {
  return Math.round(value).toLocaleString('en');
}

/** What the figures of the arms are, for the head of their column. */
export function kindText(kind: MetricKind): string {
  return { proportion: 'share', mean: 'mean', duration: 'geo. mean', ratio: 'ratio' }[kind];
}

/** Whether an arm is compared with the control: not so the control itself, and those who got no experiment. */
export function isCompared({ control, arms }: ExperimentReport, arm: string): boolean {
  return arm !== control && arms.some((one) => one.arm === arm);
}

/** Why there is no difference yet. */
export function earlyText({ test, units, planned }: ExperimentReport): string {
  return test === 'fixed' && units < planned
    ? 'not before the planned number'
    : 'too early: too few units in an arm';
}

/** What a guard sees to: `must not be higher by more than 0.02`. */
export function guardText({ worse, margin }: GuardReport): string {
  return `must not be ${worse}${margin === undefined ? '' : ` by more than ${margin}`}`;
}

function seconds(milliseconds: number): string {
  const value = milliseconds / 1_000;
  return value < 100 ? `${value.toFixed(2)} s` : `${value.toFixed(0)} s`;
}
