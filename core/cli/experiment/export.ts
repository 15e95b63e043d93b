import { writeFileSync } from 'node:fs';
import { messageOf, UsherError } from '../../errors.ts';
import { recordsOf } from '../../experiment/records.ts';
import { withRecords } from './opened.ts';

export interface ExportFlags {
  readonly config: string;
  readonly csv: boolean;
  readonly out?: string;
}

/** `usher experiment export`: a line for each chat that is over, as JSON lines or CSV. */
export async function exportRecords(key: string, { config, csv, out }: ExportFlags): Promise<void> {
  await withRecords(config, key, async (_experiments, store) => {
    const { chats } = await recordsOf(store, key);
    const rows = chats.map(({ measures, features = {}, ...chat }) => ({
      ...chat,
      ...prefixed('feature.', features),
      ...measures,
    }));
    const text = csv ? csvOf(rows) : rows.map((row) => `${JSON.stringify(row)}\n`).join('');
    if (out === undefined) process.stdout.write(text);
    else write(out, text);
    process.stderr.write(`${rows.length} ${rows.length === 1 ? 'chat' : 'chats'}\n`);
  });
}

function write(out: string, text: string): void {
  try {
    writeFileSync(out, text);
  } catch (thrown) {
    throw new UsherError('USHER_USAGE', `--out ${out} cannot be written: ${messageOf(thrown)}`, {
      cause: thrown,
    });
  }
}

function prefixed(prefix: string, values: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [`${prefix}${name}`, value]));
}

/** RFC 4180, with a header of all columns that occur. */
function csvOf(rows: readonly Readonly<Record<string, unknown>>[]): string {
  const columns = [...new Set(rows.flatMap((row) => Object.keys(row)))];
  const line = (cells: readonly unknown[]): string => `${cells.map(cell).join(',')}\r\n`;
  return [columns, ...rows.map((row) => columns.map((name) => row[name]))].map(line).join('');
}

/** A text that a spreadsheet would take for a formula is made one that it does not. */
function cell(value: unknown): string {
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  const text = value === undefined ? '' : String(value);
  const harmless = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(harmless) ? `"${harmless.replaceAll('"', '""')}"` : harmless;
}
