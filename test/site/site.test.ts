import { existsSync, globSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, posix } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { build } from '../../site/build.ts';
import { render } from '../../site/markdown.ts';
import { pages } from '../../site/pages.ts';

let folder: string;
let files: readonly string[];

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'usher-site-'));
  build(folder);
  files = globSync('**/*', { cwd: folder }).filter((file) => /\.\w+$/.test(file));
}, 120_000);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const read = (file: string): string => readFileSync(join(folder, file), 'utf8');
const html = (): string[] => files.filter((file) => file.endsWith('.html'));

describe('the site', { timeout: 60_000 }, () => {
  it('has every file of docs/ in its menu, and each page once', () => {
    const sources = pages.flatMap(({ source }) => source ?? []);
    expect(globSync('docs/*.md').filter((file) => !sources.includes(file))).toEqual([]);
    expect(new Set(pages.map(({ path }) => path)).size).toBe(pages.length);
    expect(html().length).toBeGreaterThan(pages.length);
  });

  it('has no dead link, whether to a page, a heading or a file', () => {
    const dead: string[] = [];
    for (const file of html()) {
      for (const [, link = ''] of read(file).matchAll(/\b(?:href|src)="([^"]*)"/g)) {
        if (/^https?:/.test(link)) continue;
        const [path = '', anchor] = link.split('#');
        const target = path === '' ? file : posix.join(posix.dirname(file), path);
        if (!existsSync(join(folder, target))) dead.push(`${file}: ${link}`);
        else if (anchor !== undefined && !read(target).includes(`id="${anchor}"`))
          dead.push(`${file}: ${link}`);
      }
    }
    expect(dead).toEqual([]);
  });

  it('asks nobody else for anything: no script, no font, no picture from elsewhere', () => {
    for (const file of html()) {
      const text = read(file);
      expect(text).not.toMatch(/<script|<iframe|<img(?! [^>]*src="[\w-]+\.png")|@import|url\(/);
      for (const [, link = ''] of text.matchAll(/<link [^>]*href="([^"]*)"/g))
        expect(link).not.toMatch(/^(https?:)?\/\//);
    }
    expect(read('style.css')).not.toMatch(/url\(|@import/);
  });

  it('gives each page a title, one first heading, and headings that can be linked to', () => {
    for (const file of html()) {
      const text = read(file);
      expect([file, text.match(/<h1/g)?.length]).toEqual([file, 1]);
      expect(text).toMatch(/<title>[^<]+<\/title>/);
      const ids = [...text.matchAll(/\bid="([^"]*)"/g)].map(([, id]) => id);
      expect([file, new Set(ids).size]).toEqual([file, ids.length]);
    }
  });

  it('lists every page in llms.txt, with links that lead to its Markdown', () => {
    const links = [...read('llms.txt').matchAll(/\]\(([^)]+)\)/g)].map(([, link = '']) => link);
    expect(links).toEqual(pages.map(({ path }) => `${path}.md`));
    expect(links.filter((link) => !existsSync(join(folder, link)))).toEqual([]);
  });

  it('has links in the Markdown it gives to programs that lead somewhere, too', () => {
    const dead = pages.flatMap(({ path }) => {
      const links = [...read(`${path}.md`).matchAll(/\]\((?!https?:)([^)#]+)[^)]*\)/g)].map(
        ([, link = '']) => link,
      );
      return links
        .filter((link) => !existsSync(join(folder, dirname(path), link)))
        .map((link) => `${path}.md: ${link}`);
    });
    expect(dead).toEqual([]);
  });

  it('has every name of the public door in the reference, with its docstring', () => {
    const door = readFileSync('core/index.ts', 'utf8').replace(/^\/\/.*$/gm, '');
    const names = [...door.matchAll(/export (?:type )?\{([^}]*)\}/g)].flatMap(([, list = '']) =>
      list
        .split(',')
        .map((name) => name.replace(/\btype\b/, '').trim())
        .filter((name) => name !== ''),
    );
    const reference = read('api/usher-bots.md');
    expect(names.length).toBeGreaterThan(60);
    expect(names.filter((name) => !reference.includes(`### ${name}\n`))).toEqual([]);
    expect(reference).toContain(
      'Defines a plugin. The result is called with options to make what a bot lists.',
    );
  });

  it('has every plugin and bot that ships, with its options', () => {
    const text = read('api/plugins.md');
    for (const file of globSync(['plugins/*.ts', 'bots/*.ts'])) {
      expect(text).toContain(`from 'usher-bots/${file.replace(/\.ts$/, '')}'`);
    }
    expect(text).toContain('| `charactersPerSecond` |');
    expect(text).toContain('| `onDrain` |');
  });
});

describe('a page', () => {
  it('refuses a link that leads nowhere, by name', () => {
    expect(() => render('[x](nowhere.md)', 'docs/plugins.md', 'plugins.html')).toThrow(
      'docs/plugins.md links to nowhere.md, which is not there',
    );
  });

  it('shows what is written as it is written, and never as HTML', () => {
    expect(render('<script>x</script>', 'docs/plugins.md', 'plugins.html').html).not.toContain('<script>');
  });
});
