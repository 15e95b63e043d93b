import { randomBytes } from 'node:crypto';
import { defer, firstValueFrom, merge, of, retry, Subscription, switchMap, timer } from 'rxjs';
import { messageOf } from '../errors.ts';
import type { InteractionDocument } from '../model/interaction-document.ts';
import type { JournalEntry } from '../model/journal-entry.ts';
import type { Message } from '../model/message.ts';
import type { Clock, Interaction, Journal } from '../ports.ts';
import type { TextPolicy } from '../recording/recording.ts';
import { Redaction } from '../recording/redaction.ts';
import type { Json, Store } from '../store/store.ts';
import type { AnalyticsOptions } from './analytics-options.ts';
import { ChatEvents, type EventDossier, lastEvents } from './chat-events.ts';
import { Relay } from './relay.ts';

/** Under which key of the store it stands what its batches are called by, and the secret of the tags. */
const outboxKey = 'analytics/outbox';

interface OutboxFacts {
  readonly source: string;
  readonly key: string;
}

/** Milliseconds of the last go before the process ends. */
const lastGo = 5_000;
/** Milliseconds that the sink may take to close. */
const closing = 2_000;
/** Milliseconds from one try to look into a store that did not answer to the next. */
const betweenTries = 1_000;

/** Tells the world outside of the chats of this process, through the outbox of its store. */
export class Analytics {
  readonly #options: AnalyticsOptions;
  readonly #journal: Journal;
  readonly #clock: Clock;
  readonly #texts: TextPolicy | undefined;
  readonly #chats = new Map<string, ChatEvents>();
  /** By agent: what is known of customers must be known before it can be found in texts. */
  readonly #redactions = new Map<string, Redaction>();
  /** By shard. */
  readonly #facts: OutboxFacts[] = [];
  readonly #relays: Relay[] = [];
  readonly #running = new Subscription();
  /** Until a store tells better: of use to this process alone. */
  readonly #own = newFacts();
  #shardOf: (username: string) => number = () => 0;

  constructor(options: AnalyticsOptions, journal: Journal, clock: Clock) {
    this.#options = options;
    this.#journal = journal;
    this.#clock = clock;
    const { text = false } = options;
    if (text !== false) this.#texts = text === true ? 'redacted' : text;
  }

  /**
   * Listens, and begins to relay what the stores hold. One of several that does not answer is relayed when it does.
   *
   * @param shardOf In which of the stores an agent is.
   * @throws UsherError USHER_STORE_UNAVAILABLE if the only one does not answer.
   */
  async begin(stores: readonly Store[], shardOf: (username: string) => number = () => 0): Promise<void> {
    this.#shardOf = shardOf;
    const begun = await Promise.allSettled(stores.map((store, shard) => this.#relayFrom(store, shard)));
    for (const [shard, result] of begun.entries()) {
      if (result.status === 'fulfilled') continue;
      if (stores.length === 1) throw result.reason;
      this.#relayLater(stores[shard] as Store, shard);
    }
    this.#running.add(this.#journal.entries$.subscribe((entry) => this.#hear(entry)));
  }

  /** A last go at what waits; the rest is sent by whoever comes next. */
  async end(): Promise<void> {
    this.#running.unsubscribe();
    await Promise.all(this.#relays.map((relay) => relay.stop(lastGo)));
    const { sink } = this.#options;
    const closed$ = defer(async () => sink.close?.());
    try {
      await firstValueFrom(merge(closed$, timer(closing)), { defaultValue: undefined });
    } catch (thrown) {
      const message = `${sink.name}: ${messageOf(thrown)}`;
      this.#journal.record('-', { kind: 'problem', code: 'USHER_ANALYTICS_AWAY', message, cause: thrown });
    }
  }

  /**
   * Tells of a chat from now on, in the commits of its document. Returns what is to be called once everybody else
   * listens, so that its end is told last.
   */
  watch(interaction: Interaction, dossier: EventDossier): () => void {
    const key = keyOf(interaction.agent.username, interaction.id);
    this.#learnOf(interaction);
    const chat = new ChatEvents(interaction, dossier, this.#clock, (message) =>
      this.#textOf(interaction, message),
    );
    this.#chats.set(key, chat);
    interaction.messages$.subscribe((message) => chat.say(message));
    return () => {
      interaction.ended$.subscribe((end) => {
        if (end.reason !== 'session-ended') chat.end(end);
        if (this.#chats.get(key) === chat) this.#chats.delete(key);
      });
    };
  }

  /** What is to be told of a chat that ended while nobody was there. */
  lastEvents(agent: string, interactionId: string, document: InteractionDocument): readonly Json[] {
    return lastEvents(agent, interactionId, document, this.#clock.now());
  }

  async #relayFrom(store: Store, shard: number): Promise<void> {
    const { sink, every = 1_000 } = this.#options;
    const kept = await store.keep([{ key: outboxKey, body: { ...newFacts() } }]);
    const facts = kept.get(outboxKey) as unknown as OutboxFacts;
    this.#facts[shard] = facts;
    const relay = new Relay({ store, sink, every, journal: this.#journal, source: facts.source });
    this.#relays.push(relay);
    relay.start();
  }

  /** That it does not answer is told by the worker. */
  #relayLater(store: Store, shard: number): void {
    this.#running.add(
      timer(betweenTries)
        .pipe(
          switchMap(() => this.#relayFrom(store, shard)),
          retry({ delay: () => of(undefined) }),
        )
        .subscribe(),
    );
  }

  #hear(entry: JournalEntry): void {
    if (entry.kind === 'notification') this.#redactions.get(entry.agent)?.event(entry);
    const interactionId = entry.kind === 'outcome' ? entry.outcome.operation.interactionId : idIn(entry);
    if (interactionId !== undefined) this.#chats.get(keyOf(entry.agent, interactionId))?.hear(entry);
  }

  #learnOf({ id: interactionId, agent, now: { participants, userData } }: Interaction): void {
    const texts = this.#texts;
    if (texts === undefined || texts === 'all') return;
    const known = this.#redactions.get(agent.username);
    const { key } = this.#facts[this.#shardOf(agent.username)] ?? this.#own;
    const redaction = known ?? new Redaction({ key, texts, agent });
    this.#redactions.set(agent.username, redaction);
    redaction.event({
      kind: 'notification',
      topic: '',
      notification: {
        kind: 'interaction',
        interactionId,
        change: 'StatusChange',
        update: { participants, userData },
      },
    });
  }

  #textOf({ agent }: Interaction, message: Message): string | undefined {
    const texts = this.#texts;
    if (texts === undefined || texts === 'all') return texts && message.text;
    return this.#redactions.get(agent.username)?.line(message).text;
  }
}

function idIn(entry: JournalEntry): string | undefined {
  return 'interactionId' in entry ? entry.interactionId : undefined;
}

function keyOf(agent: string, interactionId: string): string {
  return `${agent} ${interactionId}`;
}

function newFacts(): OutboxFacts {
  return { source: randomBytes(6).toString('hex'), key: randomBytes(32).toString('hex') };
}
