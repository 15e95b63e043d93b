import { catchError, defer, firstValueFrom, map, of, throwError, timeout } from 'rxjs';
import { messageOf } from '../errors.ts';

/** Takes a step of stopping and tells whether it was taken: a failure is reported, and the next one comes all the same. */
export function withinBudget(
  budget: number,
  run: () => Promise<unknown>,
  report: (why: string) => void,
): Promise<boolean> {
  const done$ = defer(run).pipe(
    map(() => true),
    timeout({ first: budget, with: () => throwError(() => new Error(`no end after ${budget} ms`)) }),
    catchError((thrown: unknown) => {
      report(messageOf(thrown));
      return of(false);
    }),
  );
  return firstValueFrom(done$, { defaultValue: true });
}
