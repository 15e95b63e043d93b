import { finalize, of, tap } from 'rxjs';
import { suppressed } from '../../model/outcome.ts';
import type { Interaction, Interceptor } from '../../ports.ts';

/**
 * Lets an operation with a `once` key take effect at most once per interaction. The key is taken while the
 * operation is under way and stays taken if it was sent, or if nobody knows; it is free again after a refusal
 * or a failure. The keys of an interaction go with it.
 */
export function once(find: (interactionId: string) => Interaction | undefined): Interceptor {
  const taken = new Map<string, Set<string>>();

  const keysOf = (interaction: Interaction): Set<string> => {
    const known = taken.get(interaction.id);
    if (known !== undefined) return known;
    const keys = new Set<string>();
    taken.set(interaction.id, keys);
    interaction.ended$.subscribe(() => taken.delete(interaction.id));
    return keys;
  };

  return (operation, next) => {
    const key = operation.once;
    if (key === undefined) return next(operation);
    const interaction = find(operation.interactionId);
    if (interaction === undefined) return of(suppressed(operation, 'ended', 'the interaction is over'));
    const keys = keysOf(interaction);
    if (keys.has(key)) return of(suppressed(operation, 'once', `"${key}" was done before`));
    keys.add(key);
    let kept = false;
    return next(operation).pipe(
      tap(({ kind }) => {
        kept = kind === 'sent' || kind === 'unknown';
      }),
      finalize(() => {
        if (!kept) keys.delete(key);
      }),
    );
  };
}
