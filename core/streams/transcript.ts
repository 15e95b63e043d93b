import type { TranscriptLine } from '../model/message.ts';

/** What becomes of lines that were taken. */
export interface Taken {
  /** To be told now, in the order of their index. */
  readonly ready: readonly TranscriptLine[];
  /** How many had been told, or were waiting, before. */
  readonly repeated: number;
  /** Those of `ready` that come behind lines of a higher index, since nobody waited for them any longer. */
  readonly late: number;
}

/**
 * Puts the lines of one transcript in order and keeps each to a single appearance. A line behind a gap waits for
 * what is missing; whoever owns the transcript says when the waiting ends. Numbers may be missing for good (8.5.2:
 * lines that are not for this agent), and a number is never taken for missing inside one notification, since the
 * server tells there what follows what.
 */
export class Transcript {
  /** The highest index that was told; -1 before the first. */
  #told: number;
  readonly #waiting = new Map<number, TranscriptLine>();
  /** Numbers below the highest that never came: one of them is new, however late. */
  readonly #skipped = new Set<number>();

  /** `from`: the transcript is followed from this index on, for a chat that was known before. Default: whole. */
  constructor(from = 0) {
    this.#told = from - 1;
  }

  get highest(): number {
    return this.#told;
  }

  /** The lowest index that waits for others, if any does. */
  get waiting(): number | undefined {
    return this.#waiting.size === 0 ? undefined : Math.min(...this.#waiting.keys());
  }

  /** `whole`: these are all lines there are from the first one on, or from where they were asked for. */
  take(lines: readonly TranscriptLine[], whole = false): Taken {
    const sorted = [...lines].sort((a, b) => a.index - b.index);
    const late = distinct(sorted).filter(({ index }) => this.#skipped.delete(index));
    const fresh = distinct(sorted).filter(({ index }) => index > this.#told && !this.#waiting.has(index));
    const repeated = lines.length - fresh.length - late.length;
    for (const line of fresh) this.#waiting.set(line.index, line);
    const first = sorted[0]?.index ?? Number.POSITIVE_INFINITY;
    const upTo = whole || this.#follows(first) ? (sorted.at(-1)?.index ?? -1) : -1;
    return { ready: [...late, ...this.#advance(upTo)], repeated, late: late.length };
  }

  /** Waits no longer: what is there is told, what is missing is skipped. */
  release(): readonly TranscriptLine[] {
    return this.#advance(Number.POSITIVE_INFINITY);
  }

  /** Transcripts are numbered from 1; a server that starts at 0 is understood too. */
  #follows(index: number): boolean {
    return index <= Math.max(this.#told + 1, 1);
  }

  #advance(upTo: number): TranscriptLine[] {
    const ready: TranscriptLine[] = [];
    for (const line of [...this.#waiting.values()].sort((a, b) => a.index - b.index)) {
      if (line.index > upTo && !this.#follows(line.index)) break;
      this.#skip(line.index);
      this.#told = line.index;
      this.#waiting.delete(line.index);
      ready.push(line);
    }
    return ready;
  }

  #skip(before: number): void {
    for (let missing = Math.max(this.#told + 1, before - mostSkipped); missing < before; missing += 1) {
      this.#skipped.add(missing);
      if (this.#skipped.size > mostSkipped) {
        for (const oldest of this.#skipped) {
          this.#skipped.delete(oldest);
          break;
        }
      }
    }
  }
}

/** A hostile index must not make the set of skipped numbers grow without bound. */
const mostSkipped = 1_000;

function distinct(sorted: readonly TranscriptLine[]): TranscriptLine[] {
  return sorted.filter((line, at) => line.index !== sorted[at - 1]?.index);
}
