import { Subscription } from 'rxjs';
import { messageOf } from '../errors.ts';
import type { Interaction } from '../ports.ts';
import type { Bot } from './define-bot.ts';
import { asInterceptor } from './operation-plugin.ts';
import { PluginRun } from './plugin-run.ts';
import type { PluginStatus } from './quarantine.ts';
import type { PreparedPlugin, RunnerServices } from './running-plugin.ts';
import { Stopwatch } from './stopwatch.ts';

export interface PreparedBot extends Pick<Bot, 'name' | 'handles'> {
  readonly plugins: readonly PreparedPlugin[];
}

/**
 * Runs the bots of one agent session. Each plugin × interaction is an island: its errors stop it there and
 * nothing else, and what it subscribed ends with the interaction.
 */
export class Runner {
  readonly #bots: readonly { readonly bot: PreparedBot; readonly plugins: readonly PluginRun[] }[];
  readonly #services: RunnerServices;
  readonly #running = new Subscription();

  constructor(bots: readonly PreparedBot[], services: RunnerServices) {
    const stopwatch = new Stopwatch(services.clock);
    this.#bots = bots.map((bot) => ({
      bot,
      plugins: bot.plugins.map((plugin, at) => {
        const nth = bot.plugins.slice(0, at + 1).filter(({ name }) => name === plugin.name).length;
        const key = nth === 1 ? plugin.name : `${plugin.name}#${nth}`;
        return new PluginRun(plugin, services, stopwatch, key);
      }),
    }));
    this.#services = services;
  }

  /** How the plugins are doing. */
  get plugins(): readonly PluginStatus[] {
    return this.#runs().map((run) => run.status);
  }

  /** Keeps a plugin away from the chats, by hand. */
  quarantine(plugin: string, reason: string): void {
    for (const run of this.#runs(plugin)) run.quarantine(reason);
  }

  /** Lets a plugin work again before its time. */
  release(plugin: string): void {
    for (const run of this.#runs(plugin)) run.release();
  }

  /** Gives the interaction to the first bot that handles it. */
  take(interaction: Interaction): void {
    const { journal, agent } = this.#services;
    const taker = this.#bots.find(({ bot }) => this.#handles(bot, interaction));
    journal.record(agent.username, {
      kind: 'interaction-began',
      interactionId: interaction.id,
      type: interaction.kind,
      userData: interaction.now.userData,
      ...(taker && { bot: taker.bot.name }),
    });
    const work = new Subscription();
    this.#running.add(work);
    interaction.ended$.subscribe((end) => {
      journal.record(agent.username, { kind: 'interaction-ended', interactionId: interaction.id, end });
      work.unsubscribe();
      this.#running.remove(work);
    });
    if (taker !== undefined && !this.#running.closed) this.#run(taker.plugins, interaction, work);
  }

  /** Stops every plugin on every interaction. */
  stop(): void {
    for (const run of this.#runs()) run.close();
    this.#running.unsubscribe();
  }

  #runs(plugin?: string): PluginRun[] {
    return this.#bots
      .flatMap(({ plugins }) => plugins)
      .filter((run) => plugin === undefined || run.status.plugin === plugin);
  }

  #handles(bot: PreparedBot, interaction: Interaction): boolean {
    try {
      return bot.handles(interaction);
    } catch (thrown) {
      this.#services.journal.record(this.#services.agent.username, {
        kind: 'problem',
        code: 'USHER_BOT_HANDLES',
        message: `bot ${bot.name}: handles threw: ${messageOf(thrown)}`,
        interactionId: interaction.id,
        cause: thrown,
      });
      return false;
    }
  }

  #run(plugins: readonly PluginRun[], interaction: Interaction, work: Subscription): void {
    // Every interceptor stands before the first plugin can ask for an operation.
    for (const plugin of plugins) {
      const { name, parts } = plugin.plugin;
      const { operation } = parts;
      if (operation === undefined) continue;
      work.add(
        this.#services.gateway.intercept(interaction, name, (operations) =>
          asInterceptor(plugin, operation, {
            ...plugin.contextIn(interaction),
            operations,
            interaction: plugin.shielded(interaction),
          }),
        ),
      );
    }
    for (const plugin of plugins) {
      // What one plugin does may end the interaction.
      if (work.closed) return;
      if (plugin.plugin.parts.bot === undefined && plugin.plugin.parts.message === undefined) continue;
      work.add(plugin.workOn(interaction).subscribe());
    }
  }
}
