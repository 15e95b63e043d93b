import type { JournalEvent } from '../../model/journal-entry.ts';
import type { Outcome } from '../../model/outcome.ts';

/** What is written of an operation that did not leave; `undefined` for signs of typing, which say nothing of their own. */
export function wouldHave({ operation, kind, reason }: Outcome, bot?: string): JournalEvent | undefined {
  if ('typing' in operation) return undefined;
  const withheld = { kind, ...(reason !== undefined && { reason }) };
  return {
    kind: 'would-have',
    interactionId: operation.interactionId,
    ...(bot !== undefined && { bot }),
    operation,
    ...(kind !== 'sent' && { withheld }),
  };
}
