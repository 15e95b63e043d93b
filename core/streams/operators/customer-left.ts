import { distinctUntilChanged, filter, map, type Observable, scan, take } from 'rxjs';
import type { Interaction } from '../../ports.ts';

/**
 * Emits once, when the customer who was in the chat is no longer in it. An empty list says nothing: GWS sends
 * one with a change of state (8.5.2, notifications after Accept).
 */
export function customerLeft(interaction: Interaction): Observable<void> {
  return interaction.participants$.pipe(
    filter((participants) => participants.length > 0),
    map((participants) => participants.some(({ type }) => type === 'Customer')),
    distinctUntilChanged(),
    scan((seen, present) => ({ been: seen.been || present, present }), { been: false, present: false }),
    filter(({ been, present }) => been && !present),
    take(1),
    map(() => undefined),
  );
}
