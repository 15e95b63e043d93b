import { finalize, tap } from 'rxjs';
import { type Outcome, suppressed } from '../../model/outcome.ts';
import type { Clock, Interceptor, Journal } from '../../ports.ts';

/** Records every operation that is asked for and the outcome it had, cancelled ones included. */
export function journalled(journal: Journal, clock: Clock, agent: string): Interceptor {
  return (operation, next) => {
    const asked = clock.now();
    let told = false;
    const tell = (outcome: Outcome): void => {
      if (told) return;
      told = true;
      journal.record(agent, { kind: 'outcome', outcome, took: clock.now() - asked });
    };
    journal.record(agent, { kind: 'operation', operation });
    return next(operation).pipe(
      tap(tell),
      finalize(() => tell(suppressed(operation, 'cancelled'))),
    );
  };
}
