import { readFileSync } from 'node:fs';
import { parseSync } from 'oxc-parser';

/** The text of a type or an interface in a file, without its comments. */
export function typeIn(file: string, name: string): string {
  const text = readFileSync(file, 'utf8');
  const { program: parsed, comments } = parseSync(file, text);
  const bare = comments.reduce(
    (rest, { start, end }) => rest.slice(0, start) + ' '.repeat(end - start) + rest.slice(end),
    text,
  );
  const found = parsed.body.find((statement) =>
    new RegExp(`^export (type|interface) ${name}\\b`).test(text.slice(statement.start, statement.end)),
  );
  if (found === undefined) throw new Error(`${file} has no ${name}`);
  return bare.slice(found.start, found.end);
}

/** The members at the top of an interface, in their order. */
export function membersOf(file: string, name: string): string[] {
  const body = typeIn(file, name).replace(/^[^{]*\{/, '');
  const flat = body.replace(/\{[^{}]*\}/g, '');
  return [...flat.matchAll(/readonly (\w+\$?)\??:/g)].map(([, member = '']) => member);
}

/** The members of a member that is an object. */
export function membersWithin(file: string, name: string, member: string): string[] {
  const inner = new RegExp(`readonly ${member}\\??: \\{([^{}]*)\\}`).exec(typeIn(file, name))?.[1] ?? '';
  return [...inner.matchAll(/readonly (\w+)\??:/g)].map(([, found = '']) => found);
}

export const kindsIn = (text: string): string[] =>
  [...text.matchAll(/\bkind: '([\w-]+)'/g)].map(([, kind = '']) => kind);

export const literalsIn = (text: string): string[] =>
  [...text.matchAll(/'([\w-]+)'/g)].map(([, value = '']) => value);
