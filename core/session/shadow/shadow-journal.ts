import type { JournalEvent } from '../../model/journal-entry.ts';
import type { Journal } from '../../ports.ts';
import { RetoldJournal } from './retold-journal.ts';
import { wouldHave } from './would-have.ts';

/**
 * The journal as a shadow bot has it. What it does is written down as what it would have done, its troubles in its name,
 * and nothing else: no operation, no outcome and no note of a shadow is ever counted as one.
 */
export class ShadowJournal extends RetoldJournal {
  readonly #bot: string;

  constructor(bot: string, journal: Journal) {
    super(journal);
    this.#bot = bot;
  }

  protected override retell(event: JournalEvent): JournalEvent | undefined {
    const bot = this.#bot;
    switch (event.kind) {
      case 'interaction-began': {
        const { interactionId } = event;
        return event.bot === undefined ? undefined : { kind: 'shadow-began', interactionId, bot };
      }
      case 'outcome':
        return wouldHave(event.outcome, bot);
      case 'problem': {
        const { message, plugin } = event;
        const named = plugin === undefined ? {} : { plugin: `${bot}/${plugin}` };
        return { ...event, message: `shadow ${bot}: ${message}`, ...named };
      }
      case 'plugin-quarantined':
      case 'plugin-released':
        return { ...event, plugin: `${bot}/${event.plugin}` };
      default:
        return undefined;
    }
  }
}
