/** Milliseconds until a child is started again; doubles with each quick end, up to the longest. */
const firstPause = 500;
const longestPause = 30_000;

/** Milliseconds within which an end is a quick one, and after which all before it is forgotten. */
const quick = 10_000;
const forgotten = 60_000;

/** How many quick ends in a row show that starting it again has no point. */
const mostQuick = 5;

/** When a worker that has ended by itself is to be started again. */
export class Restarts {
  #ends = 0;
  #quickEnds = 0;

  /**
   * The worker has ended, after so many milliseconds. Returns how many to wait until it is started again; `undefined`: it
   * is given up.
   */
  next(ranFor: number): number | undefined {
    if (ranFor >= forgotten) this.#ends = 0;
    this.#quickEnds = ranFor < quick ? this.#quickEnds + 1 : 0;
    if (this.#quickEnds >= mostQuick) return undefined;
    const pause = Math.min(firstPause * 2 ** this.#ends, longestPause);
    this.#ends += 1;
    return pause;
  }
}
