import { catchError, defer, EMPTY, of, tap } from 'rxjs';
import type { Interceptor } from '../ports.ts';
import type { OperationContext, OperationFunction } from './plugin.ts';

/** A plugin's operation function as an interceptor that fails closed: what it breaks on is not sent. */
export function asInterceptor(
  plugin: string,
  operationFunction: OperationFunction,
  context: OperationContext,
  onFailure: (thrown: unknown) => void,
): Interceptor {
  return (operation, next) => {
    let answered = false;
    return defer(() => operationFunction(operation, next, context)).pipe(
      tap(() => {
        answered = true;
      }),
      catchError((thrown: unknown) => {
        onFailure(thrown);
        if (answered) return EMPTY;
        const message = `plugin ${plugin} failed while it held the operation`;
        return of({ operation, kind: 'failed' as const, reason: 'interceptor', message, attempts: 0 });
      }),
    );
  };
}
