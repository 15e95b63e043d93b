import { finalize, type Observable, ReplaySubject, Subscription } from 'rxjs';
import type { Message } from '../model/message.ts';
import type { Interaction } from '../ports.ts';
import { Backlog } from './backlog.ts';
import { experimentsOf } from './experiment/experiment.ts';
import { asInterceptor } from './operation-plugin.ts';
import type { PluginRun } from './plugin-run.ts';
import { Relay } from './relay.ts';
import type { RunnerServices } from './running-plugin.ts';

type ChatServices = Pick<RunnerServices, 'gateway' | 'ledger' | 'experiments' | 'backlogs'>;

/** What the plugins of a bot do in one chat. */
export class ChatWork {
  readonly bot: string;
  readonly #interaction: Interaction;
  readonly #work = new Subscription();
  readonly #relay: Relay;
  #isRelaying = false;
  /** The plugins that are at work, and when each has done. */
  readonly #done = new Map<PluginRun, ReplaySubject<void>>();
  readonly #services: ChatServices;
  /** The chat's arms, by the keys of experiments that have been decided. */
  readonly #arms = new Map<string, string>();
  /** What is to work here, in one arm or another. */
  #assigned: readonly PluginRun[] = [];
  #plugins: readonly PluginRun[] = [];
  #interceptors = new Subscription();

  /** `bot`: the name of the bot that has taken the interaction. */
  constructor(bot: string, interaction: Interaction, services: ChatServices) {
    this.bot = bot;
    this.#interaction = interaction;
    this.#services = services;
    this.#relay = new Relay(services.ledger.of(interaction));
  }

  get isStopped(): boolean {
    return this.#work.closed;
  }

  /**
   * Lets these plugins do the work from now on. Those that were at it already go on; those that are no longer among them
   * end what they have begun, and only then does the one of the same name that takes their place handle lines. Where an
   * experiment decides which of them work here, nobody begins before that is known, and everybody sees all.
   */
  assign(plugins: readonly PluginRun[]): void {
    this.#assigned = plugins;
    const undecided = experimentsOf(plugins.map(({ plugin }) => plugin)).filter(
      ({ key }) => !this.#arms.has(key),
    );
    if (undecided.length === 0) return this.#put(plugins.filter(({ plugin }) => this.#isIn(plugin)));
    const { experiments, ledger, backlogs } = this.#services;
    const interaction = this.#interaction;
    if (!backlogs.has(interaction)) backlogs.set(interaction, new Backlog(interaction));
    const choice = {
      interaction,
      experiments: undecided,
      isLate: this.#isRelaying,
      dossier: ledger.of(interaction),
      messages$: this.#messages$,
    };
    this.#work.add(
      experiments.choose(choice).subscribe((arms) => {
        for (const [key, arm] of arms) this.#arms.set(key, arm);
        if (!this.isStopped) this.assign(this.#assigned);
        backlogs.get(interaction)?.end();
        backlogs.delete(interaction);
      }),
    );
  }

  /** From the beginning, while it is not decided who works here. */
  get #messages$(): Observable<Message> {
    const { messages$ } = this.#interaction;
    return this.#services.backlogs.get(this.#interaction)?.through(messages$, 'messages$') ?? messages$;
  }

  #isIn({ arms = [] }: PluginRun['plugin']): boolean {
    return arms.every(({ experiment, arm }) => this.#arms.get(experiment.key) === arm);
  }

  #put(plugins: readonly PluginRun[]): void {
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
    this.#work.add(this.#messages$.subscribe((line) => this.#relay.begin(line)));
  }

  /** Completes when a plugin has ended what it had begun here. */
  doneWith(plugin: PluginRun): Observable<void> {
    const done = this.#done.get(plugin) ?? new ReplaySubject<void>(1);
    if (!this.#done.has(plugin)) done.complete();
    return done;
  }

  stop(): void {
    this.#services.backlogs.get(this.#interaction)?.end();
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
        this.#services.gateway.intercept(this.#interaction, name, (operations) =>
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
