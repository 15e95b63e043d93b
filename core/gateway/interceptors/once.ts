import { finalize, of, tap } from 'rxjs';
import { suppressed } from '../../model/outcome.ts';
import type { Interaction, Interceptor, Ledger } from '../../ports.ts';

/**
 * Lets an operation with a `once` key take effect at most once per interaction. The key is taken while the
 * operation is under way and stays taken, also beyond the process, if it was sent, or if nobody knows; it is free
 * again after a refusal or a failure. The keys of an interaction go with it.
 */
export function once(find: (interactionId: string) => Interaction | undefined, ledger: Ledger): Interceptor {
  const underWay = new WeakMap<Interaction, Set<string>>();

  return (operation, next) => {
    const key = operation.once;
    if (key === undefined) return next(operation);
    const interaction = find(operation.interactionId);
    if (interaction === undefined) return of(suppressed(operation, 'ended', 'the interaction is over'));
    const keys = underWay.get(interaction) ?? new Set();
    underWay.set(interaction, keys);
    const dossier = ledger.of(interaction);
    if (keys.has(key) || dossier.has(key))
      return of(suppressed(operation, 'once', `"${key}" was done before`));
    keys.add(key);
    return next(operation).pipe(
      tap(({ kind }) => {
        if (kind === 'sent' || kind === 'unknown') dossier.mark(key);
      }),
      finalize(() => keys.delete(key)),
    );
  };
}
