import type { TranscriptLine } from '../model/message.ts';

/**
 * Keeps each line of one transcript to a single appearance, in order. The numbers that were seen are kept as
 * one watermark plus the few gaps below it, so that a line of an old number counts as new only if it never came.
 */
export class Transcript {
  #highest = -1;
  readonly #gaps = new Set<number>();

  /** The highest index that was seen; -1 before the first line. */
  get highest(): number {
    return this.#highest;
  }

  /** The lines that were not seen before, by index, and how many were. */
  take(lines: readonly TranscriptLine[]): { fresh: TranscriptLine[]; repeated: number } {
    const fresh = [...lines].sort((a, b) => a.index - b.index).filter((line) => this.#isNew(line.index));
    return { fresh, repeated: lines.length - fresh.length };
  }

  #isNew(index: number): boolean {
    if (index <= this.#highest) return this.#gaps.delete(index);
    for (let missing = Math.max(this.#highest + 1, index - maximumGap); missing < index; missing += 1) {
      this.#gaps.add(missing);
    }
    this.#highest = index;
    return true;
  }
}

/** A hostile index must not make the set of gaps grow without bound. */
const maximumGap = 1_000;
