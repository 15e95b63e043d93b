import { readFileSync } from 'node:fs';

const readme = readFileSync('README.md', 'utf8');

/** The code blocks of a language. */
export const blocks = (language: string, text = readme): string[] =>
  [...text.matchAll(new RegExp(`^\`\`\`${language}\\n([\\s\\S]*?)^\`\`\`$`, 'gm'))].map(
    ([, body = '']) => body,
  );

/** The rows of the first table below a heading, cells without the space around them. */
export function table(heading: string, text = readme): string[][] {
  const section = text.split(new RegExp(`^## ${heading}$`, 'm'))[1]?.split(/^## /m)[0] ?? '';
  return tables(section)[0] ?? [];
}

/** The rows of each table. */
export function tables(text: string): string[][][] {
  const found = text.match(/(?:^\|.*\n)+/gm) ?? [];
  return found.map((rows) =>
    rows
      .trim()
      .split('\n')
      .slice(2)
      .map((row) =>
        row
          .slice(1, -1)
          .split('|')
          .map((cell) => cell.trim()),
      ),
  );
}

/** What of a cell is code. */
export const code = (cell: string | undefined): string[] =>
  [...(cell ?? '').matchAll(/`([^`]+)`/g)].map(([, text = '']) => text);
