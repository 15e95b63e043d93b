import { useId } from 'preact/hooks';
import { difference, span, whole } from '../../../../core/model/experiment-figures.ts';
import type {
  DifferenceHistory,
  DifferenceLook,
  MetricReport,
} from '../../../../core/model/experiment-report.ts';
import { dayOf } from '../times.ts';
import { scaleOf } from './scale.ts';
import { useWidth } from './use-width.ts';

const height = 220;
const top = 10;
const bottom = height - 42;

export interface TimelinePlotProps {
  readonly kind: MetricReport['kind'];
  readonly control: string;
  readonly history: DifferenceHistory;
}

/** How a difference became sure: its interval over the units, which narrows as they come. */
export function TimelinePlot({ kind, control, history: { metric, arm, looks } }: TimelinePlotProps) {
  const [box, width] = useWidth();
  const id = useId();
  const none = kind === 'duration' ? 1 : 0;
  const left = 92;
  const shown = (value: number): string => difference(kind, value);
  const y = scaleOf([none, ...looks.flatMap(({ low, high }) => [low, high])], [bottom, top], {
    isFactor: kind === 'duration',
  });
  const x = scaleOf([0, ...looks.map(({ units }) => units)], [left, Math.max(left + 1, width - 8)], {
    most: Math.max(2, Math.floor((width - left) / 80)),
  });
  const point = (look: DifferenceLook, of: 'low' | 'value' | 'high'): string =>
    `${x.at(look.units).toFixed(1)},${y.at(look[of]).toFixed(1)}`;
  const last = looks.at(-1);
  return (
    <figure class="timeline-plot">
      <figcaption>
        {arm} beside {control}
      </figcaption>
      <div class="plot" ref={box}>
        {width > 0 && last !== undefined && (
          <svg
            role="img"
            aria-labelledby={`${id}-title ${id}-desc`}
            width={width}
            height={height}
            viewBox={`0 0 ${width} ${height}`}
          >
            <title id={`${id}-title`}>
              How the difference of {arm} in {metric} became sure
            </title>
            <desc id={`${id}-desc`}>
              After {whole(looks[0]?.units ?? 0)} units{' '}
              {span(looks[0]?.low ?? Number.NaN, looks[0]?.high ?? Number.NaN, shown)}, after{' '}
              {whole(last.units)} units {span(last.low, last.high, shown)}.
            </desc>
            {y.ticks.map((tick) => (
              <g key={tick} class="plot-tick">
                <line x1={left} x2={width - 8} y1={y.at(tick)} y2={y.at(tick)} />
                <text x={left - 8} y={y.at(tick) + 4} text-anchor="end">
                  {shown(tick)}
                </text>
              </g>
            ))}
            {x.ticks.map((tick) => (
              <text key={tick} class="plot-tick" x={x.at(tick)} y={bottom + 16} text-anchor="middle">
                {whole(tick)}
              </text>
            ))}
            <polygon
              class="timeline-interval"
              points={[
                ...looks.map((look) => point(look, 'high')),
                ...looks.toReversed().map((look) => point(look, 'low')),
              ].join(' ')}
            />
            <line class="plot-none" x1={left} x2={width - 8} y1={y.at(none)} y2={y.at(none)} />
            <polyline class="timeline-value" points={looks.map((look) => point(look, 'value')).join(' ')} />
            <text class="plot-axis" x={(left + width) / 2} y={height - 6} text-anchor="middle">
              units of both arms
            </text>
          </svg>
        )}
      </div>
      <LooksTable looks={looks} shown={shown} arm={arm} />
    </figure>
  );
}

interface LooksTableProps {
  readonly looks: readonly DifferenceLook[];
  readonly shown: (value: number) => string;
  readonly arm: string;
}

function LooksTable({ looks, shown, arm }: LooksTableProps) {
  return (
    <details>
      <summary>The same as a table</summary>
      <div class="scrolls">
        <table aria-label={`How the difference of ${arm} became sure`}>
          <thead>
            <tr>
              <th scope="col">Units</th>
              <th scope="col">Until</th>
              <th scope="col">Difference</th>
              <th scope="col">Interval</th>
            </tr>
          </thead>
          <tbody>
            {looks.map(({ at, units, value, low, high }) => (
              <tr key={`${units} ${at}`}>
                <th scope="row">{whole(units)}</th>
                <td>{dayOf(at)}</td>
                <td>{shown(value)}</td>
                <td>{span(low, high, shown)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </details>
  );
}
