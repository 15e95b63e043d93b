import { z } from 'zod';

/** The schema of a phrase in plugin options: whole words in any case, or a pattern. */
export const phrase = z.union([z.string().trim().min(1, 'must not be empty'), z.instanceof(RegExp)]);

export type Phrase = z.infer<typeof phrase>;

/** Whether the text contains one of the phrases. */
export function mentions(text: string, phrases: readonly Phrase[]): boolean {
  // One letter may be written as one character or as several.
  const composed = text.normalize('NFC');
  return phrases.some(
    (wanted) => composed.search(typeof wanted === 'string' ? wholeWords(wanted) : wanted) >= 0,
  );
}

/** Word borders by letter and digit of any script, which `\b` does not know. */
function wholeWords(words: string): RegExp {
  const pattern = words.normalize('NFC').trim().split(/\s+/).map(escaped).join('\\s+');
  return new RegExp(`(?<![\\p{L}\\p{N}])${pattern}(?![\\p{L}\\p{N}])`, 'iu');
}

function escaped(word: string): string {
  return word.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&');
}
