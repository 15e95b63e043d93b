import { filter, type Observable, take } from 'rxjs';
import type { InteractionState } from '../../model/interaction.ts';
import type { Interaction } from '../../ports.ts';

/**
 * Emits once, when the interaction is in the state: at once if it is already.
 *
 * @example whenState(interaction, 'Chatting').pipe(concatMap(() => operations.sendMessage('Hello!')))
 */
export function whenState(interaction: Interaction, state: InteractionState): Observable<InteractionState> {
  return interaction.state$.pipe(
    filter((now) => now === state),
    take(1),
  );
}
