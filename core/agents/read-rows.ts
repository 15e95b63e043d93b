import { extname } from 'node:path';
import { CsvError, parse } from 'csv-parse/sync';
import { isMap, isSeq, LineCounter, parseDocument } from 'yaml';

/** A row of a file, with where it begins. */
export interface FileRow {
  readonly value: unknown;
  readonly line: number;
}

/**
 * The rows of a file of YAML, JSON or CSV, by the ending of its name.
 *
 * @throws Error with the line where the file cannot be read as a list of agents.
 */
export function readRows(file: string, text: string): readonly FileRow[] {
  const ending = extname(file).toLowerCase();
  if (ending === '.csv') return csvRows(text);
  if (['.yaml', '.yml', '.json'].includes(ending)) return yamlRows(text);
  throw new Error('is not known by its ending: use .yaml, .json or .csv');
}

/** JSON is YAML. */
function yamlRows(text: string): readonly FileRow[] {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines });
  const [error] = document.errors;
  if (error !== undefined)
    throw new Error(
      `cannot be read: line ${lines.linePos(error.pos[0]).line}: ${error.message.split('\n')[0]}`,
    );
  // Under a name of its own, or bare.
  const list = isMap(document.contents) ? document.get('agents', true) : document.contents;
  if (!isSeq(list)) throw new Error('holds no list of agents: an empty one is []');
  return list.items.map((item) => {
    const { range } = item as { readonly range?: readonly [number, number, number] };
    const value = (item as { toJS(document: unknown): unknown }).toJS(document);
    return { value, line: lines.linePos(range?.[0] ?? 0).line };
  });
}

/** Cells are texts: a secret is in a column password_env or password_file, and several bots are put apart by blanks. */
function csvRows(text: string): readonly FileRow[] {
  try {
    const rows = parse(text, { columns: true, info: true, bom: true, trim: true, skip_empty_lines: true });
    return (rows as unknown as { record: Record<string, string>; info: { lines: number } }[]).map(
      ({ record, info }) => ({ value: fromCells(record), line: info.lines }),
    );
  } catch (thrown) {
    if (thrown instanceof CsvError) throw new Error(`cannot be read: ${thrown.message}`);
    throw thrown;
  }
}

function fromCells({ password_env: env, password_file: file, ...cells }: Record<string, string>): object {
  const filled = Object.fromEntries(Object.entries(cells).filter(([, cell]) => cell !== ''));
  return {
    ...filled,
    ...(filled['bots'] !== undefined && { bots: filled['bots'].split(/\s+/) }),
    ...(env && { password: { env } }),
    ...(file && { password: { file } }),
  };
}
