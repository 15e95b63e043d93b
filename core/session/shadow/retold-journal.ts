import type { Observable } from 'rxjs';
import type { ErrorCode } from '../../errors.ts';
import type { JournalEntry, JournalEvent } from '../../model/journal-entry.ts';
import { Journal } from '../../ports.ts';

/** A journal in front of another one, which is told of each event in another way, or not at all. */
export abstract class RetoldJournal extends Journal {
  readonly #journal: Journal;

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
    const told = this.retell(event);
    if (told !== undefined) this.#journal.record(agent, told);
  }

  protected abstract retell(event: JournalEvent): JournalEvent | undefined;
}
