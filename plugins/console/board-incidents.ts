import type { JournalEntry } from '../../core/index.ts';
import type { Incident } from './wire.ts';

const kept = 300;

/** What did not happen as asked for: operations that were not sent, and problems. */
export class Incidents {
  readonly #rows: Incident[] = [];
  #new: Incident[] = [];
  #count = 0;

  all(): readonly Incident[] {
    return this.#rows;
  }

  /** Those since this was asked last. */
  takeNew(): readonly Incident[] {
    const fresh = this.#new;
    this.#new = [];
    return fresh;
  }

  take(entry: JournalEntry): void {
    if (entry.kind === 'problem') {
      const { code, message, interactionId, plugin } = entry;
      this.#add(entry, { what: code, why: message, interaction: interactionId, plugin });
    }
    if (entry.kind === 'outcome' && entry.outcome.kind !== 'sent') {
      const { operation, kind, reason, message } = entry.outcome;
      const { name, plugin, interactionId: interaction } = operation;
      const why = [reason, message].filter((part) => part !== undefined).join(': ');
      this.#add(entry, { what: `${name} ${kind}`, why, interaction, plugin });
    }
  }

  #add(
    { at, agent }: JournalEntry,
    incident: {
      readonly what: string;
      readonly why: string;
      readonly interaction: string | undefined;
      readonly plugin: string | undefined;
    },
  ): void {
    const { what, why, interaction, plugin } = incident;
    this.#count += 1;
    const row = {
      n: this.#count,
      at,
      agent,
      what,
      why,
      ...(interaction !== undefined && { interaction }),
      ...(plugin !== undefined && { plugin }),
    };
    for (const list of [this.#rows, this.#new]) {
      list.push(row);
      if (list.length > kept) list.shift();
    }
  }
}
