import type { Clock } from '../ports.ts';

const window = 1_000;

/** Counts what a plugin asks for on one chat in any second. */
export class FloodGauge {
  readonly #limit: number;
  readonly #clock: Clock;
  readonly #asked: number[] = [];
  #isFlooding = false;

  constructor(limit: number, clock: Clock) {
    this.#limit = limit;
    this.#clock = clock;
  }

  /** Counts one more; `undefined` if there is room for it. `begins`: the one before it had room. */
  add():
    | { readonly begins: boolean /** Milliseconds until there is room. */; readonly wait: number }
    | undefined {
    const now = this.#clock.now();
    while (this.#asked[0] !== undefined && this.#asked[0] <= now - window) this.#asked.shift();
    if (this.#asked.length < this.#limit) {
      this.#asked.push(now);
      this.#isFlooding = false;
      return undefined;
    }
    const begins = !this.#isFlooding;
    this.#isFlooding = true;
    return { begins, wait: (this.#asked[0] ?? now) + window - now };
  }
}
