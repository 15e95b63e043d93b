import { Subscription } from 'rxjs';
import { messageOf, UsherError } from '../errors.ts';
import type { SessionContext } from './plugin.ts';
import type { PreparedBot } from './runner.ts';
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
    running.add(() => abort.abort());
    running.add(
      workOf(name, () =>
        session({ ...context, log: context.log.child({ plugin: name }), signal: abort.signal }),
      ).subscribe({ error: (thrown) => onFailure(name, asPluginError(name, thrown)) }),
    );
  }
  return running;
}

function asPluginError(plugin: string, thrown: unknown): UsherError {
  if (thrown instanceof UsherError) return thrown;
  return new UsherError('USHER_PLUGIN_FAILED', `plugin ${plugin} failed: ${messageOf(thrown)}`, {
    cause: thrown,
  });
}
