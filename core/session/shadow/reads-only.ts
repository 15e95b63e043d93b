import { throwError } from 'rxjs';
import type { Send } from '../../gateway/gateway.ts';

/** Lets transcripts be read, and nothing else leave. */
export function readsOnly(send: Send): Send {
  return (operation) =>
    operation.name === 'requestHistory'
      ? send(operation)
      : throwError(() => new TypeError(`${operation.name} must not leave in a dry run`));
}
