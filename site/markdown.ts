import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import MarkdownIt from 'markdown-it';
import { escapeHtml } from './escape.ts';
import { highlight } from './highlight.ts';
import { addressOf, relative, targetOf } from './links.ts';
import { drawPicture } from './marbles/draw.ts';
import { parsePicture } from './marbles/parse.ts';

export interface Heading {
  readonly level: number;
  readonly text: string;
  readonly anchor: string;
}

export interface Rendered {
  readonly html: string;
  readonly headings: readonly Heading[];
  /** Files of the repository that are linked to. */
  readonly linked: readonly string[];
}

/** A Markdown file of the repository as HTML; `address` is where the page will stand. */
export function render(text: string, source: string, address: string): Rendered {
  const headings: Heading[] = [];
  const linked: string[] = [];
  const markdown = new MarkdownIt({ html: false, linkify: false });
  const { rules } = markdown.renderer;

  rules.fence = (tokens, at) => {
    const { info = '', content = '' } = tokens[at] ?? {};
    return info === 'marbles' ? figure(content) : highlight(content, info);
  };
  rules.heading_open = (tokens, at) => {
    const level = Number(tokens[at]?.tag.slice(1));
    const words = (tokens[at + 1]?.children ?? []).map(({ content }) => content).join('');
    const anchor = freeAnchor(words, headings);
    headings.push({ level, text: words, anchor });
    return `<h${level} id="${anchor}">`;
  };
  rules.heading_close = (tokens, at) => {
    const { tag = '' } = tokens[at] ?? {};
    const anchor = headings.at(-1)?.anchor ?? '';
    return `<a class="anchor" href="#${anchor}" aria-label="link to this heading">#</a></${tag}>\n`;
  };
  rules.link_open = (tokens, at, options, _env, self) => {
    const token = tokens[at];
    const target = targetOf(source, String(token?.attrGet('href')));
    if (target.kind === 'elsewhere') token?.attrSet('rel', 'noreferrer');
    else {
      linked.push(target.file);
      token?.attrSet('href', `${relative(address, addressOf(target.file))}${target.anchor}`);
    }
    return self.renderToken(tokens, at, options);
  };
  rules.image = (tokens, at) => {
    const target = targetOf(source, String(tokens[at]?.attrGet('src')));
    if (target.kind === 'elsewhere')
      throw new Error(`${source} shows a picture from elsewhere: ${target.href}`);
    if (!target.file.endsWith('.svg')) {
      const alt = escapeHtml(tokens[at]?.content ?? '');
      return `<img class="screenshot" src="${relative(address, basename(target.file))}" alt="${alt}">`;
    }
    return `<span class="picture">${readFileSync(target.file, 'utf8').trim()}</span>`;
  };
  rules.table_open = () => '<div class="scroll"><table>\n';
  rules.table_close = () => '</table></div>\n';
  return { html: markdown.render(text), headings, linked };
}

function figure(content: string): string {
  const picture = parsePicture(content);
  const letters = Object.entries(picture.letters).map(
    ([letter, meaning]) => `<span><b>${escapeHtml(letter)}</b> ${escapeHtml(meaning)}</span>`,
  );
  return `<figure class="scroll">${drawPicture(picture)}<figcaption>${letters.join(' ')}</figcaption></figure>\n`;
}

/** As code hosts make it, so that the same link leads to the same heading there. */
function freeAnchor(text: string, taken: readonly Heading[]): string {
  const plain = text
    .toLowerCase()
    .replace(/[^\p{L}\p{N}\s_-]/gu, '')
    .trim()
    .replace(/\s/g, '-');
  const same = taken.filter(({ anchor }) => anchor.replace(/-\d+$/, '') === plain || anchor === plain).length;
  return same === 0 ? plain : `${plain}-${same}`;
}
