import { catchError, defer, EMPTY, endWith, merge, mergeMap, of, takeWhile, tap, throwError } from 'rxjs';
import { UsherError } from '../errors.ts';
import type { Outcome } from '../model/outcome.ts';
import type { Interceptor } from '../ports.ts';
import { Budget } from './budget.ts';
import type { OperationContext, OperationFunction } from './plugin.ts';
import type { RunningPlugin } from './running-plugin.ts';

const over = Symbol('over');

/**
 * A plugin's operation function as an interceptor that fails closed: what it breaks on, or holds for too long, is
 * not sent. While the plugin is in quarantine, operations pass it by.
 */
export function asInterceptor(
  run: RunningPlugin,
  operationFunction: OperationFunction,
  context: OperationContext,
): Interceptor {
  const { name, limits } = run.plugin;
  return (operation, next) => {
    if (!run.isFree) return next(operation);
    let answered = false;
    const budget = new Budget(run.services.clock, limits.holdBudget);
    const late$ = budget.over$.pipe(
      mergeMap(() => {
        const text = `plugin ${name} held ${operation.name} for longer than ${limits.holdBudget} ms`;
        return throwError(() => new UsherError('USHER_PLUGIN_SLOW', text));
      }),
    );
    const held$ = defer(() =>
      run.timed(context.interaction, () =>
        operationFunction(operation, (passed) => budget.pausedDuring(next(passed)), context),
      ),
    );
    return merge(held$.pipe(endWith(over)), late$).pipe(
      takeWhile((event): event is Outcome => event !== over),
      tap(() => {
        answered = true;
      }),
      catchError((thrown: unknown) => {
        run.fail(context.interaction, thrown, 'USHER_PLUGIN_INTERCEPTOR');
        if (answered) return EMPTY;
        const message = `plugin ${name} failed while it held the operation`;
        return of({ operation, kind: 'failed' as const, reason: 'interceptor', message, attempts: 0 });
      }),
    );
  };
}
