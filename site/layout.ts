import { escapeHtml } from './escape.ts';
import { relative } from './links.ts';
import type { Heading } from './markdown.ts';
import { sections } from './pages.ts';

export interface Document {
  /** Below the root of the site, with its suffix. */
  readonly address: string;
  readonly title: string;
  readonly html: string;
  readonly headings: readonly Heading[];
}

/** A whole page: menu, text, and what is on it. It loads one style sheet, and nothing from elsewhere. */
export function layout({ address, title, html, headings }: Document): string {
  const name = title === 'Usher' ? 'Usher' : `${escapeHtml(title)} · Usher`;
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${name}</title>
<link rel="stylesheet" href="${relative(address, 'style.css')}">
<link rel="icon" href="${relative(address, 'icon.svg')}">
</head>
<body>
<a class="skip" href="#text">To the text</a>
<header><a href="${relative(address, 'index.html')}">Usher</a> <span>bots that take an agent's seat</span></header>
<details class="menu"><summary>Menu</summary>${menu(address)}</details>
<div class="columns">
<nav class="pages" aria-label="pages">${menu(address)}</nav>
<main id="text">
${html}</main>
<nav class="headings" aria-label="on this page">${contents(headings)}</nav>
</div>
</body>
</html>
`;
}

function menu(address: string): string {
  return sections
    .map(({ name, pages }) => {
      const links = pages.map((page) => {
        const to = `${page.path}.html`;
        const here = to === address ? ' aria-current="page"' : '';
        return `<li><a href="${relative(address, to)}"${here}>${escapeHtml(page.name)}</a></li>`;
      });
      return `<h2>${escapeHtml(name)}</h2><ul>${links.join('')}</ul>`;
    })
    .join('\n');
}

function contents(headings: readonly Heading[]): string {
  const told = headings.filter(({ level }) => level === 2 || level === 3);
  if (told.length < 2) return '';
  const links = told.map(
    ({ level, text, anchor }) =>
      `<li class="level${level}"><a href="#${anchor}">${escapeHtml(text)}</a></li>`,
  );
  return `<h2>On this page</h2><ul>${links.join('')}</ul>`;
}
