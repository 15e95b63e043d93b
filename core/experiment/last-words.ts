import type { InteractionDocument } from '../model/interaction-document.ts';
import { keys } from './records.ts';
import { endsOf, type Tally, tallyKey } from './tally.ts';

/** What is still to be kept of a chat that ended while nobody was there: what it had come to. */
export function lastWords(
  interactionId: string,
  { states }: InteractionDocument,
): readonly { readonly key: string; readonly body: unknown }[] {
  const tally = states?.[tallyKey] as Tally | undefined;
  if (tally === undefined) return [];
  return endsOf(tally).map(({ key, body }) => ({ key: keys.end(key, interactionId), body }));
}
