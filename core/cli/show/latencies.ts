export interface LatencySummary {
  readonly count: number;
  /** Milliseconds; 0 when nothing was measured. */
  readonly p50: number;
  readonly p95: number;
  readonly max: number;
}

/** The newest measurements are kept, so that a long run does not grow. */
const kept = 10_000;

/** A collection of durations and its quantiles. */
export class Latencies {
  readonly #values: number[] = [];
  #count = 0;

  add(milliseconds: number): void {
    this.#values[this.#count % kept] = milliseconds;
    this.#count += 1;
  }

  summary(): LatencySummary {
    const sorted = [...this.#values].sort((a, b) => a - b);
    const quantile = (part: number): number => sorted[Math.ceil(part * sorted.length) - 1] ?? 0;
    return { count: this.#count, p50: quantile(0.5), p95: quantile(0.95), max: sorted.at(-1) ?? 0 };
  }
}
