import {
  chance,
  difference,
  earlyText,
  figure,
  guardText,
  isCompared,
  kindText,
  percent,
  span,
  whole,
} from '../../model/experiment-figures.ts';
import type { ExperimentReport, GuardReport, MetricReport } from '../../model/experiment-report.ts';
import { bold, dim, green, red, yellow } from '../show/colours.ts';

/** A report as a table for people. */
export function reportText(report: ExperimentReport): string {
  const { experiment, enabled, test, alpha, planned, units, stopped } = report;
  const judged = test === 'sequential' ? 'to be read at any time' : 'to be read once, at the end';
  return [
    `${bold(experiment)}  ${whole(units)} of ${whole(planned)} units  ${dim(`${judged}, ${percent(alpha)} false alarms`)}`,
    ...(enabled ? [] : [yellow('not enabled in the config: everybody gets the control')]),
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
    ({ arm, units, share }) => `${arm} ${whole(units)}${ratio === undefined ? '' : ` (${percent(share)})`}`,
  );
  const verdict =
    ratio === undefined
      ? dim('not judged: the chances are not fixed')
      : ratio.broken
        ? red(`BROKEN (${chance(ratio.anytimeP)}): units get lost in an arm; trust no figure below`)
        : green(`as planned (${chance(ratio.anytimeP)})`);
  return `split: ${counts.join(', ')}: ${verdict}`;
}

function metricLines(report: ExperimentReport, metric: MetricReport): string[] {
  const { control, alpha } = report;
  const { name, kind, arms, differences, isPrimary } = metric;
  const width = Math.max(...arms.map(({ arm }) => arm.length), 8);
  const lines = arms.map((own) => {
    const shown = (value: number): string => figure(kind, value);
    const found = differences.find(({ arm }) => arm === own.arm);
    const early = isCompared(report, own.arm) ? dim(earlyText(report)) : '';
    const beside = found === undefined ? early : besideText(kind, found);
    return `  ${own.arm.padEnd(width)} ${whole(own.n).padStart(8)} ${shown(own.value).padStart(10)}  ${span(own.low, own.high, shown).padEnd(22)} ${beside}`.trimEnd();
  });
  const head = `${bold(name)}${isPrimary ? dim(' (primary)') : ''}`;
  return [
    head,
    dim(
      `  ${''.padEnd(width)} ${'n'.padStart(8)} ${kindText(kind).padStart(10)}  ${`${percent(1 - alpha)} interval`.padEnd(22)} beside ${control}`,
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

function guardLine(guard: GuardReport): string {
  const { name, arm, difference: found, breached } = guard;
  const verdict = breached ? red('breached') : found === undefined ? dim('too early') : green('holds');
  return `  ${name} in ${arm} ${dim(guardText(guard))}: ${verdict}`;
}

function at(time: number): string {
  return new Date(time).toISOString().slice(0, 16).replace('T', ' ').concat(' UTC');
}
