import { type ObservableInput, of } from 'rxjs';
import type { InteractionDocument, OpenIntent } from '../model/interaction-document.ts';
import type { Operation } from '../model/operation.ts';
import { botOwner, type Owner } from '../model/owner.ts';
import type { Dossier, Interaction } from '../ports.ts';
import type { Json } from '../store/store.ts';

/** What a commit of one interaction's document comes to; `null` removes it. */
type WriteDocument = (
  interactionId: string,
  version: number,
  document: InteractionDocument | null,
  once: readonly KeptOnce[],
  publish: readonly Json[],
) => Promise<'ok' | 'fenced' | 'conflict'>;

/** What is kept once in the whole store. */
export interface KeptOnce {
  readonly key: string;
  readonly body: unknown;
}

export interface StoredDocument {
  readonly id: string;
  readonly version: number;
  readonly document: InteractionDocument;
}

export interface DossierOptions {
  /** Default: nothing outlives the process, and nothing has to be waited for. */
  readonly write?: WriteDocument;
  /** Another worker owns the agent. */
  readonly onFenced?: () => void;
  /** Something that need not be waited for could not be written; it is with the next commit. */
  readonly onFailure?: (thrown: unknown) => void;
}

/** One interaction's document: changed in memory at once, and written when something has to be durable. */
export class LiveDossier implements Dossier {
  readonly interaction: Interaction;
  readonly #options: DossierOptions;
  readonly #done: Set<string>;
  readonly #handled = new Map<string, Set<number>>();
  readonly #states: Map<string, unknown>;
  readonly #timers = new Map<string, Map<string, number>>();
  /** The transcript is read anew after a restart: until it has been, more is known from before. */
  readonly #seenBefore: number;
  #owner: Owner;
  #intent: OpenIntent | undefined;
  #version: number;
  #writing: Promise<'ok' | 'fenced'> | undefined;
  #next: Promise<'ok' | 'fenced'> | undefined;
  #removed = false;
  #once: readonly KeptOnce[] = [];
  #events: readonly Json[] = [];

  constructor(interaction: Interaction, stored: StoredDocument | undefined, options: DossierOptions) {
    this.interaction = interaction;
    this.#options = options;
    this.#version = stored?.version ?? 0;
    this.#seenBefore = stored?.document.seen ?? -1;
    this.#intent = stored?.document.intent;
    this.#done = new Set(stored?.document.done);
    this.#states = new Map(Object.entries(stored?.document.states ?? {}));
    this.#owner = stored?.document.owner ?? botOwner;
    for (const [plugin, timers] of Object.entries(stored?.document.timers ?? {})) {
      this.#timers.set(plugin, new Map(Object.entries(timers)));
    }
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
    this.#changed();
  }

  isHandled(plugin: string, index: number): boolean {
    return this.#handled.get(plugin)?.has(index) === true;
  }

  stateOf(plugin: string): unknown {
    return this.#states.get(plugin);
  }

  setState(plugin: string, state: unknown): void {
    this.#states.set(plugin, state);
    this.#changed();
  }

  timerOf(plugin: string, name: string): number | undefined {
    return this.#timers.get(plugin)?.get(name);
  }

  setTimer(plugin: string, name: string, at: number | undefined): void {
    const timers = this.#timers.get(plugin) ?? new Map<string, number>();
    if (at === undefined) timers.delete(name);
    else timers.set(name, at);
    if (timers.size === 0) this.#timers.delete(plugin);
    else this.#timers.set(plugin, timers);
    this.#changed();
  }

  get owner(): Owner {
    return this.#owner;
  }

  setOwner(owner: Owner): void {
    this.#owner = owner;
    this.#changed();
  }

  keep(key: string, body: unknown): void {
    this.#once = [...this.#once, { key, body }];
    if (this.#options.write !== undefined) this.#writeSoon();
  }

  /** Goes into the outbox with the next commit, which follows soon; also when the interaction is over. */
  publish(event: Json): void {
    if (this.#options.write === undefined) return;
    this.#events = [...this.#events, event];
    this.#writeSoon();
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

  #changed(): void {
    if (this.#options.write !== undefined && !this.#removed) this.#writeSoon();
  }

  #writeSoon(): void {
    this.flush().catch((thrown) => this.#options.onFailure?.(thrown));
  }

  async #write(): Promise<'ok' | 'fenced'> {
    const { write } = this.#options;
    if (write === undefined) return 'ok';
    const once = this.#once;
    const events = this.#events;
    const isRemoved = this.#removed;
    const document = isRemoved ? null : this.#document();
    const result = await write(this.interaction.id, this.#version, document, once, events);
    if (result === 'ok') {
      this.#version = isRemoved ? 0 : this.#version + 1;
      this.#once = this.#once.slice(once.length);
      this.#events = this.#events.slice(events.length);
      return 'ok';
    }
    this.#options.onFenced?.();
    return 'fenced';
  }

  #document(): InteractionDocument {
    const { joinedAt, lastIndex } = this.interaction.now;
    return {
      shape: 1,
      seen: Math.max(lastIndex, this.#seenBefore),
      handled: Object.fromEntries([...this.#handled].map(([plugin, indexes]) => [plugin, [...indexes]])),
      done: [...this.#done],
      ...(joinedAt !== undefined && { joinedAt }),
      ...(this.#intent !== undefined && { intent: this.#intent }),
      ...(this.#states.size > 0 && { states: Object.fromEntries(this.#states) }),
      ...(this.#timers.size > 0 && { timers: timesOf(this.#timers) }),
      ...(this.#owner.kind !== 'bot' && { owner: this.#owner }),
    };
  }
}

function timesOf(
  timers: ReadonlyMap<string, ReadonlyMap<string, number>>,
): NonNullable<InteractionDocument['timers']> {
  return Object.fromEntries([...timers].map(([plugin, times]) => [plugin, Object.fromEntries(times)]));
}
