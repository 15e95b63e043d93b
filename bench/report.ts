import type { Circumstances } from './circumstances.ts';
import type { Compared, MemoryRow, Row } from './compare.ts';

/** The contender that the others are measured by. */
const bar = 'hand-written';

/** The comparison as Markdown: every figure beside its ratio to the hand-written loop. */
export function reportText({ rows, memory }: Compared, circumstances: Circumstances): string {
  const { date, node, cpu, cores, commit } = circumstances;
  return [
    `Taken on ${date}: Node ${node}, ${cores} × ${cpu}, commit ${commit}. Ratios are to the ${bar} loop of the same run.`,
    '',
    '| sessions | load | contender | operations/s | CPU µs per operation | p50 ms | p99 ms | spread |',
    '|---|---|---|---|---|---|---|---|',
    ...rows.map((row) => rowText(row, barOf(rows, row))),
    '',
    '| sessions | contender | RSS KB per idle session | heap KB per idle session |',
    '|---|---|---|---|',
    ...memory.map((row) => memoryText(row, memory)),
    '',
  ].join('\n');
}

function barOf(rows: readonly Row[], { sessions, load }: Row): Row | undefined {
  return rows.find((row) => row.contender === bar && row.sessions === sessions && row.load === load);
}

function rowText(row: Row, base: Row | undefined): string {
  const ratio = (key: 'operationsPerSecond' | 'cpuPerOperation' | 'p50' | 'p99', digits: number): string =>
    `${row[key].toFixed(digits)}${base === undefined ? '' : ` (${(row[key] / base[key]).toFixed(2)}×)`}`;
  const cells = [
    row.sessions,
    row.load,
    row.contender,
    ratio('operationsPerSecond', 0),
    ratio('cpuPerOperation', 0),
    ratio('p50', 2),
    ratio('p99', 2),
    `${(row.spread * 100).toFixed(0)} %`,
  ];
  return `| ${cells.join(' | ')} |`;
}

function memoryText(
  { sessions, contender, rssPerSession, heapPerSession }: MemoryRow,
  rows: readonly MemoryRow[],
): string {
  const base = rows.find((row) => row.contender === bar && row.sessions === sessions);
  const kilobytes = (bytes: number): string => (bytes / 1_024).toFixed(0);
  const beyond = base === undefined ? '' : ` (+${kilobytes(heapPerSession - base.heapPerSession)})`;
  return `| ${sessions} | ${contender} | ${kilobytes(rssPerSession)} | ${kilobytes(heapPerSession)}${beyond} |`;
}
