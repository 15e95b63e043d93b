/** What a viewer sees of people's words: the words, or how long they are. */
export type Discretion = 'shown' | 'hidden';

export function words(text: string, discretion: Discretion): string {
  if (discretion === 'shown' || text === '') return text;
  return `(${text.length} ${text.length === 1 ? 'character' : 'characters'})`;
}

/** A person's name; who hides words hides names as well. */
export function nameOf(name: string, role: string, discretion: Discretion): string {
  return discretion === 'shown' || role !== 'Customer' ? name : 'Customer';
}
