import { catchError, EMPTY, exhaustMap, filter, from, interval, type Observable } from 'rxjs';
import type { Line } from '../gateway/interceptors/online.ts';

const usually = 60_000;

/**
 * A server may lose a notification without anybody noticing: now and then, while the session stands, its word is
 * compared with its list. `every`: milliseconds; 0: never. What fails is tried again the next time.
 */
export function audits(
  every: number | undefined,
  line$: { readonly value: Line },
  compare: () => Promise<unknown> | undefined,
): Observable<unknown> {
  if (every === 0) return EMPTY;
  return interval(every ?? usually).pipe(
    filter(() => line$.value === 'online'),
    exhaustMap(() => from(compare() ?? []).pipe(catchError(() => EMPTY))),
  );
}
