import { of } from 'rxjs';
import { suppressed } from '../../model/outcome.ts';
import type { Interceptor } from '../../ports.ts';

/** Holds back what might arrive when the agent is another process's already. */
export function fenced(mayAct: () => boolean): Interceptor {
  return (operation, next) =>
    mayAct()
      ? next(operation)
      : of(suppressed(operation, 'fenced', 'the agent may be run by another process'));
}
