import { finalize, Observable, Subject, type Subscription, take, takeUntil, timer } from 'rxjs';
import type { Message } from '../model/message.ts';

/**
 * How the lines of one chat are handed to a plugin's `message` function:
 * - `serial`: one after the other, each waiting for the one before it; none is left out.
 * - `latest`: a new line cancels what is still under way.
 * - `{ debounce: ms }`: when the customer has paused for so long; all lines since the last time at once.
 * - `coalesce`: one at a time; what comes meanwhile is handed over together afterwards.
 * - `{ parallel: n }`: up to n at a time, in whatever order they end.
 */
export type Lane =
  | 'serial'
  | 'latest'
  | 'coalesce'
  | { readonly debounce: number }
  | { readonly parallel: number };

export interface LineWork<Line> {
  /** Lines that wait at most. Default: 1,000. */
  readonly capacity?: number;
  /** Handles lines together: completes when they are done, and never fails. */
  readonly handle: (lines: readonly Line[]) => Observable<never>;
  /** Lines that are dealt with without having been handled to the end: newer ones took their place. */
  readonly onSuperseded: (lines: readonly Line[]) => void;
  /** A line for which there was no room. */
  readonly onFull: (line: Line) => void;
  /** Nothing is handled before it emits. Default: at once. */
  readonly ready$?: Observable<unknown>;
  /** So many lines more, or less, wait or are under way. */
  readonly onDepth?: (change: number) => void;
  /** Lines that were under way or waiting when the lane was closed. */
  readonly onGivenUp?: (lines: readonly Line[]) => void;
}

/**
 * Takes the lines of one chat through a plugin's lane. What a handler causes itself waits its turn. Completes when no
 * more lines come and all have been handled.
 */
export function inLane(lines$: Observable<Message>, lane: Lane, work: LineWork<Message>): Observable<never> {
  return new Observable((subscriber) => {
    const queue = new LineQueue(lane, work);
    subscriber.add(work.ready$?.pipe(take(1)).subscribe(() => queue.begin()));
    subscriber.add(
      lines$.subscribe({
        next: (line) => queue.offer(line),
        complete: () => queue.finish(() => subscriber.complete()),
      }),
    );
    subscriber.add(() => {
      const lines = queue.close();
      if (lines.length > 0) work.onGivenUp?.(lines);
    });
  });
}

interface Call<Line> {
  readonly lines: readonly Line[];
  readonly stop: Subject<void>;
}

/** The lines of one chat that wait for a plugin, and those that it handles now. */
class LineQueue<Line> {
  readonly #places: number;
  /** Whether a call is for one line or for all that wait. */
  readonly #gathers: boolean;
  readonly #supersedes: boolean;
  readonly #pause: number | undefined;
  readonly #capacity: number;
  readonly #work: LineWork<Line>;
  readonly #waiting: Line[] = [];
  readonly #calls = new Set<Call<Line>>();
  #pausing: Subscription | undefined;
  #starting = false;
  #hasBegun: boolean;
  #onFinished: (() => void) | undefined;

  constructor(lane: Lane, work: LineWork<Line>) {
    const named = typeof lane === 'string' ? lane : undefined;
    this.#places = typeof lane === 'object' && 'parallel' in lane ? lane.parallel : 1;
    this.#pause = typeof lane === 'object' && 'debounce' in lane ? lane.debounce : undefined;
    this.#gathers = this.#pause !== undefined || named === 'coalesce' || named === 'latest';
    this.#supersedes = named === 'latest';
    this.#capacity = work.capacity ?? 1_000;
    this.#work = work;
    this.#hasBegun = work.ready$ === undefined;
  }

  begin(): void {
    this.#hasBegun = true;
    this.#start();
  }

  /** Nothing more will be offered: tells when all has been handled. */
  finish(onFinished: () => void): void {
    this.#onFinished = onFinished;
    this.#lookForEnd();
  }

  offer(line: Line): void {
    if (this.#waiting.length >= this.#capacity) return this.#work.onFull(line);
    this.#waiting.push(line);
    this.#work.onDepth?.(1);
    if (this.#supersedes) {
      const superseded = this.#stopAll();
      if (superseded.length > 0) this.#work.onSuperseded(superseded);
    }
    if (this.#pause !== undefined) {
      this.#pausing?.unsubscribe();
      this.#pausing = timer(this.#pause).subscribe(() => {
        this.#pausing = undefined;
        this.#start();
      });
    }
    this.#start();
  }

  /** Stops what is under way and forgets what waits; returns all these lines. For the end. */
  close(): readonly Line[] {
    this.#pausing?.unsubscribe();
    const waiting = this.#waiting.splice(0);
    this.#work.onDepth?.(-waiting.length);
    return [...this.#stopAll(), ...waiting];
  }

  /** A loop, and not a call from the end of each to the begin of the next: the stack would not hold a thousand. */
  #start(): void {
    if (this.#starting || !this.#hasBegun) return;
    this.#starting = true;
    try {
      while (this.#pausing === undefined && this.#waiting.length > 0 && this.#calls.size < this.#places) {
        this.#call(this.#waiting.splice(0, this.#gathers ? this.#waiting.length : 1));
      }
    } finally {
      this.#starting = false;
    }
    this.#lookForEnd();
  }

  #lookForEnd(): void {
    if (this.#waiting.length === 0 && this.#calls.size === 0) this.#onFinished?.();
  }

  #call(lines: readonly Line[]): void {
    const call: Call<Line> = { lines, stop: new Subject() };
    this.#calls.add(call);
    this.#work
      .handle(lines)
      .pipe(
        takeUntil(call.stop),
        finalize(() => {
          this.#calls.delete(call);
          this.#work.onDepth?.(-lines.length);
          this.#start();
        }),
      )
      .subscribe();
  }

  #stopAll(): readonly Line[] {
    const calls = [...this.#calls];
    this.#calls.clear();
    for (const { stop } of calls) stop.next();
    return calls.flatMap(({ lines }) => lines);
  }
}
