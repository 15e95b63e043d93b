import { readdirSync, readFileSync } from 'node:fs';
import { type Comment, type ObjectExpression, parseSync, type Statement } from 'oxc-parser';
import { readDocstring } from './docstring.ts';

/** The plugins and bots that ship, as Markdown: what each does, and its options, from its docstrings. */
export function shelfReference(): string {
  return [
    '# Plugins and bots',
    'What ships with Usher, each behind an entry of its own.',
    '## Plugins',
    ...filesIn('plugins').map(pluginAsMarkdown),
    '## Bots',
    ...filesIn('bots').map(botAsMarkdown),
  ].join('\n\n');
}

/** What a folder beside it holds is its own affair. */
function filesIn(folder: string): readonly string[] {
  return readdirSync(folder)
    .filter((name) => name.endsWith('.ts'))
    .map((name) => `${folder}/${name}`);
}

interface Member {
  readonly name: string;
  readonly doc: string;
}

function pluginAsMarkdown(file: string): string {
  const source = new Source(file);
  const options = source.statements.find((statement) => /^const options = z/.test(source.textOf(statement)));
  const members = options === undefined ? [] : source.membersIn(options);
  return asMarkdown(source, exportOf(source, /^export const /), members);
}

function botAsMarkdown(file: string): string {
  const source = new Source(file);
  const options = source.statements.find((statement) => /^export interface /.test(source.textOf(statement)));
  const members = options === undefined ? [] : source.membersIn(options);
  return asMarkdown(source, exportOf(source, /^export function /), members);
}

function exportOf(source: Source, head: RegExp): Statement {
  const found = source.statements.find((statement) => head.test(source.textOf(statement)));
  if (found === undefined) throw new Error(`${source.file} exports no plugin or bot`);
  return found;
}

function asMarkdown(source: Source, statement: Statement, members: readonly Member[]): string {
  const name = /^export (?:const|function) (\w+)/.exec(source.textOf(statement))?.[1] ?? '';
  const rows = members.map((member) => `| \`${member.name}\` | ${member.doc} |`);
  return [
    `### ${name}`,
    `\`\`\`ts\nimport { ${name} } from 'usher-bots/${source.file.replace(/\.ts$/, '')}';\n\`\`\``,
    `${source.docBefore(statement.start)} [Its source](../../${source.file}) is a model to write one's own by.`,
    ...(rows.length === 0 ? [] : [['| option | |', '|---|---|', ...rows].join('\n')]),
  ].join('\n\n');
}

class Source {
  readonly file: string;
  readonly #text: string;
  readonly #comments: readonly Comment[];
  readonly statements: readonly Statement[];

  constructor(file: string) {
    this.file = file;
    this.#text = readFileSync(file, 'utf8');
    const { program, comments } = parseSync(file, this.#text);
    this.statements = program.body;
    this.#comments = comments;
  }

  textOf({ start, end }: Statement): string {
    return this.#text.slice(start, end);
  }

  docBefore(position: number): string {
    const comment = this.#comments.findLast(
      ({ type, end }) => type === 'Block' && end <= position && this.#text.slice(end, position).trim() === '',
    );
    return comment === undefined ? '' : readDocstring(comment.value).text.replace(/\s*\n\s*/g, ' ');
  }

  /** The documented members at the top of an interface, or of the first object in a statement. */
  membersIn(statement: Statement): Member[] {
    const node = statement.type === 'ExportNamedDeclaration' ? statement.declaration : statement;
    if (node?.type === 'TSInterfaceDeclaration') return this.#named(node.body.body);
    const object = node?.type === 'VariableDeclaration' ? firstObject(node.declarations[0]?.init) : undefined;
    return object === undefined ? [] : this.#named(object.properties);
  }

  #named(nodes: readonly { readonly start: number; readonly end: number }[]): Member[] {
    return nodes.map(({ start, end }) => {
      const [, name = ''] = /^(?:readonly )?(\w+)/.exec(this.#text.slice(start, end)) ?? [];
      return { name, doc: this.docBefore(start) };
    });
  }
}

/** The object that a schema is made from: `z.strictObject({ … }).refine(…)`. */
function firstObject(node: unknown): ObjectExpression | undefined {
  if (typeof node !== 'object' || node === null || !('type' in node)) return undefined;
  if (node.type === 'ObjectExpression') return node as ObjectExpression;
  if (node.type !== 'CallExpression') return undefined;
  const { callee, arguments: given } = node as unknown as { callee: unknown; arguments: readonly unknown[] };
  const inner =
    typeof callee === 'object' && callee !== null && 'object' in callee ? callee.object : undefined;
  return firstObject(inner) ?? firstObject(given[0]);
}
