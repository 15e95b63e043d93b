import { type Observable, Subject } from 'rxjs';
import { type ErrorCode, errorCatalogue } from '../errors.ts';
import type { JournalEntry, JournalEvent } from '../model/journal-entry.ts';
import type { Notification } from '../model/notification.ts';
import type { Operation } from '../model/operation.ts';
import type { Outcome, OutcomeKind } from '../model/outcome.ts';
import type { Owner } from '../model/owner.ts';
import { type Clock, Journal, type Log } from '../ports.ts';

const codeOf: Partial<Record<OutcomeKind, ErrorCode>> = {
  refused: 'USHER_OPERATION_REFUSED',
  failed: 'USHER_OPERATION_FAILED',
  unsupported: 'USHER_OPERATION_FAILED',
  unknown: 'USHER_OPERATION_UNKNOWN',
};

/**
 * The journal of a process. Entries go to whoever listens and are not kept; problems are counted, and each
 * gets its line in the log. Customers' words are never in a log line.
 */
export class LiveJournal extends Journal {
  readonly #clock: Clock;
  readonly #log: Log;
  readonly #entries = new Subject<JournalEntry>();
  readonly #problems = new Map<ErrorCode, number>();

  override readonly entries$: Observable<JournalEntry> = this.#entries.asObservable();
  override readonly problems: ReadonlyMap<ErrorCode, number> = this.#problems;

  constructor(clock: Clock, log: Log) {
    super();
    this.#clock = clock;
    this.#log = log;
  }

  override record(agent: string, event: JournalEvent): void {
    this.#write(agent, event);
    this.#entries.next({ ...event, agent, at: this.#clock.now() });
  }

  #write(agent: string, event: JournalEvent): void {
    switch (event.kind) {
      case 'session': {
        const { status, detail } = event;
        const fields = { agent, status, ...(detail !== undefined && { detail }) };
        if (status === 'recovering') return this.#log.warn(fields, `session is ${status}`);
        return this.#log.info(fields, `session is ${status}`);
      }
      case 'resynchronised': {
        const { away, missed } = event;
        return this.#log.info({ agent, away, ...missed }, 'what was missed has been read');
      }
      case 'snapshot':
        return this.#log.debug({ agent, open: event.listed.length }, 'the server listed what is open');
      case 'interaction-began':
        return this.#log.info(
          { agent, interaction: event.interactionId, type: event.type, bot: event.bot },
          event.bot === undefined ? 'interaction began; no bot takes it' : 'interaction began',
        );
      case 'interaction-ended':
        return this.#log.info({ agent, interaction: event.interactionId, ...event.end }, 'interaction ended');
      case 'plugin-quarantined': {
        const { plugin, reason, until } = event;
        this.#count('USHER_PLUGIN_QUARANTINED');
        const { fix } = errorCatalogue.USHER_PLUGIN_QUARANTINED;
        const fields = { agent, plugin, code: 'USHER_PLUGIN_QUARANTINED', reason, until, fix };
        return this.#log.warn(fields, `plugin ${plugin} is kept away from the chats`);
      }
      case 'plugin-released':
        return this.#log.info({ agent, plugin: event.plugin }, `plugin ${event.plugin} works again`);
      case 'owner': {
        const { interactionId: interaction, owner } = event;
        return this.#log.info({ agent, interaction, ...owner }, `the word is with ${wordWith(owner)}`);
      }
      case 'noted': {
        const { interactionId: interaction, plugin, what, facts } = event;
        return this.#log.info({ agent, interaction, plugin, ...facts }, what);
      }
      case 'assigned': {
        const { interactionId: interaction, experiment, arm, reason } = event;
        return this.#log.info({ agent, interaction, experiment, arm, reason }, 'arm given');
      }
      case 'exposed': {
        const { interactionId: interaction, experiment, arm } = event;
        return this.#log.info({ agent, interaction, experiment, arm }, 'arm matters');
      }
      case 'measured': {
        const { interactionId: interaction, experiment, arm, measures } = event;
        return this.#log.debug({ agent, interaction, experiment, arm, measures }, 'chat measured');
      }
      case 'experiment-switched': {
        const { experiment, stopped, reason } = event;
        return this.#log.warn({ experiment, reason }, `experiment ${stopped ? 'stopped' : 'goes on'}`);
      }
      case 'relayed': {
        const { sink, batch, events } = event;
        return this.#log.debug({ sink, batch, events }, 'analytics events relayed');
      }
      case 'operation':
        return this.#log.debug(
          { agent, ...naming(event.operation), ...lengthOf(event.operation) },
          'operation asked for',
        );
      case 'outcome':
        return this.#writeOutcome(agent, event.outcome, event.took);
      case 'shadow-began': {
        const { interactionId: interaction, bot } = event;
        return this.#log.debug({ agent, interaction, bot }, 'shadow began');
      }
      case 'would-have': {
        const { operation, bot, withheld } = event;
        const fields = {
          agent,
          bot,
          ...naming(operation),
          ...lengthOf(operation),
          ...(withheld && { withheld }),
        };
        return this.#log.info(fields, withheld === undefined ? 'would have' : 'would not have');
      }
      case 'notification':
        return this.#log.debug({ agent, topic: event.topic, ...gist(event.notification) }, 'notification');
      case 'problem': {
        const { code, message, plugin, interactionId: interaction, cause } = event;
        const known = code as ErrorCode;
        this.#count(known);
        const fix = errorCatalogue[known]?.fix;
        const fields = { agent, code, ...(plugin && { plugin }), ...(interaction && { interaction }), fix };
        this.#log.warn(fields, message);
        if (cause !== undefined) this.#log.debug({ agent, code, err: cause }, message);
        return;
      }
    }
  }

  #writeOutcome(agent: string, outcome: Outcome, took: number): void {
    const { operation, kind, ...details } = outcome;
    const fields = { agent, ...naming(operation), outcome: kind, took, ...details };
    const code = codeOf[kind];
    if (code === undefined) return this.#log.info(fields, 'operation');
    this.#count(code);
    this.#log.warn({ ...fields, code, fix: errorCatalogue[code].fix }, `operation ${operation.name} ${kind}`);
  }

  #count(code: ErrorCode): void {
    this.#problems.set(code, (this.#problems.get(code) ?? 0) + 1);
  }
}

function naming(operation: Outcome['operation']): object {
  const { name, interactionId, plugin, once } = operation;
  return { operation: name, interaction: interactionId, plugin, ...(once !== undefined && { once }) };
}

/** What is said stands in the log as its length. */
function lengthOf(operation: Operation): object {
  return 'text' in operation ? { text: redacted(operation.text) } : {};
}

function gist(notification: Notification): object {
  const { kind: type } = notification;
  switch (notification.kind) {
    case 'interaction': {
      const { interactionId: interaction, change, update } = notification;
      return { type, interaction, change, ...(update.state !== undefined && { state: update.state }) };
    }
    case 'transcript': {
      const { interactionId: interaction } = notification;
      const lines = notification.lines.map(({ index, type: kind, from, text }) => ({
        index,
        type: kind,
        from: from.type,
        ...(text !== '' && { text: redacted(text) }),
      }));
      return { type, interaction, lines };
    }
    default:
      return { type };
  }
}

function redacted(text: string): string {
  return `(${text.length} characters)`;
}

function wordWith(owner: Owner): string {
  if (owner.kind === 'human') return owner.name;
  return owner.kind === 'bot' ? 'the bot again' : 'nobody';
}
