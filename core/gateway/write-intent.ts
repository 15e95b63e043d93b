import { catchError, defer, mergeMap, type Observable, of, race, retry, throwError, timer } from 'rxjs';
import { messageOf, UsherError } from '../errors.ts';
import type { OpenIntent } from '../model/interaction-document.ts';
import type { Dossier } from '../ports.ts';

/** Milliseconds from one try to write an intent to the next, while the store is away. */
const betweenTries = 250;

/**
 * Writes down what is about to be sent. What a store that is away keeps from being sent is not lost: it waits until the
 * store is back, or its seat goes.
 *
 * @param leaving$ Emits when the bots have been stopped: nothing waits any longer then.
 * @returns What came of it, or why it could not be written, in words; never an error.
 */
export function writeIntent(
  dossier: Pick<Dossier, 'intend'>,
  intent: OpenIntent,
  leaving$: Observable<unknown>,
): Observable<'ok' | 'fenced' | { readonly why: string }> {
  return defer(() => dossier.intend(intent)).pipe(
    retry({
      delay: (thrown: unknown) => {
        const fails$ = throwError(() => thrown);
        return isAway(thrown) ? race(timer(betweenTries), leaving$.pipe(mergeMap(() => fails$))) : fails$;
      },
    }),
    catchError((thrown: unknown) => of({ why: messageOf(thrown) })),
  );
}

function isAway(thrown: unknown): boolean {
  return thrown instanceof UsherError && thrown.code === 'USHER_STORE_UNAVAILABLE';
}
