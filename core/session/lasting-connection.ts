import { type Observable, retry, throwError, timer } from 'rxjs';
import { asUsherError, type UsherError } from '../errors.ts';
import { type ConnectionEvent, untilLost } from './connection.ts';
import type { Persistence } from './persistence.ts';

export interface LastingOptions {
  readonly persistence: Persistence;
  /** The agent has not been ready yet. */
  readonly isStarting: () => boolean;
  /** The connection is lost, and is being made anew. */
  readonly onLoss: (why: string) => void;
  /** Ends it for good, whatever it is doing. */
  readonly abandoned$: Observable<UsherError>;
}

/** A connection that is made anew whenever it is lost, as long as that has a point. */
export function lastingConnection(
  connection$: Observable<ConnectionEvent>,
  { persistence, isStarting, onLoss, abandoned$ }: LastingOptions,
): Observable<ConnectionEvent> {
  const lasting$ = connection$.pipe(
    retry({
      resetOnSuccess: true,
      delay: (thrown: unknown, count) => {
        const error = asUsherError(thrown);
        const next = persistence.after(error, count, isStarting());
        if ('final' in next) return throwError(() => next.final);
        if (!isStarting()) onLoss(error.message);
        return timer(next.pause);
      },
    }),
  );
  return untilLost(lasting$, abandoned$);
}
