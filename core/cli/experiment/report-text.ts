import type { ExperimentReport, GuardReport, MetricReport } from '../../experiment/report.ts';
import { bold, dim, green, red, yellow } from '../show/colours.ts';
import { chance, difference, figure, span, whole } from './figures.ts';

/** A report as a table for people. */
export function reportText(report: ExperimentReport): string {
  const { experiment, test, alpha, planned, units, stopped } = report;
  const judged = test === 'sequential' ? 'to be read at any time' : 'to be read once, at the end';
  return [
    `${bold(experiment)}  ${whole(units)} of ${whole(planned)} units  ${dim(`${judged}, ${percent(alpha)} false alarms`)}`,
    ...(stopped === undefined ? [] : [red(`stopped ${at(stopped.at)}: ${stopped.reason}`)]),
    split(report),
    ...(report.holdout ? [dim(`held out of all experiments: ${whole(report.holdout.units)} units`)] : []),
    ...report.metrics.flatMap((metric) => ['', ...metricLines(report, metric)]),
    ...(report.guards.length > 0 ? ['', bold('guards')] : []),
    ...report.guards.map(guardLine),
  ].join('\n');
}

function split({ arms, sampleRatio: ratio }: ExperimentReport): string {
  const counts = arms.map(
    ({ arm, units, share }) => `${arm} ${whole(units)} (${(100 * share).toFixed(0)} %)`,
  );
  const verdict =
    ratio === undefined
      ? dim('not judged: the chances are not fixed')
      : ratio.broken
        ? red(`BROKEN (${chance(ratio.anytimeP)}): units get lost in an arm; trust no figure below`)
        : green(`as planned (${chance(ratio.p)})`);
  return `split: ${counts.join(', ')}: ${verdict}`;
}

function metricLines(
  { test, planned, units, control, alpha }: ExperimentReport,
  metric: MetricReport,
): string[] {
  const { name, kind, arms, differences, isPrimary } = metric;
  const width = Math.max(...arms.map(({ arm }) => arm.length), 8);
  const lines = arms.map((own) => {
    const shown = (value: number): string => figure(kind, value);
    const found = differences.find(({ arm }) => arm === own.arm);
    const early =
      test === 'fixed' && units < planned
        ? 'not before the planned number'
        : 'too early: too few units in an arm';
    const beside = own.arm === control ? '' : found === undefined ? dim(early) : besideText(kind, found);
    return `  ${own.arm.padEnd(width)} ${whole(own.n).padStart(8)} ${shown(own.value).padStart(10)}  ${span(own.low, own.high, shown).padEnd(22)} ${beside}`.trimEnd();
  });
  const head = `${bold(name)}${isPrimary ? dim(' (primary)') : ''}`;
  return [
    head,
    dim(
      `  ${''.padEnd(width)} ${'n'.padStart(8)} ${kindText(kind).padStart(10)}  ${`${level(alpha)} interval`.padEnd(22)} beside ${control}`,
    ),
    ...lines,
  ];
}

function besideText(kind: MetricReport['kind'], found: MetricReport['differences'][number]): string {
  const { value, low, high, correctedP, verdict } = found;
  const shown = (one: number): string => difference(kind, one);
  const text = `${shown(value)}  (${span(low, high, shown)})  ${verdict}, ${chance(correctedP)}`;
  return verdict === 'undecided' ? text : yellow(text);
}

function level(alpha: number): string {
  return percent(1 - alpha);
}

function percent(share: number): string {
  return `${Number((100 * share).toFixed(2))} %`;
}

function kindText(kind: MetricReport['kind']): string {
  return { proportion: 'share', mean: 'mean', duration: 'geo. mean', ratio: 'ratio' }[kind];
}

function guardLine({ name, arm, worse, margin, difference: found, breached }: GuardReport): string {
  const bound = `must not be ${worse}${margin === undefined ? '' : ` by more than ${margin}`}`;
  const verdict = breached ? red('breached') : found === undefined ? dim('too early') : green('holds');
  return `  ${name} in ${arm} ${dim(bound)}: ${verdict}`;
}

function at(time: number): string {
  return new Date(time).toISOString().slice(0, 16).replace('T', ' ');
}
