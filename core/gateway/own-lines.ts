import { BehaviorSubject, filter, type Observable, Subscription } from 'rxjs';
import type { Operation } from '../model/operation.ts';
import type { Interaction } from '../ports.ts';
import { lineOf } from './reconciliation.ts';

/** Counts the agent's own lines, so that a text that was sent twice is not mistaken for one that was sent once. */
export class OwnLines {
  readonly #chats = new Map<string, Balance>();

  /** How many lines like this one were sent and have not been seen in the transcript. */
  ahead(interaction: Interaction, operation: Operation): number {
    return Math.max(0, this.#of(interaction).get(keyOf(operation)) ?? 0);
  }

  /** The operation took effect: its line was seen, or will be. */
  sent(interaction: Interaction, operation: Operation): void {
    add(this.#of(interaction), keyOf(operation), 1);
  }

  /** Counts the lines like this one behind an index, from now on. */
  watch(interaction: Interaction, operation: Operation, base: number): Witness {
    this.#of(interaction);
    return new Witness(interaction, keyOf(operation), base);
  }

  #of(interaction: Interaction): Balance {
    const known = this.#chats.get(interaction.id);
    if (known !== undefined) return known;
    const balance: Balance = new Map();
    this.#chats.set(interaction.id, balance);
    interaction.messages$
      .pipe(filter(({ own }) => own))
      .subscribe(({ type, text }) => add(balance, key(type, text), -1));
    interaction.ended$.subscribe(() => this.#chats.delete(interaction.id));
    return balance;
  }
}

/** Lines sent less lines seen, by type and text; without those that are even. */
type Balance = Map<string, number>;

/** Sees whether a line appears in the transcript. */
export class Witness extends Subscription {
  readonly #seen = new BehaviorSubject(0);

  constructor(interaction: Interaction, wanted: string, base: number) {
    super();
    this.add(
      interaction.messages$
        .pipe(filter(({ own, index, type, text }) => own && index > base && key(type, text) === wanted))
        .subscribe(() => this.#seen.next(this.#seen.value + 1)),
    );
  }

  /** How many were seen so far. */
  get seen(): number {
    return this.#seen.value;
  }

  get seen$(): Observable<number> {
    return this.#seen;
  }
}

function add(balance: Balance, wanted: string, change: number): void {
  const sum = (balance.get(wanted) ?? 0) + change;
  if (sum === 0) balance.delete(wanted);
  else balance.set(wanted, sum);
}

function keyOf(operation: Operation): string {
  const line = lineOf(operation);
  return line === undefined ? '' : key(line.type, line.text);
}

/** Servers may trim a text and fold its blanks. */
function key(type: string, text: string): string {
  return `${type} ${text.trim().replace(/\s+/g, ' ')}`;
}
