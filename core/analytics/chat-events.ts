import { type AnalyticsEvent, type AnalyticsFact, analyticsVersion } from '../model/analytics-event.ts';
import type { InteractionEnd } from '../model/interaction.ts';
import type { InteractionDocument } from '../model/interaction-document.ts';
import type { JournalEntry } from '../model/journal-entry.ts';
import type { Message } from '../model/message.ts';
import type { OperationName } from '../model/operation.ts';
import type { Clock, Interaction } from '../ports.ts';
import type { Json } from '../store/store.ts';

/** Where the document of a chat has what is known for its events. */
const factsKey = 'usher/analytics';

/** What is kept of a chat beside its events, in its document. */
interface Known {
  readonly beganAt: number;
  readonly disposition?: string;
}

/** The document of a chat, as far as events need it. */
export interface EventDossier {
  stateOf(key: string): unknown;
  setState(key: string, state: unknown): void;
  /** Goes into the outbox with the next commit, which follows soon; also when the interaction is over. */
  publish(event: Json): void;
}

/** What is asked for all the time, and tells nothing of how a chat goes. */
const untold: ReadonlySet<OperationName> = new Set([
  'sendTyping',
  'sendTypingToAgents',
  'setInFocus',
  'requestHistory',
]);

/** Characters of an event as JSON; what is larger is cut, lest a commit be refused for it. */
const longestEvent = 65_536;

/** What is told of one chat of one agent. */
export class ChatEvents {
  readonly #interaction: Interaction;
  readonly #dossier: EventDossier;
  readonly #clock: Clock;
  readonly #textOf: (message: Message) => string | undefined;

  constructor(
    interaction: Interaction,
    dossier: EventDossier,
    clock: Clock,
    textOf: (message: Message) => string | undefined,
  ) {
    this.#interaction = interaction;
    this.#dossier = dossier;
    this.#clock = clock;
    this.#textOf = textOf;
  }

  /** Takes what the journal says of the chat. */
  hear(entry: JournalEntry): void {
    if (entry.kind === 'interaction-began') return this.#begin(entry);
    const fact = factOf(entry);
    if (fact === undefined) return;
    if (fact.kind === 'outcome' && fact.outcome === 'sent' && fact.disposition !== undefined)
      this.#know({ disposition: fact.disposition });
    this.#publish(fact, entry.at);
  }

  /** Takes a line of the transcript: each once, whatever is told of it again after a restart. */
  say(message: Message): void {
    const { type, index, from, own, visibility, history, text } = message;
    if (history || (type !== 'Text' && type !== 'PushUrl')) return;
    const told = this.#textOf(message);
    this.#publish(
      {
        kind: 'message',
        type,
        index,
        from: from.type,
        own,
        visibility,
        length: text.length,
        ...(told !== undefined && { text: told }),
      },
      message.at ?? this.#clock.now(),
    );
  }

  /** The chat is over for the agent. A session that ends leaves its chats to the next one: nothing ends then. */
  end({ reason, state }: InteractionEnd): void {
    const at = this.#clock.now();
    const { beganAt, disposition } = this.#known ?? {};
    this.#publish(
      {
        kind: 'interaction-ended',
        reason,
        ...(state !== undefined && { state }),
        ...(disposition !== undefined && { disposition }),
        ...(beganAt !== undefined && { lasted: at - beganAt }),
      },
      at,
    );
  }

  #begin({ type, bot, at }: Extract<JournalEntry, { kind: 'interaction-began' }>): void {
    // The process before this one has told of it, in the commit that made the document.
    if (this.#known !== undefined) return;
    this.#know({ beganAt: at });
    const { resumed } = this.#interaction;
    this.#publish({ kind: 'interaction-began', type, ...(bot !== undefined && { bot }), resumed }, at);
  }

  get #known(): Known | undefined {
    return this.#dossier.stateOf(factsKey) as Known | undefined;
  }

  #know(more: Partial<Known>): void {
    this.#dossier.setState(factsKey, { beganAt: this.#clock.now(), ...this.#known, ...more });
  }

  #publish(fact: AnalyticsFact, at: number): void {
    const { id, agent } = this.#interaction;
    this.#dossier.publish(eventOf(fact, at, agent.username, id));
  }
}

/** What is to be told of a chat that ended while nobody was there. */
export function lastEvents(
  agent: string,
  interactionId: string,
  { states }: InteractionDocument,
  at: number,
): readonly Json[] {
  const known = states?.[factsKey] as Known | undefined;
  if (known === undefined) return [];
  const { disposition } = known;
  const fact: AnalyticsFact = {
    kind: 'interaction-ended',
    reason: 'vanished',
    ...(disposition !== undefined && { disposition }),
  };
  return [eventOf(fact, at, agent, interactionId)];
}

function eventOf(fact: AnalyticsFact, at: number, agent: string, interactionId: string): Json {
  const envelope = { v: analyticsVersion, at, agent, interactionId } as const;
  const event = { ...envelope, ...fact } satisfies AnalyticsEvent;
  const { length } = JSON.stringify(event);
  return length <= longestEvent ? (event as unknown as Json) : { ...envelope, kind: fact.kind, cut: true };
}

/** What an entry of the journal comes to outside; `undefined` where it stays inside. */
function factOf(entry: JournalEntry): AnalyticsFact | undefined {
  switch (entry.kind) {
    case 'outcome':
      return outcomeFact(entry);
    case 'owner': {
      const { owner } = entry;
      return { kind: 'owner', owner: owner.kind, ...(owner.kind === 'human' && { by: owner.by }) };
    }
    case 'noted': {
      const { kind, plugin, what, facts } = entry;
      return { kind, plugin, what, facts };
    }
    case 'assigned': {
      const { kind, experiment, arm, unit, reason, propensity } = entry;
      return { kind, experiment, arm, unit, reason, ...(propensity !== undefined && { propensity }) };
    }
    case 'exposed': {
      const { kind, experiment, arm } = entry;
      return { kind, experiment, arm };
    }
    case 'measured': {
      const { kind, experiment, arm, measures } = entry;
      // Figures say nothing of a person; a text may.
      const figures = Object.entries(measures).filter(([, value]) => typeof value === 'number');
      return { kind, experiment, arm, measures: Object.fromEntries(figures) };
    }
    default:
      return undefined;
  }
}

function outcomeFact({
  outcome: { operation, kind: outcome, reason, reconciled },
  took,
}: Extract<JournalEntry, { kind: 'outcome' }>): AnalyticsFact | undefined {
  const { name, plugin, once } = operation;
  if (untold.has(name)) return undefined;
  return {
    kind: 'outcome',
    operation: name,
    plugin,
    ...(once !== undefined && { once }),
    outcome,
    ...(reason !== undefined && { reason }),
    ...(reconciled !== undefined && { reconciled }),
    took,
    ...('to' in operation && { to: operation.to }),
    ...('disposition' in operation && { disposition: operation.disposition }),
  };
}
