import { readdirSync, readFileSync, statSync } from 'node:fs';
import { extname, join } from 'node:path';
import { escapeHtml } from './escape.ts';
import { highlight } from './highlight.ts';
import type { Document } from './layout.ts';
import { addressOf, relative } from './links.ts';

/** Pages that show files of the repository: those that are linked to, and of a linked folder all that is in it. */
export function sourcePages(linked: Iterable<string>): Document[] {
  const files = new Set<string>();
  for (const file of linked) collect(file.replace(/\/$/, ''), files);
  return [...files].sort().map((file) => {
    const address = addressOf(file);
    const html = statSync(file).isDirectory() ? listing(file, address) : shown(file);
    return { address, title: file, html: `<h1>${escapeHtml(file)}</h1>\n${html}`, headings: [] };
  });
}

function collect(file: string, files: Set<string>): void {
  files.add(file);
  if (statSync(file).isDirectory()) for (const name of readdirSync(file)) collect(join(file, name), files);
}

function listing(folder: string, address: string): string {
  const rows = readdirSync(folder)
    .sort()
    .map((name) => {
      const href = relative(address, addressOf(join(folder, name)));
      return `<li><a href="${href}">${escapeHtml(name)}</a></li>`;
    });
  return `<ul>${rows.join('')}</ul>\n`;
}

function shown(file: string): string {
  return highlight(readFileSync(file, 'utf8'), extname(file).slice(1));
}
