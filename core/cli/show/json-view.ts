import type { JournalEntry } from '../../model/journal-entry.ts';

/** Members that hold what people write or what is known of them. */
const private_ = new Set(['text', 'userData', 'nickname']);

/** A journal entry as one line of JSON. Without `showText`, people's words and data are masked by their length. */
export function jsonLine(entry: JournalEntry, showText: boolean): string {
  return JSON.stringify(entry, (key, value: unknown) => {
    if (key === 'cause') return value instanceof Error ? value.message : undefined;
    if (showText || !private_.has(key)) return value;
    return typeof value === 'string' ? `(${value.length} characters)` : {};
  });
}
