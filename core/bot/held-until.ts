import { Observable, take } from 'rxjs';

/** A stream whose values, and whose end, are kept until `ready$` emits. */
export function heldUntil<Value>(ready$: Observable<unknown>, stream$: Observable<Value>): Observable<Value> {
  return new Observable((subscriber) => {
    const waiting: Value[] = [];
    let isReady = false;
    let hasEnded = false;
    subscriber.add(
      ready$.pipe(take(1)).subscribe(() => {
        isReady = true;
        for (const value of waiting.splice(0)) subscriber.next(value);
        if (hasEnded) subscriber.complete();
      }),
    );
    subscriber.add(
      stream$.subscribe({
        next: (value) => {
          if (isReady) subscriber.next(value);
          else waiting.push(value);
        },
        error: (thrown) => subscriber.error(thrown),
        complete: () => {
          hasEnded = true;
          if (isReady) subscriber.complete();
        },
      }),
    );
  });
}
