import { basename } from 'node:path';
import { addressOf, relative, targetOf } from './links.ts';
import { pageOf } from './pages.ts';

/** A page's Markdown for programs: the same text, with links to the Markdown of the other pages. */
export function markdownCopy(text: string, source: string, path: string): string {
  return outsideCode(text, (prose) =>
    prose.replace(/\]\(([^)\s]+)\)/g, (_link, href: string) => {
      const target = targetOf(source, href);
      if (target.kind === 'elsewhere') return `](${href})`;
      return `](${relative(`${path}.md`, copyOf(target.file))}${target.anchor})`;
    }),
  );
}

function copyOf(file: string): string {
  const page = pageOf(file);
  if (page !== undefined) return `${page.path}.md`;
  return /\.(svg|png)$/.test(file) ? basename(file) : addressOf(file);
}

/** Fenced blocks stay as they are. */
function outsideCode(text: string, change: (prose: string) => string): string {
  return text
    .split(/(^```[\s\S]*?^```$)/m)
    .map((part, at) => (at % 2 === 0 ? change(part) : part))
    .join('');
}
