import {
  chance,
  difference,
  earlyText,
  figure,
  isCompared,
  kindText,
  percent,
  span,
  whole,
} from '../../../../core/model/experiment-figures.ts';
import type {
  ArmDifference,
  DifferenceHistory,
  ExperimentReport,
  MetricReport,
} from '../../../../core/model/experiment-report.ts';
import { ForestPlot } from '../parts/forest-plot.tsx';
import { Pill } from '../parts/pill.tsx';
import { TimelinePlot } from '../parts/timeline-plot.tsx';

export interface ExperimentMetricProps {
  readonly report: ExperimentReport;
  readonly metric: MetricReport;
  /** That of this metric. */
  readonly history: readonly DifferenceHistory[];
}

/** One metric: what the arms came to, how they differ, and how that became sure. */
export function ExperimentMetric({ report, metric, history }: ExperimentMetricProps) {
  const { name, isPrimary, differences } = metric;
  const drawn = history.filter(({ looks }) => looks.length > 1);
  return (
    <section class="metric" aria-label={name}>
      <h3>
        {name}
        {isPrimary && <span class="tag">primary</span>}
      </h3>
      <div class="metric-figures">
        <Figures report={report} metric={metric} />
        {differences.length > 0 && <ForestPlot metric={metric} control={report.control} />}
      </div>
      {drawn.length > 0 && (
        <details open={isPrimary}>
          <summary>How the difference became sure</summary>
          {drawn.map((one) => (
            <TimelinePlot key={one.arm} kind={metric.kind} control={report.control} history={one} />
          ))}
        </details>
      )}
    </section>
  );
}

function Figures({ report, metric }: Pick<ExperimentMetricProps, 'report' | 'metric'>) {
  const { control } = report;
  const { name, kind, arms, differences } = metric;
  const shown = (value: number): string => figure(kind, value);
  const level = `${percent(1 - report.alpha)} interval`;
  return (
    <div class="scrolls">
      <table aria-label={name}>
        <thead>
          <tr>
            <th scope="col">Arm</th>
            <th scope="col" class="number">
              n
            </th>
            <th scope="col" class="number">
              {kindText(kind)}, {level}
            </th>
            <th scope="col">beside {control}</th>
          </tr>
        </thead>
        <tbody>
          {arms.map(({ arm, n, value, low, high }) => (
            <tr key={arm}>
              <th scope="row">{arm}</th>
              <td class="number">{whole(n)}</td>
              <td class="number">
                {shown(value)}
                <p class="faint">{span(low, high, shown)}</p>
              </td>
              <td>
                {!isCompared(report, arm) ? (
                  <span class="faint">{arm === control ? 'the control' : 'no experiment'}</span>
                ) : (
                  <Beside
                    kind={kind}
                    found={differences.find((one) => one.arm === arm)}
                    early={earlyText(report)}
                  />
                )}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

interface BesideProps {
  readonly kind: MetricReport['kind'];
  readonly found: ArmDifference | undefined;
  readonly early: string;
}

function Beside({ kind, found, early }: BesideProps) {
  if (found === undefined) return <span class="faint">{early}</span>;
  const { value, low, high, correctedP, verdict } = found;
  const shown = (one: number): string => difference(kind, one);
  return (
    <>
      <span class="strong together">{shown(value)}</span>{' '}
      <Pill tone={verdict === 'undecided' ? 'plain' : 'human'}>{verdict}</Pill>
      <p class="faint">
        <span class="together interval">{span(low, high, shown)}</span>,{' '}
        <span class="together">{chance(correctedP)}</span>
      </p>
    </>
  );
}
