import { lastWords } from '../experiment/last-words.ts';
import type { Holding } from '../fleet/holding.ts';
import type { InteractionDocument } from '../model/interaction-document.ts';
import type { Json, OnceEntry } from '../store/store.ts';
import { SessionLedger, type SessionLedgerOptions, type StoredDocument } from './ledger.ts';
import { longestOperation } from './longest-operation.ts';

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

export interface HoldOptions {
  /** Milliseconds that the answer to an operation may take. Default: 10,000. */
  readonly requestTimeout?: number | undefined;
  /** What is to be published of a chat that ended while nobody was there. Default: nothing. */
  readonly lastEvents?: SessionLedgerOptions['lastEvents'];
  /** Another worker owns the agent, and that is news. */
  readonly onFenced: () => void;
  /** Something that need not be waited for could not be written. */
  readonly onFailure: (thrown: unknown) => void;
}

/** What the holding of an agent gives its session: the documents of its chats, written under the claim. */
export function holdOf(
  holding: Holding,
  { requestTimeout, lastEvents, onFenced, onFailure }: HoldOptions,
): SeatHold {
  const needMs = longestOperation(requestTimeout);
  return {
    mayAct: () => holding.holds(needMs),
    ledger: new SessionLedger({
      stored: holding.interactions.flatMap(({ id, version, state }) => {
        const document = documentIn(state);
        return document === undefined ? [] : [{ id, version, document } satisfies StoredDocument];
      }),
      write: (interaction, version, document, once, publish) =>
        holding.commit({
          interaction,
          version,
          state: document as unknown as Json,
          once: once as readonly OnceEntry[],
          publish,
        }),
      lastWords,
      lastEvents,
      onFenced: () => {
        if (!holding.isOver) onFenced();
      },
      onFailure,
    }),
  };
}

/** A document of another shape is from another version of Usher: its chat is taken up as one that was found open. */
function documentIn(state: Json): InteractionDocument | undefined {
  const isDocument = typeof state === 'object' && state !== null && 'shape' in state && state.shape === 1;
  return isDocument ? (state as unknown as InteractionDocument) : undefined;
}
