import { type Document, isNode, LineCounter, parseAllDocuments } from 'yaml';
import type { z } from 'zod';

/** A document of a YAML file that fits its schema. */
export interface ReadDocument<Data> {
  readonly data: Data;
  /** The line, from 1 on, on which a member stands. */
  readonly lineOf: (path: readonly PropertyKey[]) => number;
}

/** Reads the documents of a YAML file, which `---` separates. Each fault is told by file, line and field. */
export function readDocuments<Schema extends z.ZodType>(
  file: string,
  source: string,
  schema: Schema,
): { readonly documents: readonly ReadDocument<z.output<Schema>>[]; readonly faults: readonly string[] } {
  const counter = new LineCounter();
  const parsed = parseAllDocuments(source, { lineCounter: counter });
  const faults: string[] = [];
  const lineAt = (offset: number | undefined): number => counter.linePos(offset ?? 0).line;
  const documents: ReadDocument<z.output<Schema>>[] = [];
  for (const document of Array.isArray(parsed) ? parsed : []) {
    for (const { message, pos } of document.errors)
      faults.push(`${file}:${lineAt(pos[0])}: ${message.split('\n', 1)[0]?.replace(/ at line.*/, '')}`);
    if (document.errors.length > 0 || document.contents === null) continue;
    const checked = schema.safeParse(document.toJS());
    const lineOf = (path: readonly PropertyKey[]): number => lineAt(startOf(document, path));
    if (checked.success) documents.push({ data: checked.data, lineOf });
    else
      faults.push(
        ...checked.error.issues
          .flatMap(nearest)
          .map(({ path, message }) => `${file}:${lineOf(path)}: ${pathText(path)}${message}`),
      );
  }
  return { documents, faults };
}

/** Where a value begins, or what holds it if it is missing. */
function startOf(document: Document, path: readonly PropertyKey[]): number | undefined {
  for (let length = path.length; length >= 0; length -= 1) {
    const node = document.getIn(path.slice(0, length), true);
    if (isNode(node) && node.range) return node.range[0];
  }
  return undefined;
}

type Issue = z.core.$ZodIssue;

/** Of a value that fits none of several shapes, the faults of the shape that it comes closest to. */
function nearest(issue: Issue): { readonly path: readonly PropertyKey[]; readonly message: string }[] {
  if (issue.code === 'unrecognized_keys') {
    return [{ path: issue.path, message: `${issue.keys.join(', ')} is not known here` }];
  }
  if (issue.code !== 'invalid_union' || issue.errors.length === 0) return [issue];
  const inner = issue.errors.map((issues) =>
    issues.flatMap((one) => nearest({ ...one, path: [...issue.path, ...one.path] } as Issue)),
  );
  const closest = inner.reduce((best, one) => (closeness(one, issue) > closeness(best, issue) ? one : best));
  return closeness(closest, issue) > 0
    ? closest
    : [{ path: issue.path, message: 'is no step, or none of these: see docs/scenarios.md' }];
}

/** A shape is close when the faults are deep inside, and not at its door. */
function closeness(
  issues: readonly { readonly path: readonly PropertyKey[]; readonly message: string }[],
  { path }: Issue,
): number {
  return Math.min(...issues.map((one) => one.path.length - path.length));
}

function pathText(path: readonly PropertyKey[]): string {
  const text = path.reduce<string>(
    (before, key) =>
      typeof key === 'number' ? `${before}[${key}]` : `${before}${before && '.'}${String(key)}`,
    '',
  );
  return text === '' ? '' : `${text}: `;
}
