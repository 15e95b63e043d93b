import type { Observable } from 'rxjs';
import type { ErrorCode } from '../../errors.ts';
import { humanPlugin } from '../../gateway/ownership.ts';
import type { JournalEntry, JournalEvent } from '../../model/journal-entry.ts';
import type { Outcome } from '../../model/outcome.ts';
import { Journal } from '../../ports.ts';
import { wouldHave } from './would-have.ts';

/** The journal of an agent session in a dry run: whatever is asked for is written down as what would have been done. */
export class DryJournal extends Journal {
  readonly #journal: Journal;
  /** The bots of the open chats. */
  readonly #bots = new Map<string, string>();

  constructor(journal: Journal) {
    super();
    this.#journal = journal;
  }

  override get entries$(): Observable<JournalEntry> {
    return this.#journal.entries$;
  }

  override get problems(): ReadonlyMap<ErrorCode, number> {
    return this.#journal.problems;
  }

  override record(agent: string, event: JournalEvent): void {
    // Nothing was done, so that there is nothing to note either.
    if (event.kind === 'operation' || event.kind === 'noted') return;
    if (event.kind === 'interaction-began' && event.bot !== undefined)
      this.#bots.set(event.interactionId, event.bot);
    if (event.kind === 'interaction-ended') this.#bots.delete(event.interactionId);
    const told = event.kind === 'outcome' ? wouldHave(event.outcome, this.#botOf(event.outcome)) : event;
    if (told !== undefined) this.#journal.record(agent, told);
  }

  #botOf({ operation: { plugin, interactionId } }: Outcome): string | undefined {
    return plugin === humanPlugin ? undefined : this.#bots.get(interactionId);
  }
}
