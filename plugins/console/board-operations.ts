import type { JournalEntry } from '../../core/index.ts';
import type { OperationRow } from './wire.ts';

/** Latencies of an operation that are looked at. */
const sampled = 200;

/** What became of the operations, by name. */
export class OperationRows {
  readonly #rows = new Map<string, { readonly outcomes: Map<string, number>; readonly took: number[] }>();
  #isDirty = false;

  take(entry: JournalEntry): void {
    if (entry.kind !== 'outcome') return;
    const { operation, kind } = entry.outcome;
    const row = this.#rows.get(operation.name) ?? { outcomes: new Map<string, number>(), took: [] };
    this.#rows.set(operation.name, row);
    row.outcomes.set(kind, (row.outcomes.get(kind) ?? 0) + 1);
    if (kind === 'sent') row.took.push(entry.took);
    if (row.took.length > sampled) row.took.shift();
    this.#isDirty = true;
  }

  rows(): readonly OperationRow[] {
    return [...this.#rows].map(([name, { outcomes, took }]) => {
      const sorted = took.toSorted((one, other) => one - other);
      const median = sorted[Math.floor(sorted.length / 2)];
      const slowest = sorted.at(-1);
      return {
        name,
        outcomes: Object.fromEntries(outcomes),
        ...(median !== undefined && { median }),
        ...(slowest !== undefined && { slowest }),
      };
    });
  }

  /** All rows, if any has changed since this was asked last. */
  takeChanges(): readonly OperationRow[] | undefined {
    if (!this.#isDirty) return undefined;
    this.#isDirty = false;
    return this.rows();
  }
}
