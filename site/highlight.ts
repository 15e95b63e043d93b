import { createHighlighter } from 'shiki';

const languages = ['ts', 'sh', 'json', 'yaml', 'ini', 'docker', 'toml'] as const;

const highlighter = await createHighlighter({
  themes: ['github-light-default', 'github-dark-default'],
  langs: [...languages],
});

/** Code in colours for light and for dark, as HTML; what is of no known language is plain. */
export function highlight(code: string, language: string): string {
  const known = (languages as readonly string[]).includes(language) ? language : 'text';
  return highlighter.codeToHtml(code.trimEnd(), {
    lang: known,
    themes: { light: 'github-light-default', dark: 'github-dark-default' },
    defaultColor: false,
  });
}
