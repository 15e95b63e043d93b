/**
 * Whether the process keeps up with its work, by how late the worker's ticks come. While its event loop is blocked a
 * lease may end, so who is blocked for long should not take on more.
 */
export class LoopWatch {
  readonly #tickMs: number;
  readonly #ttlMs: number;
  #last: number | undefined;
  /** When the latest trouble was, and since when there has been some again and again. */
  #slowAt: number | undefined;
  #slowSince: number | undefined;

  constructor(tickMs: number, ttlMs: number) {
    this.#tickMs = tickMs;
    this.#ttlMs = ttlMs;
  }

  /** A tick comes, by a clock that nobody sets. */
  beat(now: number): void {
    const late = this.#last === undefined ? 0 : Math.max(0, now - this.#last - this.#tickMs);
    this.#last = now;
    if (late > this.#ttlMs / 3) {
      this.#slowAt = now;
      this.#slowSince ??= now;
    } else if (this.#slowAt !== undefined && now - this.#slowAt >= this.#ttlMs) {
      this.#slowAt = undefined;
      this.#slowSince = undefined;
    }
  }

  /** It was blocked for more than a third of the ttl, within the last ttl: no more agents. */
  get isSlow(): boolean {
    return this.#slowAt !== undefined;
  }

  /** It was so again and again, for longer than two ttls: others should have its agents. */
  get isSick(): boolean {
    const [at, since] = [this.#slowAt, this.#slowSince];
    return at !== undefined && since !== undefined && at - since > 2 * this.#ttlMs;
  }
}
