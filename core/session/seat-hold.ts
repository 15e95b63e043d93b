import { lastWords } from '../experiment/last-words.ts';
import type { Tenure } from '../fleet/tenure.ts';
import type { InteractionDocument } from '../model/interaction-document.ts';
import type { Json, OnceEntry } from '../store/store.ts';
import { SessionLedger, type StoredDocument } from './ledger.ts';

/** What an agent session may count on: that the agent is this process's own, and what is kept of its chats. */
export interface SeatHold {
  readonly ledger: SessionLedger;
  /** Whether the agent will still be this process's own when an operation that is sent now has ended. */
  readonly mayAct: () => boolean;
}

/** The hold of a process that shares its agents with nobody, and keeps nothing. */
export function unshared(): SeatHold {
  return { ledger: new SessionLedger(), mayAct: () => true };
}

/** Milliseconds that an operation may take, and one to spare: no longer may a lease be relied on. */
const longestOperation = 11_000;

/** What a tenure gives an agent's session: the documents of its chats, written under the claim on the agent. */
export function holdOf(
  tenure: Tenure,
  key: string,
  onFenced: () => void,
  onFailure: (thrown: unknown) => void,
): SeatHold {
  return {
    mayAct: () => tenure.holds(longestOperation),
    ledger: new SessionLedger({
      stored: tenure.interactionsOf(key).flatMap(({ id, version, state }) => {
        const document = documentIn(state);
        return document === undefined ? [] : [{ id, version, document } satisfies StoredDocument];
      }),
      write: (interaction, version, document, once) =>
        tenure.commit(key, {
          interaction,
          version,
          state: document as unknown as Json,
          once: once as readonly OnceEntry[],
        }),
      lastWords,
      onFenced,
      onFailure,
    }),
  };
}

/** A document of another shape is from another version of Usher: its chat is taken up as one that was found open. */
function documentIn(state: Json): InteractionDocument | undefined {
  const isDocument = typeof state === 'object' && state !== null && 'shape' in state && state.shape === 1;
  return isDocument ? (state as unknown as InteractionDocument) : undefined;
}
