import { existsSync } from 'node:fs';
import { posix } from 'node:path';
import { pageOf } from './pages.ts';

/** Where a page, or the source of a file of the repository, stands on the site. */
export function addressOf(file: string): string {
  const page = pageOf(file);
  return page === undefined ? `source/${file.replace(/\/$/, '')}.html` : `${page.path}.html`;
}

/** A link of one page to another, as a browser that shows the first takes it. */
export function relative(from: string, to: string): string {
  return posix.relative(posix.dirname(from), to) || posix.basename(to);
}

/** What a link in a Markdown file leads to. */
export type Target =
  | { readonly kind: 'elsewhere'; readonly href: string }
  | { readonly kind: 'here'; readonly file: string; readonly anchor: string };

/**
 * Reads a link in a Markdown file of the repository.
 *
 * @throws Error when it leads to no file of the repository.
 */
export function targetOf(source: string, href: string): Target {
  if (/^[a-z]+:/i.test(href)) return { kind: 'elsewhere', href };
  const [path = '', anchor] = href.split('#');
  const file = path === '' ? source : posix.join(posix.dirname(source), decodeURI(path));
  if (!existsSync(file)) throw new Error(`${source} links to ${href}, which is not there`);
  return { kind: 'here', file, anchor: anchor === undefined ? '' : `#${anchor}` };
}
