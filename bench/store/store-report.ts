import type { Circumstances } from '../circumstances.ts';
import type { Figures, Load } from './contender.ts';

export interface StoreRow extends Figures {
  readonly contender: string;
}

/** The figures as Markdown, each beside its ratio to the first row's. */
export function storeReport(
  rows: readonly StoreRow[],
  { interactions, lanes }: Load,
  { date, node, cpu, cores, commit }: Circumstances,
): string {
  const [bar] = rows;
  const cell = (row: StoreRow, key: keyof Figures): string => {
    if (Number.isNaN(row[key])) return '–';
    const base = bar?.[key] ?? Number.NaN;
    return `${row[key].toFixed(0)}${Number.isNaN(base) ? '' : ` (${(row[key] / base).toFixed(2)}×)`}`;
  };
  return [
    `Taken on ${date}: Node ${node}, ${cores} × ${cpu}, commit ${commit}; ${interactions} open interactions, ${lanes} commits ` +
      `under way. Server and client on the same cores. Ratios are to ${bar?.contender ?? 'the first'} of the same run.`,
    '',
    '| store | commits/s | renewals/s, one after the other | orphaned agents claimed/s, with 10 interactions each |',
    '|---|---|---|---|',
    ...rows.map(
      (row) =>
        `| ${row.contender} | ${cell(row, 'commits')} | ${cell(row, 'renewals')} | ${cell(row, 'claims')} |`,
    ),
    '',
  ].join('\n');
}
