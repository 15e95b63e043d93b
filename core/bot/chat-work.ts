import { finalize, type Observable, ReplaySubject, Subscription } from 'rxjs';
import type { Interaction, OperationsGateway } from '../ports.ts';
import { asInterceptor } from './operation-plugin.ts';
import type { PluginRun } from './plugin-run.ts';
import { Relay } from './relay.ts';
import type { RunnerServices } from './running-plugin.ts';

/** What the plugins of a bot do in one chat. */
export class ChatWork {
  readonly bot: string;
  readonly #interaction: Interaction;
  readonly #gateway: OperationsGateway;
  readonly #work = new Subscription();
  readonly #relay: Relay;
  #isRelaying = false;
  /** The plugins that are at work, and when each has done. */
  readonly #done = new Map<PluginRun, ReplaySubject<void>>();
  #plugins: readonly PluginRun[] = [];
  #interceptors = new Subscription();

  /** `bot`: the name of the bot that has taken the interaction. */
  constructor(
    bot: string,
    interaction: Interaction,
    { gateway, ledger }: Pick<RunnerServices, 'gateway' | 'ledger'>,
  ) {
    this.bot = bot;
    this.#interaction = interaction;
    this.#gateway = gateway;
    this.#relay = new Relay(ledger.of(interaction));
  }

  get isStopped(): boolean {
    return this.#work.closed;
  }

  /**
   * Lets these plugins do the work from now on. Those that were at it already go on; those that are no longer among them
   * end what they have begun, and only then does the one of the same name that takes their place handle lines.
   */
  assign(plugins: readonly PluginRun[]): void {
    const before = this.#plugins;
    this.#plugins = plugins;
    this.#intercept();
    this.#relay.assign(
      plugins.filter(({ plugin }) => plugin.parts.message !== undefined).map(({ key }) => key),
    );
    for (const plugin of plugins) {
      // What one plugin does may end the interaction.
      if (this.isStopped) return;
      if (before.includes(plugin) || !isAtWork(plugin)) continue;
      const predecessor = before.find(({ key }) => key === plugin.key);
      this.#start(plugin, predecessor && this.#done.get(predecessor));
    }
    if (this.#isRelaying || this.isStopped) return;
    this.#isRelaying = true;
    // After the `bot` parts, which see a line before the first `message` function is called for it.
    this.#work.add(this.#interaction.messages$.subscribe((line) => this.#relay.begin(line)));
  }

  /** Completes when a plugin has ended what it had begun here. */
  doneWith(plugin: PluginRun): Observable<void> {
    const done = this.#done.get(plugin) ?? new ReplaySubject<void>(1);
    if (!this.#done.has(plugin)) done.complete();
    return done;
  }

  stop(): void {
    this.#interceptors.unsubscribe();
    this.#work.unsubscribe();
  }

  #start(plugin: PluginRun, ready$: Observable<void> | undefined): void {
    const done = new ReplaySubject<void>(1);
    this.#done.set(plugin, done);
    this.#work.add(
      plugin
        .workOn(this.#interaction, this.#relay, ready$)
        .pipe(
          finalize(() => {
            this.#done.delete(plugin);
            done.next();
            done.complete();
          }),
        )
        .subscribe(),
    );
  }

  /** Every interceptor stands before the first plugin can ask for an operation. What is under way keeps its own. */
  #intercept(): void {
    this.#interceptors.unsubscribe();
    this.#interceptors = new Subscription();
    for (const plugin of this.#plugins) {
      const { name, parts } = plugin.plugin;
      const { operation } = parts;
      if (operation === undefined) continue;
      this.#interceptors.add(
        this.#gateway.intercept(this.#interaction, name, (operations) =>
          asInterceptor(plugin, operation, {
            ...plugin.contextIn(this.#interaction),
            operations,
            interaction: plugin.shielded(this.#interaction),
          }),
        ),
      );
    }
  }
}

function isAtWork({ plugin: { parts } }: PluginRun): boolean {
  return parts.bot !== undefined || parts.message !== undefined;
}
