/** The simulator's time. Everything in it that waits, waits on this. */
export interface SimulatorClock {
  /** Milliseconds since 1970. */
  now(): number;
  /** Calls back once; the returned function cancels. */
  after(milliseconds: number, callback: () => void): () => void;
}

export const realClock: SimulatorClock = {
  now: () => Date.now(),
  after: (milliseconds, callback) => {
    const timer = setTimeout(callback, milliseconds);
    return () => clearTimeout(timer);
  },
};

/** A clock whose pending calls can all be cancelled at once. */
export class CancellableClock implements SimulatorClock {
  readonly #clock: SimulatorClock;
  readonly #pending = new Set<() => void>();

  constructor(clock: SimulatorClock) {
    this.#clock = clock;
  }

  now(): number {
    return this.#clock.now();
  }

  after(milliseconds: number, callback: () => void): () => void {
    const stop = this.#clock.after(milliseconds, () => {
      this.#pending.delete(cancel);
      callback();
    });
    const cancel = (): void => {
      this.#pending.delete(cancel);
      stop();
    };
    this.#pending.add(cancel);
    return cancel;
  }

  cancelAll(): void {
    for (const cancel of [...this.#pending]) cancel();
  }
}
