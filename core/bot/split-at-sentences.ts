const sentences = new Intl.Segmenter(undefined, { granularity: 'sentence' });

/** A text in parts of at most so many characters, each of whole sentences where they are short enough. */
export function splitAtSentences(text: string, longest: number): readonly string[] {
  const parts: string[] = [];
  let part = '';
  for (const { segment } of sentences.segment(text)) {
    if (part !== '' && part.length + segment.trimEnd().length > longest) {
      parts.push(part.trim());
      part = '';
    }
    part += segment;
    while (part.trimEnd().length > longest) {
      const cut = part.lastIndexOf(' ', longest);
      const at = cut > 0 ? cut : longest;
      parts.push(part.slice(0, at).trim());
      part = part.slice(at).trimStart();
    }
  }
  if (part.trim() !== '') parts.push(part.trim());
  return parts;
}
