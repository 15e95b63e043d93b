import type { Operation } from '../model/operation.ts';
import type { Outcome } from '../model/outcome.ts';

/** The outcome of an operation that the server's dialect does not know, or not in this form. */
export function unsupported(operation: Operation, dialect: { readonly name: string }): Outcome {
  const message = `${dialect.name} has no ${operation.name} of this kind`;
  return { operation, kind: 'unsupported', reason: 'dialect', message, attempts: 0 };
}
