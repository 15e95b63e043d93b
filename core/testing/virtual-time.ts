import { AsyncLocalStorage } from 'node:async_hooks';
import { asyncScheduler, type SchedulerAction, VirtualTimeScheduler } from 'rxjs';

/** Milliseconds that `exhaust` lets pass at most. */
const longest = 7 * 86_400_000;

let queue: Promise<unknown> = Promise.resolve();

/** Whether code runs in a virtual time. */
const inside = new AsyncLocalStorage<true>();

/**
 * Time that passes when it is told to, for everything that goes through RxJS operators and the injected `Clock`.
 * Unlike under RxJS's own test scheduler, promises settle too: whatever follows from a moment has happened before the
 * next one comes. What waits for the real world, such as a socket or `setTimeout`, is not waited for.
 */
export class VirtualTime {
  readonly #scheduler = new VirtualTimeScheduler(undefined, Number.POSITIVE_INFINITY);

  readonly #beginning: number;

  private constructor(beginning: number) {
    this.#beginning = beginning;
  }

  /**
   * Runs work in a time of its own. Time is one for the whole process, so further work waits its turn.
   *
   * @throws Error inside of such work, where it would wait for itself.
   * @param beginning What the clock says first, in milliseconds since 1970. Default: 0.
   */
  static run<Result>(work: (time: VirtualTime) => Result | Promise<Result>, beginning = 0): Promise<Result> {
    if (inside.getStore()) throw new Error('a virtual time cannot begin inside of another one');
    const turn = queue.then(async () => {
      const time = new VirtualTime(beginning);
      const leave = time.#enter();
      try {
        return await inside.run(true, async () => work(time));
      } finally {
        leave();
      }
    });
    queue = turn.catch(() => undefined);
    return turn;
  }

  /** Milliseconds since the work began. */
  get now(): number {
    return this.#scheduler.frame;
  }

  /** How many timers are running. */
  get timers(): number {
    return this.#scheduler.actions.filter(({ closed }) => !closed).length;
  }

  /** Does something so many milliseconds after the work began. */
  at(milliseconds: number, action: () => void): void {
    this.#scheduler.schedule(action, milliseconds - this.now);
  }

  /** Resolves when all that follows from this moment, promises included, has happened. */
  async settle(): Promise<void> {
    do {
      await turnOfTheLoop();
    } while (this.#runUpTo(this.now));
    await turnOfTheLoop();
  }

  /** Lets so many milliseconds pass. */
  async advance(milliseconds: number): Promise<void> {
    await this.until(() => false, milliseconds);
  }

  /** Lets time pass until the condition holds, at most so many milliseconds; tells whether it does. */
  async until(condition: () => boolean, milliseconds: number): Promise<boolean> {
    const end = this.now + milliseconds;
    for (;;) {
      await turnOfTheLoop();
      if (condition()) return true;
      if (this.#runUpTo(end)) continue;
      // What was set off by the last timer may have set another.
      await turnOfTheLoop();
      if (condition()) return true;
      if (this.#nextAt <= end) continue;
      this.#scheduler.frame = Math.max(this.#scheduler.frame, end);
      return false;
    }
  }

  /**
   * Lets time pass until nothing is left to happen.
   *
   * @throws Error when a timer is still running after a week.
   */
  async exhaust(): Promise<void> {
    const end = this.now + longest;
    await this.until(() => this.timers === 0, longest);
    if (this.timers > 0 && this.now >= end) throw new Error('a timer never stops: a week has passed');
  }

  get #nextAt(): number {
    const { actions } = this.#scheduler;
    while (actions[0]?.closed) actions.shift();
    return actions[0]?.delay ?? Number.POSITIVE_INFINITY;
  }

  /** Lets the next timer, and those of the same moment, ring; tells whether there was one up to then. */
  #runUpTo(end: number): boolean {
    const at = this.#nextAt;
    if (at > end) return false;
    this.#scheduler.maxFrames = at;
    this.#scheduler.flush();
    return true;
  }

  /** Every operator that keeps time asks RxJS's one asynchronous scheduler, unless it is given another. */
  #enter(): () => void {
    const { now, schedule } = asyncScheduler;
    asyncScheduler.now = () => this.#beginning + this.now;
    asyncScheduler.schedule = <State>(
      work: (this: SchedulerAction<State>, state?: State) => void,
      delay?: number,
      state?: State,
    ) => this.#scheduler.schedule(work, delay ?? 0, state as State);
    return () => {
      asyncScheduler.now = now;
      asyncScheduler.schedule = schedule;
    };
  }
}

const { setImmediate } = globalThis;

/** All promises that can settle have settled after it. */
function turnOfTheLoop(): Promise<void> {
  return new Promise((resolve) => {
    setImmediate(resolve);
  });
}
