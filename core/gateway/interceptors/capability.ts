import { of } from 'rxjs';
import { type OperationName, operationNames } from '../../model/operation.ts';
import { suppressed } from '../../model/outcome.ts';
import type { Interaction, Interceptor } from '../../ports.ts';

/**
 * Holds back what GWS would refuse: operations on an interaction that is over, and those that are not among
 * its capabilities. A server whose capabilities share no name with the dialect's is not judged by them.
 */
export function capability(
  find: (interactionId: string) => Interaction | undefined,
  permits: (operation: OperationName) => readonly string[],
): Interceptor {
  const vocabulary = new Set(operationNames.flatMap((name) => permits(name)));
  return (operation, next) => {
    const now = find(operation.interactionId)?.now;
    if (now === undefined || now.ended) return of(suppressed(operation, 'ended', 'the interaction is over'));
    const wanted = permits(operation.name);
    const given = now.capabilities;
    if (wanted.length === 0 || !given?.some((name) => vocabulary.has(name))) return next(operation);
    if (wanted.some((name) => given.includes(name))) return next(operation);
    return of(suppressed(operation, 'capability', `GWS does not permit ${wanted[0]} in state ${now.state}`));
  };
}
