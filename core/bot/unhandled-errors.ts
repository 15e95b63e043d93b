import { config as rxjs } from 'rxjs';
import { messageOf } from '../errors.ts';
import type { Journal } from '../ports.ts';

/**
 * Tells of what is thrown in subscriptions that plugins made by themselves, which would end the process otherwise.
 * Returns what puts everything back.
 */
export function tellUnhandledErrors(journal: Journal): () => void {
  const before = rxjs.onUnhandledError;
  rxjs.onUnhandledError = (thrown: unknown) => {
    journal.record('-', {
      kind: 'problem',
      code: 'USHER_PLUGIN_FAILED',
      message: `a subscription of a plugin's own threw: ${messageOf(thrown)}`,
      cause: thrown,
    });
  };
  return () => {
    rxjs.onUnhandledError = before;
  };
}
