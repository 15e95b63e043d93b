import { distinctUntilChanged, filter, map, merge, type Observable, scan, take } from 'rxjs';
import type { Interaction } from '../../ports.ts';

/**
 * Emits once, when the customer who was in the chat is no longer in it, as the participants or the transcript tell.
 * An empty list of participants says nothing: GWS sends one with a change of state (8.5.2, notifications after
 * Accept).
 */
export function customerLeft(interaction: Interaction): Observable<void> {
  const missing$ = interaction.participants$.pipe(
    filter((participants) => participants.length > 0),
    map((participants) => participants.some(({ type }) => type === 'Customer')),
    distinctUntilChanged(),
    // Of a chat that was found open it is not known how it began.
    scan((seen, present) => ({ been: seen.been || present, present }), {
      been: interaction.resumed,
      present: false,
    }),
    filter(({ been, present }) => been && !present),
  );
  const departed$ = interaction.messages$.pipe(
    filter(({ type, from }) => type === 'ParticipantLeft' && from.type === 'Customer'),
    filter(({ history, replayed }) => !history || replayed),
  );
  return merge(missing$, departed$).pipe(
    take(1),
    map(() => undefined),
  );
}
