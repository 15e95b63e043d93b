import { filter, mergeMap, type Observable, of, take } from 'rxjs';
import type { Interceptor } from '../../ports.ts';

/** `over`: the session will not come back. */
export type Line = 'online' | 'offline' | 'over';

/** Holds operations while the session recovers: what they are about may look different afterwards. */
export function whenOnline(line$: Observable<Line>): Interceptor {
  return (operation, next) =>
    line$.pipe(
      filter((line) => line !== 'offline'),
      take(1),
      mergeMap((line) =>
        line === 'online'
          ? next(operation)
          : of({
              operation,
              kind: 'failed' as const,
              reason: 'offline',
              message: 'the session is over',
              attempts: 0,
            }),
      ),
    );
}
