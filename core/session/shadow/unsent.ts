import { defer, of } from 'rxjs';
import type { Dialect } from '../../dialects/dialect.ts';
import type { Send } from '../../gateway/gateway.ts';
import { unsupported } from '../../gateway/unsupported.ts';
import type { Interaction } from '../../ports.ts';
import { colleagueIn } from '../colleague.ts';

/** Only whether there is a request is asked, so that nobody has this address. */
const nowhere = 'http://shadow.invalid';

/**
 * The end of the way for what must not leave the process: it has no way on, and so cannot send. Whatever the dialect
 * can say counts as taken, so that whoever asked goes on as if GWS had.
 */
export function unsent(dialect: Dialect, find: (interactionId: string) => Interaction | undefined): Send {
  return (operation) =>
    defer(() => {
      const colleagueId = colleagueIn(find(operation.interactionId));
      const request = dialect.encode(operation, { origin: nowhere, colleagueId });
      return of(
        request === undefined
          ? unsupported(operation, dialect)
          : { operation, kind: 'sent' as const, attempts: 0 },
      );
    });
}
