import { humanPlugin } from '../../gateway/ownership.ts';
import type { JournalEvent } from '../../model/journal-entry.ts';
import type { Outcome } from '../../model/outcome.ts';
import { RetoldJournal } from './retold-journal.ts';
import { wouldHave } from './would-have.ts';

/** The journal of an agent session in a dry run: whatever is asked for is written down as what would have been done. */
export class DryJournal extends RetoldJournal {
  /** The bots of the open chats. */
  readonly #bots = new Map<string, string>();

  protected override retell(event: JournalEvent): JournalEvent | undefined {
    switch (event.kind) {
      // Nothing was done, so that there is nothing to note either.
      case 'operation':
      case 'noted':
        return undefined;
      case 'outcome':
        return wouldHave(event.outcome, this.#botOf(event.outcome));
      case 'interaction-began':
        if (event.bot !== undefined) this.#bots.set(event.interactionId, event.bot);
        return event;
      case 'interaction-ended':
        this.#bots.delete(event.interactionId);
        return event;
      default:
        return event;
    }
  }

  #botOf({ operation: { plugin, interactionId } }: Outcome): string | undefined {
    return plugin === humanPlugin ? undefined : this.#bots.get(interactionId);
  }
}
