import { Subscription } from 'rxjs';
import { messageOf, UsherError } from '../errors.ts';
import type { HostContext } from './host-plugin.ts';
import { isolated } from './isolated.ts';
import type { PreparedPlugin } from './running-plugin.ts';
import { shielded } from './shield.ts';
import { workOf } from './work.ts';

/** Runs the plugins that serve the process as a whole; one that fails harms nobody else. */
export class HostPlugins {
  readonly #work = new Subscription();

  constructor(
    plugins: readonly PreparedPlugin[],
    context: Omit<HostContext, 'signal'>,
    onFailure: (plugin: string, error: UsherError) => void,
  ) {
    for (const { name, parts } of plugins) {
      const { host } = parts;
      if (host === undefined) continue;
      const abort = new AbortController();
      const onThrow = (thrown: unknown): void => onFailure(name, asError(name, thrown));
      // Getters stay getters: whether the host is ready changes.
      const own: HostContext = Object.create(context, {
        journal$: { value: shielded(context.journal$, onThrow), enumerable: true },
        log: { value: context.log.child({ plugin: name }), enumerable: true },
        signal: { value: abort.signal, enumerable: true },
      });
      const running = isolated(
        workOf(name, () => host(own)),
        { onThrow },
      ).subscribe();
      this.#work.add(() => {
        abort.abort();
        running.unsubscribe();
      });
    }
  }

  stop(): void {
    this.#work.unsubscribe();
  }
}

function asError(plugin: string, thrown: unknown): UsherError {
  if (thrown instanceof UsherError) return thrown;
  return new UsherError('USHER_PLUGIN_FAILED', `plugin ${plugin} failed: ${messageOf(thrown)}`, {
    cause: thrown,
  });
}
