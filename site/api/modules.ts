import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { type Comment, parseSync, type Statement } from 'oxc-parser';

/** A declaration that a module exports. */
export interface Declared {
  readonly name: string;
  readonly doc: string | undefined;
  /** Without `export` and `declare`. */
  readonly code: string;
}

/** A name that a module exports, and where it comes from. */
export interface Exported {
  readonly name: string;
  /** The line comment that stands above it in the module: its group. */
  readonly group: string;
  readonly file: string;
  /** What it is called there. */
  readonly local: string;
}

interface Parsed {
  readonly text: string;
  readonly statements: readonly Statement[];
  readonly comments: readonly Comment[];
}

const parsed = new Map<string, Parsed>();

function parse(file: string): Parsed {
  const known = parsed.get(file);
  if (known !== undefined) return known;
  const text = readFileSync(file, 'utf8');
  const { program, comments, errors } = parseSync(file, text);
  if (errors.length > 0) throw new Error(`${file} cannot be parsed: ${errors[0]?.message}`);
  const result = { text, statements: program.body, comments };
  parsed.set(file, result);
  return result;
}

/** The names a module exports, in its order. */
export function exportsOf(file: string): Exported[] {
  const { statements, comments } = parse(file);
  const groups = comments.filter(({ type, value }) => type === 'Line' && value.trim().startsWith('For '));
  return statements.flatMap((statement): Exported[] => {
    const group = groups.findLast(({ end }) => end <= statement.start)?.value.trim() ?? '';
    if (statement.type === 'ExportAllDeclaration') {
      const from = join(dirname(file), statement.source.value);
      return exportsOf(from).map((one) => ({ ...one, group }));
    }
    if (statement.type !== 'ExportNamedDeclaration') return [];
    if (statement.declaration !== null)
      return namesOf(statement).map((name) => ({ name, local: name, group, file }));
    const from = statement.source === null ? file : join(dirname(file), statement.source.value);
    return statement.specifiers.flatMap(({ exported, local }) =>
      exported.type === 'Identifier' && local.type === 'Identifier'
        ? [{ name: exported.name, local: local.name, group, file: from }]
        : [],
    );
  });
}

/**
 * The declaration of a name, looked for through re-exports; `declarationOf` leads from a module to its `.d.ts`.
 *
 * @throws Error when there is none.
 */
export function declared(name: string, module: string, declarationOf: (module: string) => string): Declared {
  const file = declarationOf(module);
  const { text, statements, comments } = parse(file);
  const found = statements.filter((statement) => namesOf(statement).includes(name));
  const [first] = found;
  if (first === undefined) {
    const elsewhere = exportsOf(module).find((one) => one.name === name && one.file !== module);
    if (elsewhere === undefined || !existsSync(elsewhere.file)) {
      throw new Error(`${module} exports ${name}, which is declared nowhere`);
    }
    return declared(elsewhere.local, elsewhere.file, declarationOf);
  }
  const doc = comments.findLast(
    ({ type, end }) => type === 'Block' && end <= first.start && text.slice(end, first.start).trim() === '',
  );
  const code = found.map(({ start, end }) => text.slice(start, end)).join('\n');
  return {
    name,
    doc: doc?.value.startsWith('*') ? doc.value : undefined,
    code: code.replace(/^(export )?(declare )?/gm, '').replace(/^\s*#private;\n/gm, ''),
  };
}

function namesOf(statement: Statement): string[] {
  const node = statement.type === 'ExportNamedDeclaration' ? statement.declaration : statement;
  if (node === null || !('type' in node)) return [];
  if (node.type === 'VariableDeclaration') {
    return node.declarations.flatMap(({ id }) => (id.type === 'Identifier' ? [id.name] : []));
  }
  return 'id' in node && node.id !== null && node.id.type === 'Identifier' ? [node.id.name] : [];
}
