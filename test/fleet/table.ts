import type { Outcome } from './play.ts';

export interface Row {
  readonly scenario: string;
  readonly outcomes: readonly Outcome[];
  /** Runs that could not be played to their end. */
  readonly broken: number;
}

/** The outcomes of all runs as a table of Markdown, a row for each scenario. */
export function tableOf(rows: readonly Row[]): string {
  const head =
    '| scenario | runs | lines spoken | double greetings | lost | doubled | out of order | every agent owned after, min / median / max |';
  return [head, '|---|---|---|---|---|---|---|---|', ...rows.map(rowOf)].join('\n');
}

function rowOf({ scenario, outcomes, broken }: Row): string {
  const sum = (of: (outcome: Outcome) => number): number =>
    outcomes.reduce((total, outcome) => total + of(outcome), 0);
  const runs = broken === 0 ? `${outcomes.length}` : `${outcomes.length}, and ${broken} broken off`;
  const cells = [
    scenario,
    runs,
    sum(({ lines }) => lines).toLocaleString('en'),
    sum(({ doubleGreetings }) => doubleGreetings),
    sum(({ lost }) => lost),
    sum(({ doubled }) => doubled),
    sum(({ outOfOrder }) => outOfOrder),
    timesOf(outcomes.flatMap(({ ownedAfter }) => (ownedAfter === undefined ? [] : [ownedAfter]))),
  ];
  return `| ${cells.join(' | ')} |`;
}

function timesOf(times: readonly number[]): string {
  const sorted = [...times].sort((a, b) => a - b);
  const inSeconds = (at: number): string => ((sorted[at] ?? 0) / 1_000).toFixed(2);
  if (sorted.length === 0) return '–';
  return `${inSeconds(0)} / ${inSeconds(Math.floor((sorted.length - 1) / 2))} / ${inSeconds(sorted.length - 1)} s`;
}
