import { of, tap } from 'rxjs';
import type { OperationName } from '../../model/operation.ts';
import { suppressed } from '../../model/outcome.ts';
import type { Interaction, Interceptor } from '../../ports.ts';

/** What ends the agent's part in a chat. */
const departures: ReadonlySet<OperationName> = new Set(['reject', 'leave', 'stopProcessing']);

/** What may still be done after the conversation. */
const afterwards: ReadonlySet<OperationName> = new Set([
  'stopProcessing',
  'attachUserData',
  'updateUserData',
  'deleteUserData',
  'setDisposition',
]);

/**
 * Where nothing leaves, a chat goes on that would have been left: holds back what could not have been done in it any
 * more.
 */
export function departed(find: (interactionId: string) => Interaction | undefined): Interceptor {
  const left = new WeakSet<Interaction>();
  return (operation, next) => {
    const interaction = find(operation.interactionId);
    if (interaction === undefined) return next(operation);
    if (left.has(interaction) && !afterwards.has(operation.name))
      return of(suppressed(operation, 'ended', 'the chat would have been left before'));
    return next(operation).pipe(
      tap(({ kind }) => {
        if (kind === 'sent' && departures.has(operation.name)) left.add(interaction);
      }),
    );
  };
}
