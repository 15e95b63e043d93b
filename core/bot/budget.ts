import {
  BehaviorSubject,
  defer,
  distinctUntilChanged,
  finalize,
  map,
  NEVER,
  type Observable,
  switchMap,
  timer,
} from 'rxjs';
import type { Clock } from '../ports.ts';

/** The longest time that a timer can measure. */
const longest = 2 ** 31 - 1;

/** The time that something may take, without the time it waits for operations: those may wait for a lost connection. */
export class Budget {
  readonly #clock: Clock;
  readonly #waits = new BehaviorSubject(0);
  #left: number;

  constructor(clock: Clock, milliseconds: number) {
    this.#clock = clock;
    this.#left = milliseconds;
  }

  /** Emits once, when it is used up; runs while it is subscribed. */
  readonly over$: Observable<unknown> = defer(() =>
    this.#waits.pipe(
      map((count) => count > 0),
      distinctUntilChanged(),
      switchMap((waiting) => (waiting ? NEVER : this.#run())),
    ),
  );

  /** Time does not count while this is under way. */
  pausedDuring<Value>(work$: Observable<Value>): Observable<Value> {
    return defer(() => {
      this.#waits.next(this.#waits.value + 1);
      return work$.pipe(finalize(() => this.#waits.next(this.#waits.value - 1)));
    });
  }

  #run(): Observable<unknown> {
    if (this.#left > longest) return NEVER;
    return defer(() => {
      const since = this.#clock.now();
      return timer(this.#left).pipe(
        finalize(() => {
          this.#left = Math.max(0, this.#left - (this.#clock.now() - since));
        }),
      );
    });
  }
}
