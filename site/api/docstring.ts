/** What a docstring says, as Markdown. */
export interface Docstring {
  /** Its sentences, and what it throws. */
  readonly text: string;
  readonly examples: readonly string[];
}

/** Reads the text between the marks of a docstring. */
export function readDocstring(comment: string): Docstring {
  const lines = comment
    .replace(/^\s*\*/, '')
    .split('\n')
    .map((line) => line.replace(/^\s*\* ?/, ''));
  const [text = '', ...tags] = lines.join('\n').split(/^@(?=\w)/m);
  const isExample = (tag: string): boolean => tag.startsWith('example');
  const told = tags.filter((tag) => !isExample(tag)).map(tagAsMarkdown);
  return {
    text: [text.trim(), ...told].filter((part) => part !== '').join('\n\n'),
    examples: tags.filter(isExample).map((tag) => `\`\`\`ts\n${tag.replace('example', '').trim()}\n\`\`\``),
  };
}

function tagAsMarkdown(tag: string): string {
  const [, name = '', text = ''] = /^(\w+)\s*([\s\S]*)$/.exec(tag) ?? [];
  if (name === 'throws') return `Throws: ${text.trim()}`;
  return name === 'param' ? text.trim().replace(/^(\w+)\s+/, '`$1`: ') : text.trim();
}
