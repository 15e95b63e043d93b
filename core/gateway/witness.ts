import { BehaviorSubject, filter, type Observable, Subscription } from 'rxjs';
import type { Operation } from '../model/operation.ts';
import type { Interaction } from '../ports.ts';
import { lineOf } from './reconciliation.ts';

/** Watches, until it is unsubscribed, for the line that an operation leaves in the transcript. */
export class Witness extends Subscription {
  readonly #seen = new BehaviorSubject(false);

  /** `base`: the line can only be behind this index. */
  constructor(interaction: Interaction, operation: Operation, base: number) {
    super();
    const line = lineOf(operation);
    if (line === undefined) return;
    const wanted = folded(line.text);
    this.add(
      interaction.messages$
        .pipe(
          filter(
            ({ own, index, type, text }) =>
              own && index > base && type === line.type && folded(text) === wanted,
          ),
        )
        .subscribe(() => this.#seen.next(true)),
    );
  }

  get seen(): boolean {
    return this.#seen.value;
  }

  get seen$(): Observable<boolean> {
    return this.#seen;
  }
}

/** Servers may trim a text and fold its blanks. */
function folded(text: string): string {
  return text.trim().replace(/\s+/g, ' ');
}
