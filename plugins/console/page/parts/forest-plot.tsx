import { useId } from 'preact/hooks';
import { difference, span } from '../../../../core/model/experiment-figures.ts';
import type { ArmDifference, MetricReport } from '../../../../core/model/experiment-report.ts';
import { scaleOf } from './scale.ts';
import { useWidth } from './use-width.ts';

const rowHeight = 40;
const axisHeight = 40;
/** Room for half a label on either side. */
const side = 38;

export interface ForestPlotProps {
  readonly metric: MetricReport;
  readonly control: string;
}

/** The differences from the control with their intervals, around the line of no difference. The table says the same. */
export function ForestPlot({ metric, control }: ForestPlotProps) {
  const [box, width] = useWidth();
  const id = useId();
  const { name, kind, differences } = metric;
  const none = kind === 'duration' ? 1 : 0;
  const ends = differences.flatMap(({ value, low, high }) => [value, low, high]);
  const { at, ticks } = scaleOf([none, ...ends], [side, Math.max(side + 1, width - side)], {
    isFactor: kind === 'duration',
    most: Math.max(2, Math.floor((width - 2 * side) / (kind === 'proportion' ? 84 : 56))),
  });
  const bottom = differences.length * rowHeight + 6;
  const shown = (value: number): string => difference(kind, value);
  return (
    <div class="plot" ref={box}>
      {width > 0 && (
        <svg
          role="img"
          aria-labelledby={`${id}-title ${id}-desc`}
          width={width}
          height={bottom + axisHeight}
          viewBox={`0 0 ${width} ${bottom + axisHeight}`}
        >
          <title id={`${id}-title`}>
            {name} beside {control}
          </title>
          <desc id={`${id}-desc`}>
            {differences
              .map(
                ({ arm, value, low, high, verdict }) =>
                  `${arm}: ${shown(value)} (${span(low, high, shown)}), ${verdict}`,
              )
              .join('; ')}
          </desc>
          {ticks.map((tick) => (
            <g key={tick} class="plot-tick">
              <line x1={at(tick)} x2={at(tick)} y1={0} y2={bottom} />
              <text x={at(tick)} y={bottom + 15} text-anchor="middle">
                {shown(tick)}
              </text>
            </g>
          ))}
          <line class="plot-none" x1={at(none)} x2={at(none)} y1={0} y2={bottom} />
          {differences.map((found, nth) => (
            <Row key={found.arm} found={found} at={at} y={nth * rowHeight + 28} />
          ))}
          <text class="plot-axis" x={width / 2} y={bottom + 34} text-anchor="middle">
            {kind === 'duration' ? 'times as long as' : 'more than'} {control}
          </text>
        </svg>
      )}
    </div>
  );
}

interface RowProps {
  readonly found: ArmDifference;
  readonly at: (value: number) => number;
  readonly y: number;
}

/** A full lozenge says that the difference is sure, a hollow ring that it is not. */
function Row({ found: { arm, value, low, high, verdict }, at, y }: RowProps) {
  const middle = at(value);
  const isSure = verdict !== 'undecided';
  return (
    <g class={isSure ? 'forest-sure' : 'forest-open'}>
      <text class="forest-arm" x={middle} y={y - 13} text-anchor="middle">
        {arm}
      </text>
      <line x1={at(low)} x2={at(high)} y1={y} y2={y} />
      {[low, high]
        .filter((end) => Number.isFinite(end))
        .map((end) => (
          <line key={end} x1={at(end)} x2={at(end)} y1={y - 5} y2={y + 5} />
        ))}
      {isSure ? (
        <path d={`M ${middle} ${y - 7} l 7 7 l -7 7 l -7 -7 z`} />
      ) : (
        Number.isFinite(value) && <circle cx={middle} cy={y} r={5} />
      )}
    </g>
  );
}
