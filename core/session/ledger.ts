import type { InteractionDocument } from '../model/interaction-document.ts';
import type { Interaction, Ledger } from '../ports.ts';
import type { Json } from '../store/store.ts';
import { type DossierOptions, type KeptOnce, LiveDossier, type StoredDocument } from './live-dossier.ts';

export type { KeptOnce, StoredDocument } from './live-dossier.ts';

export interface SessionLedgerOptions extends DossierOptions {
  /** What an earlier process left. Default: nothing. */
  readonly stored?: readonly StoredDocument[];
  /** What is still to be kept of a chat that ended while nobody was there. Default: nothing. */
  readonly lastWords?: (interactionId: string, document: InteractionDocument) => readonly KeptOnce[];
  /** What is still to be published of such a chat. Default: nothing. */
  readonly lastEvents?:
    | ((interactionId: string, document: InteractionDocument) => readonly Json[])
    | undefined;
}

/** The documents of one agent's interactions, in memory, and behind them the store. */
export class SessionLedger implements Ledger {
  readonly #options: SessionLedgerOptions;
  readonly #stored: Map<string, StoredDocument>;
  readonly #open = new Map<string, LiveDossier>();

  constructor(options: SessionLedgerOptions = {}) {
    this.#options = options;
    this.#stored = new Map((options.stored ?? []).map((entry) => [entry.id, entry]));
  }

  /** What an earlier process wrote down about a chat. */
  recall(interactionId: string): InteractionDocument | undefined {
    return this.#stored.get(interactionId)?.document;
  }

  of(interaction: Interaction): LiveDossier {
    const known = this.#open.get(interaction.id);
    if (known?.interaction === interaction) return known;
    const stored = this.#stored.get(interaction.id);
    this.#stored.delete(interaction.id);
    const dossier = new LiveDossier(interaction, stored, this.#options);
    this.#open.set(interaction.id, dossier);
    interaction.ended$.subscribe(({ reason }) => {
      if (this.#open.get(interaction.id) === dossier) this.#open.delete(interaction.id);
      // A session that ends leaves its chats to the next one.
      if (reason !== 'session-ended') dossier.remove();
    });
    return dossier;
  }

  /** Drops what is kept of chats that ended while nobody was there. */
  forgetAllBut(open: ReadonlySet<string>): void {
    for (const { id, version, document } of this.#stored.values()) {
      if (open.has(id)) continue;
      this.#stored.delete(id);
      this.#options
        .write?.(
          id,
          version,
          null,
          this.#options.lastWords?.(id, document) ?? [],
          this.#options.lastEvents?.(id, document) ?? [],
        )
        .catch((thrown) => this.#options.onFailure?.(thrown));
    }
  }

  /** Resolves when all that was to be written is. */
  async flush(): Promise<void> {
    await Promise.allSettled([...this.#open.values()].map((dossier) => dossier.flush()));
  }
}
