import { defer, filter, interval, map, merge, mergeMap, type Observable, of, take } from 'rxjs';
import { suppressed } from '../../model/outcome.ts';
import type { Interceptor } from '../../ports.ts';

/** Milliseconds from one look at the lease to the next, while it is too short. */
const between = 50;

/**
 * Holds back what might arrive when the agent is another process's already. A lease that is only late with its renewal
 * becomes long enough again, and what waits is sent then.
 *
 * @param leaving$ Emits when the bots have been stopped: what still waits is given up, and is whoever's who has the agent
 *   next.
 */
export function fenced(mayAct: () => boolean, leaving$: Observable<unknown>): Interceptor {
  return (operation, next) =>
    defer(() =>
      mayAct()
        ? next(operation)
        : merge(interval(between).pipe(filter(mayAct)), leaving$.pipe(map(() => 'leaving' as const))).pipe(
            take(1),
            mergeMap((why) =>
              why === 'leaving'
                ? of(suppressed(operation, 'fenced', 'the agent may be run by another process'))
                : next(operation),
            ),
          ),
    );
}
