import { Observable } from 'rxjs';
import type { Clock } from '../ports.ts';

/** Measures how long code holds everybody up: while it runs, no other interaction gets a turn. */
export class Stopwatch {
  readonly #clock: Clock;
  /** Milliseconds of the running measurement that belong to measurements inside it. */
  #others = 0;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Tells the milliseconds that `run` took, without what was measured inside it. */
  measure<Result>(run: () => Result, onTook: (milliseconds: number) => void): Result {
    const before = this.#others;
    const since = this.#clock.now();
    this.#others = 0;
    try {
      return run();
    } finally {
      const took = this.#clock.now() - since;
      const own = took - this.#others;
      this.#others = before + took;
      onTook(own);
    }
  }

  /** The time it takes to subscribe this is not the subscriber's. */
  exempt<Value>(stream$: Observable<Value>): Observable<Value> {
    return new Observable((subscriber) =>
      this.measure(
        () => stream$.subscribe(subscriber),
        () => undefined,
      ),
    );
  }
}
