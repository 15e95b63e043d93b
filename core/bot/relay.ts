import { type Observable, Subject } from 'rxjs';
import type { Message } from '../model/message.ts';
import type { Dossier } from '../ports.ts';

/**
 * Passes each line of a chat from one plugin of the bot to the next, in the order of the bot's list, until one of them
 * has taken it by speaking: a bot with several plugins that answer has one voice.
 */
export class Relay {
  readonly #dossier: Dossier;
  readonly #lines = new Map<string, Subject<Message>>();
  #order: readonly string[] = [];

  constructor(dossier: Dossier) {
    this.#dossier = dossier;
  }

  /** The plugins that handle lines, by the names under which they are kept, in their order. */
  assign(keys: readonly string[]): void {
    this.#order = keys;
    for (const key of this.#lines.keys()) if (!keys.includes(key)) this.#lines.delete(key);
  }

  /** What the customer has written, for the first of them. */
  begin(line: Message): void {
    this.#give(this.#order[0], line);
  }

  /** The lines that come to a plugin. */
  linesFor(key: string): Observable<Message> {
    const known = this.#lines.get(key) ?? new Subject<Message>();
    this.#lines.set(key, known);
    return known;
  }

  /** A plugin has done with lines, and has had nothing to say to them. */
  passOn(key: string, lines: readonly Message[]): void {
    const next = this.#after(key)[0];
    for (const line of lines) this.#give(next, line);
  }

  /** A plugin has spoken: the lines are not for those after it, also not after a restart. */
  take(key: string, lines: readonly Message[]): void {
    const indexes = lines.map(({ index }) => index);
    for (const other of this.#after(key)) this.#dossier.handled(other, indexes);
  }

  #after(key: string): readonly string[] {
    const at = this.#order.indexOf(key);
    return at < 0 ? [] : this.#order.slice(at + 1);
  }

  #give(key: string | undefined, line: Message): void {
    if (key !== undefined) this.#lines.get(key)?.next(line);
  }
}
