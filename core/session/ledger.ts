import { type ObservableInput, of } from 'rxjs';
import type { InteractionDocument, OpenIntent } from '../model/interaction-document.ts';
import type { Operation } from '../model/operation.ts';
import type { Dossier, Interaction, Ledger } from '../ports.ts';

/** What a commit of one interaction's document comes to; `null` removes it. */
type WriteDocument = (
  interactionId: string,
  version: number,
  document: InteractionDocument | null,
) => Promise<'ok' | 'fenced' | 'conflict'>;

export interface StoredDocument {
  readonly id: string;
  readonly version: number;
  readonly document: InteractionDocument;
}

export interface SessionLedgerOptions {
  /** What an earlier process left. Default: nothing. */
  readonly stored?: readonly StoredDocument[];
  /** Default: nothing outlives the process, and nothing has to be waited for. */
  readonly write?: WriteDocument;
  /** Another worker owns the agent. */
  readonly onFenced?: () => void;
  /** Something that need not be waited for could not be written; it is with the next commit. */
  readonly onFailure?: (thrown: unknown) => void;
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
    for (const { id, version } of this.#stored.values()) {
      if (open.has(id)) continue;
      this.#stored.delete(id);
      this.#options.write?.(id, version, null).catch((thrown) => this.#options.onFailure?.(thrown));
    }
  }

  /** Resolves when all that was to be written is. */
  async flush(): Promise<void> {
    await Promise.allSettled([...this.#open.values()].map((dossier) => dossier.flush()));
  }
}

/** One interaction's document: changed in memory at once, and written when something has to be durable. */
export class LiveDossier implements Dossier {
  readonly interaction: Interaction;
  readonly #options: SessionLedgerOptions;
  readonly #done: Set<string>;
  readonly #handled = new Map<string, Set<number>>();
  #intent: OpenIntent | undefined;
  #version: number;
  #writing: Promise<'ok' | 'fenced'> | undefined;
  #next: Promise<'ok' | 'fenced'> | undefined;
  #removed = false;

  constructor(interaction: Interaction, stored: StoredDocument | undefined, options: SessionLedgerOptions) {
    this.interaction = interaction;
    this.#options = options;
    this.#version = stored?.version ?? 0;
    this.#intent = stored?.document.intent;
    this.#done = new Set(stored?.document.done);
    for (const [plugin, indexes] of Object.entries(stored?.document.handled ?? {})) {
      this.#handled.set(plugin, new Set(indexes));
    }
  }

  /** The operation that an earlier process left on its way. */
  get intent(): OpenIntent | undefined {
    return this.#intent;
  }

  has(key: string): boolean {
    return this.#done.has(key) || this.#intent?.operation.once === key;
  }

  mark(key: string): void {
    this.#done.add(key);
  }

  intend(intent: OpenIntent): ObservableInput<'ok' | 'fenced'> {
    this.#intent = intent;
    return this.#options.write === undefined ? of('ok' as const) : this.flush();
  }

  settle(operation: Operation): void {
    if (this.#intent?.operation === operation) this.#intent = undefined;
  }

  /** A plugin's handler has done with these lines; they are not given to it again. */
  handled(plugin: string, indexes: readonly number[]): void {
    const known = this.#handled.get(plugin) ?? new Set();
    this.#handled.set(plugin, known);
    for (const index of indexes) known.add(index);
    if (this.#options.write !== undefined) this.#writeSoon();
  }

  isHandled(plugin: string, index: number): boolean {
    return this.#handled.get(plugin)?.has(index) === true;
  }

  /** The interaction is over: nothing of it is kept. */
  remove(): void {
    this.#removed = true;
    if (this.#options.write !== undefined && (this.#version > 0 || this.#writing !== undefined))
      this.#writeSoon();
  }

  /** Durable when it resolves. One commit at a time; what comes meanwhile shares the next one. */
  flush(): Promise<'ok' | 'fenced'> {
    this.#next ??= (this.#writing ?? Promise.resolve())
      .catch(() => undefined)
      .then(() => {
        this.#writing = this.#next;
        this.#next = undefined;
        return this.#write();
      });
    return this.#next;
  }

  #writeSoon(): void {
    this.flush().catch((thrown) => this.#options.onFailure?.(thrown));
  }

  async #write(): Promise<'ok' | 'fenced'> {
    const { write } = this.#options;
    if (write === undefined) return 'ok';
    const result = await write(this.interaction.id, this.#version, this.#removed ? null : this.#document());
    if (result === 'ok') {
      this.#version = this.#removed ? 0 : this.#version + 1;
      return 'ok';
    }
    this.#options.onFenced?.();
    return 'fenced';
  }

  #document(): InteractionDocument {
    const { joinedAt, lastIndex } = this.interaction.now;
    return {
      shape: 1,
      seen: lastIndex,
      handled: Object.fromEntries([...this.#handled].map(([plugin, indexes]) => [plugin, [...indexes]])),
      done: [...this.#done],
      ...(joinedAt !== undefined && { joinedAt }),
      ...(this.#intent !== undefined && { intent: this.#intent }),
    };
  }
}
