/** Markdown at its headings: each with the text below it, as plain text. What stands before the first has the file's name. */
export function sectionsOf(markdown: string, name: string): readonly { title: string; text: string }[] {
  const sections: { title: string; lines: string[] }[] = [{ title: name, lines: [] }];
  let isCode = false;
  for (const line of markdown.replace(/^---\n[\s\S]*?\n---\n/, '').split('\n')) {
    if (/^\s*(```|~~~)/.test(line)) isCode = !isCode;
    const [, heading] = isCode ? [] : (/^#{1,6}\s+(.*?)\s*#*\s*$/.exec(line) ?? []);
    if (heading === undefined) sections.at(-1)?.lines.push(line);
    else sections.push({ title: plainText(heading), lines: [] });
  }
  return sections
    .map(({ title, lines }) => ({ title, text: plainText(lines.join('\n')) }))
    .filter(({ text }) => text !== '');
}

/** Markdown without its marks, as a chat shows it. */
export function plainText(markdown: string): string {
  return markdown
    .replace(/<!--[\s\S]*?-->/g, '')
    .replace(/^\s*(```|~~~).*$/gm, '')
    .replace(/!\[([^\]]*)\]\([^)]*\)/g, '$1')
    .replace(/\[([^\]]*)\]\(([^)]*)\)/g, '$1')
    .replace(/(\*\*|__|`)(.+?)\1/g, '$2')
    .replace(/(^|\W)[*_](\S(?:.*?\S)?)[*_](?=\W|$)/gm, '$1$2')
    .replace(/^\s*[-*+]\s+/gm, '– ')
    .replace(/^\s*>\s?/gm, '')
    .replace(/\n{3,}/g, '\n\n')
    .trim();
}
