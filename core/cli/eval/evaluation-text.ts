import type { Measures } from './measures.ts';

export interface Column {
  readonly name: string;
  readonly measures: Measures;
}

const rows: readonly (readonly [string, (measures: Measures) => string])[] = [
  ['customers', ({ customers }) => String(customers)],
  ['goals met', ({ goalsMet, customers }) => share(goalsMet, customers)],
  ['contained', ({ contained, customers }) => share(contained, customers)],
  ['handed off', ({ handedOff, customers }) => share(handedOff, customers)],
  ['  rightly', ({ handedOffRightly, handedOff }) => share(handedOffRightly, handedOff)],
  ['messages a chat', ({ turns, customers }) => (turns / customers).toFixed(1)],
  ['to a reply, median', ({ toReply }) => `${(toReply.p50 / 1_000).toFixed(2)} s`],
  ['to a reply, 95 %', ({ toReply }) => `${(toReply.p95 / 1_000).toFixed(2)} s`],
  ['replies suppressed', ({ suppressed }) => String(suppressed)],
  ['tokens', ({ tokens }) => String(tokens)],
  ['cost', ({ cost }) => cost.toFixed(4)],
  ['problems', ({ problems }) => String(Object.values(problems).reduce((sum, count) => sum + count, 0))],
];

/** The measures of one config, or of two beside each other, and what was missed. */
export function evaluationText(columns: readonly Column[]): string {
  const widths = columns.map(({ name }) => Math.max(name.length, 14));
  const line = (head: string, cells: readonly string[]): string =>
    `${head.padEnd(22)}${cells.map((cell, at) => cell.padStart((widths[at] ?? 0) + 2)).join('')}`.trimEnd();
  const table = [
    line(
      '',
      columns.map(({ name }) => name),
    ),
    ...rows.map(([head, cell]) =>
      line(
        head,
        columns.map(({ measures }) => cell(measures)),
      ),
    ),
  ];
  const missed = columns.flatMap(({ name, measures }) =>
    measures.verdicts
      .filter(({ met }) => !met)
      .map(({ customer, failure, handedOff }) => {
        const instead = handedOff ? 'was handed off' : 'was not handed off';
        return `✗ ${name}: ${customer.name}: ${failure ?? instead}`;
      }),
  );
  return [...table, ...(missed.length > 0 ? ['', ...new Set(missed)] : [])].join('\n');
}

function share(part: number, whole: number): string {
  return whole === 0 ? '–' : `${part} (${Math.round((part / whole) * 100)} %)`;
}
