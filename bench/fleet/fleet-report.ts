import type { Circumstances } from '../circumstances.ts';
import type { Result } from './fleet-trial.ts';

/** One process with more and more agents. */
export interface SlopeRow extends Result {
  readonly contender: 'hand-written' | 'fleet';
  readonly agents: number;
  /** Bytes of each agent beyond the first, without chats. */
  readonly rssPerAgent: number;
  readonly heapPerAgent: number;
  /** Of those beyond the first. */
  readonly loginsPerSecond: number;
}

/** More and more workers with the same agents. */
export interface WorkersRow extends Result {
  readonly contender: 'hand-written' | 'fleet';
  readonly workers: number;
}

export interface Measurements {
  readonly slope: readonly SlopeRow[];
  readonly sharing: readonly WorkersRow[];
  readonly settings: { readonly rate: number; readonly shared: number; readonly seconds: number };
}

const unknown = '–';

/** A difference that is not positive is lost in the noise. */
const ratio = (value: number, base: number | undefined, digits: number): string => {
  if (!(value > 0)) return unknown;
  return `${value.toFixed(digits)}${base === undefined || !(base > 0) ? '' : ` (${(value / base).toFixed(2)}×)`}`;
};

const kilobytes = (bytes: number): string => (bytes > 0 ? (bytes / 1_024).toFixed(0) : unknown);

const percent = (part: number): string => (Number.isNaN(part) ? unknown : `${(part * 100).toFixed(0)} %`);

const busyCells = ({ busy }: Result): string[] => [busy.workers, busy.server, busy.store].map(percent);

const storeCells = ({ commitsPerOperation: commits, logPerOperation: log }: Result): string[] =>
  commits === 0 ? [unknown, unknown] : [commits.toFixed(2), log.toFixed(0)];

const busyHeads =
  'commits per operation | log bytes per operation | workers busy | load server busy | PostgreSQL busy';

/** Two tables of Markdown: each figure beside its ratio to the hand-written loop with as many agents, or to one worker. */
export function fleetReport(
  { slope, sharing, settings }: Measurements,
  circumstances: Circumstances,
): string {
  const { date, node, cpu, cores, commit } = circumstances;
  const line = (cells: readonly (string | number)[]): string => `| ${cells.join(' | ')} |`;
  return [
    `Taken on ${date}: Node ${node}, ${cores} × ${cpu}, commit ${commit}. ${settings.seconds} s for each row. Workers, load ` +
      'server and PostgreSQL share the cores; “busy” is in parts of one of them.',
    '',
    `One process, ${settings.rate} lines a second in all. Ratios are to the hand-written loop with as many agents.`,
    '',
    `| agents | contender | CPU µs per operation | p50 ms | p99 ms | log-ins/s | RSS KB per agent | heap KB per agent | ${busyHeads} |`,
    `|${'---|'.repeat(13)}`,
    ...slope.map((row) => {
      const bar = slope.find((each) => each.contender === 'hand-written' && each.agents === row.agents);
      return line([
        ...[row.agents, row.contender],
        ratio(row.cpuPerOperation, bar?.cpuPerOperation, 0),
        ...[ratio(row.p50, bar?.p50, 2), ratio(row.p99, bar?.p99, 2)],
        ratio(row.loginsPerSecond, bar?.loginsPerSecond, 0),
        ...[kilobytes(row.rssPerAgent), kilobytes(row.heapPerAgent)],
        ...[...storeCells(row), ...busyCells(row)],
      ]);
    }),
    '',
    `${settings.shared} agents with a chat each, a closed loop. Ratios are to one worker.`,
    '',
    `| processes | contender | answers/s | CPU µs per operation | p50 ms | p99 ms | ${busyHeads} |`,
    `|${'---|'.repeat(11)}`,
    ...sharing.map((row) => {
      const bar = sharing.find((each) => each.contender === 'fleet');
      return line([
        ...[row.workers, row.contender],
        ratio(row.operationsPerSecond, bar?.operationsPerSecond, 0),
        ratio(row.cpuPerOperation, bar?.cpuPerOperation, 0),
        ...[ratio(row.p50, bar?.p50, 1), ratio(row.p99, bar?.p99, 1)],
        ...[...storeCells(row), ...busyCells(row)],
      ]);
    }),
    '',
  ].join('\n');
}
