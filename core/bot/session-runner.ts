import { map, type Subscription } from 'rxjs';
import { messageOf, UsherError } from '../errors.ts';
import { isolated } from './isolated.ts';
import type { SessionContext, SessionFunction } from './plugin.ts';
import type { PreparedBot } from './runner.ts';
import type { PreparedPlugin } from './running-plugin.ts';
import { shielded, shieldedInteraction } from './shield.ts';
import { workOf } from './work.ts';

/** The plugins that watch an agent session as a whole. */
export class SessionPlugins {
  readonly #context: Omit<SessionContext, 'signal'>;
  readonly #onFailure: (plugin: string, error: UsherError) => void;
  readonly #running = new Map<PreparedPlugin, Subscription>();

  constructor(
    context: Omit<SessionContext, 'signal'>,
    onFailure: (plugin: string, error: UsherError) => void,
  ) {
    this.#context = context;
    this.#onFailure = onFailure;
  }

  /** Lets the plugins of these bots watch from now on; those that do already go on, others stop. */
  assign(bots: readonly PreparedBot[]): void {
    const plugins = new Set(bots.flatMap((bot) => bot.plugins));
    for (const [plugin, work] of this.#running) {
      if (plugins.has(plugin)) continue;
      this.#running.delete(plugin);
      work.unsubscribe();
    }
    for (const plugin of plugins) {
      if (plugin.parts.session === undefined || this.#running.has(plugin)) continue;
      this.#running.set(plugin, this.#start(plugin.name, plugin.parts.session));
    }
  }

  stop(): void {
    this.assign([]);
  }

  #start(name: string, session: SessionFunction): Subscription {
    const abort = new AbortController();
    const onThrow = (thrown: unknown): void => this.#onFailure(name, asPluginError(name, thrown));
    const context = this.#context;
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
    const work = isolated(
      workOf(name, () => session(own)),
      { onThrow },
    ).subscribe();
    work.add(() => abort.abort());
    return work;
  }
}

function asPluginError(plugin: string, thrown: unknown): UsherError {
  if (thrown instanceof UsherError) return thrown;
  return new UsherError('USHER_PLUGIN_FAILED', `plugin ${plugin} failed: ${messageOf(thrown)}`, {
    cause: thrown,
  });
}
