import type { FaultKind, FaultTunables, Range } from './catalogue.ts';
import type { Random } from './random.ts';

/** A fault that happens: how exactly is still up to chance. */
export class Hit {
  readonly kind: FaultKind;
  /** Says what exactly happened. */
  readonly note: (detail: string) => void;
  readonly #tunables: FaultTunables;
  readonly #random: Random;

  constructor(kind: FaultKind, tunables: FaultTunables, random: Random, note: (detail: string) => void) {
    this.kind = kind;
    this.note = note;
    this.#tunables = tunables;
    this.#random = random;
  }

  get ms(): number {
    return this.#within(this.#tunables.ms ?? [0, 0]);
  }

  get count(): number {
    return this.#within(this.#tunables.count ?? [1, 1]);
  }

  get effect(): boolean {
    return this.#random() < (this.#tunables.effect ?? 0);
  }

  oneOf<Value>(values: readonly [Value, ...Value[]]): Value {
    return values[Math.floor(this.#random() * values.length)] ?? values[0];
  }

  #within([lowest, highest]: Range): number {
    return lowest + Math.floor(this.#random() * (highest - lowest + 1));
  }
}
