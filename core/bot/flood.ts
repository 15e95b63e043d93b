import { of } from 'rxjs';
import { suppressed } from '../model/outcome.ts';
import type { Clock, Interceptor } from '../ports.ts';

const window = 1_000;

/** Holds back what a plugin asks for on one chat beyond so many operations in a second; tells once per burst. */
export function againstFlood(limit: number, clock: Clock, onFlood: () => void): Interceptor {
  const asked: number[] = [];
  let flooding = false;
  return (operation, next) => {
    const now = clock.now();
    while (asked[0] !== undefined && asked[0] <= now - window) asked.shift();
    if (asked.length < limit) {
      asked.push(now);
      flooding = false;
      return next(operation);
    }
    if (!flooding) onFlood();
    flooding = true;
    return of(suppressed(operation, 'flood', `more than ${limit} operations in a second`));
  };
}
