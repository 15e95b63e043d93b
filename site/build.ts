import { execFileSync } from 'node:child_process';
import { copyFileSync, globSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { entries, reference } from './api/reference.ts';
import { shelfReference } from './api/shelf.ts';
import { type Document, layout } from './layout.ts';
import { llms } from './llms.ts';
import { render } from './markdown.ts';
import { markdownCopy } from './markdown-copy.ts';
import { pageOf, pages } from './pages.ts';
import { sourcePages } from './source-pages.ts';

/** Builds the site into a folder, which is emptied first. Returns how many pages it has. */
export function build(folder: string): number {
  rmSync(folder, { recursive: true, force: true });
  const generated = generate();
  const linked = new Set<string>();
  const documents = pages.map((page): Document => {
    const address = `${page.path}.html`;
    const source = page.source ?? `docs/${page.path}.md`;
    const text =
      page.source === undefined ? (generated.get(page.path) ?? '') : readFileSync(page.source, 'utf8');
    const { html, headings, linked: files } = render(text, source, address);
    for (const file of files) if (pageOf(file) === undefined) linked.add(file);
    write(folder, `${page.path}.md`, markdownCopy(text, source, page.path));
    return { address, title: headings[0]?.text ?? page.name, html, headings };
  });
  const all = [...documents, ...sourcePages(linked)];
  for (const document of all) write(folder, document.address, layout(document));
  write(folder, 'llms.txt', llms());
  for (const file of globSync('docs/*.{svg,png}')) copyFileSync(file, join(folder, basename(file)));
  for (const file of ['style.css', 'icon.svg'])
    copyFileSync(join(import.meta.dirname, file), join(folder, file));
  return all.length;
}

/** The pages that are made from code, by their path. */
function generate(): ReadonlyMap<string, string> {
  const declarations = mkdtempSync(join(tmpdir(), 'usher-declarations-'));
  try {
    const flags = ['--project', 'tsconfig.build.json', '--emitDeclarationOnly', '--declarationMap', 'false'];
    execFileSync('node_modules/.bin/tsc', [...flags, '--outDir', declarations], { stdio: 'inherit' });
    const declarationOf = (module: string): string => join(declarations, module.replace(/\.ts$/, '.d.ts'));
    return new Map([
      ...Object.entries(entries).map(([path, entry]) => [path, reference(entry, declarationOf)] as const),
      ['api/plugins', shelfReference()],
    ]);
  } finally {
    rmSync(declarations, { recursive: true });
  }
}

function write(folder: string, file: string, text: string): void {
  const path = join(folder, file);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
}
