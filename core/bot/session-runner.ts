import { map, Subscription } from 'rxjs';
import { messageOf, UsherError } from '../errors.ts';
import { isolated } from './isolated.ts';
import type { SessionContext } from './plugin.ts';
import type { PreparedBot } from './runner.ts';
import { shielded, shieldedInteraction } from './shield.ts';
import { workOf } from './work.ts';

/** Starts the plugins that watch the session as a whole; closing the subscription stops them. */
export function runSessionPlugins(
  bots: readonly PreparedBot[],
  context: Omit<SessionContext, 'signal'>,
  onFailure: (plugin: string, error: UsherError) => void,
): Subscription {
  const running = new Subscription();
  for (const { name, parts } of bots.flatMap(({ plugins }) => plugins)) {
    const { session } = parts;
    if (session === undefined) continue;
    const abort = new AbortController();
    const onThrow = (thrown: unknown): void => onFailure(name, asPluginError(name, thrown));
    const interactions$ = context.interactions$.pipe(
      map((interaction) => shieldedInteraction(interaction, onThrow)),
    );
    const own: SessionContext = {
      ...context,
      interactions$: shielded(interactions$, onThrow),
      journal$: shielded(context.journal$, onThrow),
      log: context.log.child({ plugin: name }),
      signal: abort.signal,
    };
    const work$ = workOf(name, () => session(own));
    running.add(isolated(work$, { onThrow }).subscribe());
    running.add(() => abort.abort());
  }
  return running;
}

function asPluginError(plugin: string, thrown: unknown): UsherError {
  if (thrown instanceof UsherError) return thrown;
  return new UsherError('USHER_PLUGIN_FAILED', `plugin ${plugin} failed: ${messageOf(thrown)}`, {
    cause: thrown,
  });
}
