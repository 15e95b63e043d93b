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
