import type { SimulatorClock } from './clock.ts';

/** Milliseconds from a change to the notification of it. */
const notificationDelay = 2;

/**
 * What is to be told. The outcome of an operation comes after the reply to it: GWS only hands the request on
 * (8.5.2 "Asynchronous Events").
 */
export class Outbox {
  readonly #clock: SimulatorClock;
  #waiting: (() => void)[] = [];

  constructor(clock: SimulatorClock) {
    this.#clock = clock;
  }

  add(deliver: () => void): void {
    this.#waiting.push(deliver);
    if (this.#waiting.length === 1) this.#clock.after(notificationDelay, () => this.flush());
  }

  /** Tells at once. */
  flush(): void {
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const deliver of waiting) deliver();
  }
}
