import { map, mergeMap, type Observable, of, timer } from 'rxjs';
import type { Operation } from '../../model/operation.ts';
import type { Outcome } from '../../model/outcome.ts';
import type { Interceptor } from '../../ports.ts';
import { evidenceOf } from '../reconciliation.ts';

export interface RetryOptions {
  /** How often an operation is sent at most. Default: 6. */
  readonly attempts?: number;
  /** Milliseconds before the second attempt; doubles each time. Default: 250. */
  readonly delay?: number;
  /** A factor from 0.5 to 1.5 on each delay. Default: random. */
  readonly jitter?: () => number;
}

/**
 * Repeating these does no harm, so a lost answer is no reason to give up: the sign that the agent has stopped
 * typing must arrive, while the sign that it types is not worth any delay.
 */
function isHarmless(operation: Operation): boolean {
  return evidenceOf[operation.name] === 'repeat' && !('typing' in operation && operation.typing);
}

/** GWS: "internal error"; a failed request changed nothing (Return Values pages, all versions). */
const internalError = 4;

/**
 * Sends again what certainly had no effect: it did not reach the server, or the server had an internal error.
 * What may have had an effect is repeated only where that does no harm.
 */
export function retry({
  attempts = 6,
  delay = 250,
  jitter = () => 0.5 + Math.random(),
}: RetryOptions = {}): Interceptor {
  return (operation, next) => {
    const attempt = (count: number): Observable<Outcome> =>
      next(operation).pipe(
        mergeMap((outcome) => {
          // What was held back this time was not sent, but may have been before.
          const counted = of({ ...outcome, attempts: outcome.attempts === 0 ? count - 1 : count });
          if (count >= attempts || !isWorthRepeating(outcome)) return counted;
          return timer(delay * 2 ** (count - 1) * jitter()).pipe(
            map(() => count + 1),
            mergeMap(attempt),
          );
        }),
      );
    return attempt(1);
  };
}

function isWorthRepeating({ kind, status, reason, operation }: Outcome): boolean {
  if (kind === 'failed') return reason === 'unreachable' || reason === 'busy' || reason === 'session';
  if (kind === 'refused') return status === internalError;
  return kind === 'unknown' && isHarmless(operation);
}
