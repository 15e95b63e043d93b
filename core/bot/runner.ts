import { Subscription, takeUntil } from 'rxjs';
import { messageOf, UsherError } from '../errors.ts';
import type { Agent } from '../model/agent.ts';
import type { Clock, Interaction, Journal, Log, OperationsGateway } from '../ports.ts';
import type { Bot } from './define-bot.ts';
import { asInterceptor } from './operation-plugin.ts';
import type { PluginParts } from './plugin.ts';
import { workOf } from './work.ts';

/** A plugin with its options and services: one per agent session. */
interface PreparedPlugin {
  readonly name: string;
  readonly parts: PluginParts;
}

export interface PreparedBot extends Pick<Bot, 'name' | 'handles'> {
  readonly plugins: readonly PreparedPlugin[];
}

export interface RunnerServices {
  readonly agent: Agent;
  readonly gateway: OperationsGateway;
  readonly journal: Journal;
  readonly clock: Clock;
  readonly log: Log;
}

/**
 * Runs the bots of one agent session. Each plugin × interaction is an island: its errors stop it there and
 * nothing else, and what it subscribed ends with the interaction.
 */
export class Runner {
  readonly #bots: readonly PreparedBot[];
  readonly #services: RunnerServices;
  readonly #running = new Subscription();

  constructor(bots: readonly PreparedBot[], services: RunnerServices) {
    this.#bots = bots;
    this.#services = services;
  }

  /** Gives the interaction to the first bot that handles it. */
  take(interaction: Interaction): void {
    const { journal, agent } = this.#services;
    const bot = this.#bots.find((candidate) => this.#handles(candidate, interaction));
    journal.record(agent.username, {
      kind: 'interaction-began',
      interactionId: interaction.id,
      type: interaction.kind,
      userData: interaction.now.userData,
      ...(bot && { bot: bot.name }),
    });
    const work = new Subscription();
    this.#running.add(work);
    interaction.ended$.subscribe((end) => {
      journal.record(agent.username, { kind: 'interaction-ended', interactionId: interaction.id, end });
      work.unsubscribe();
      this.#running.remove(work);
    });
    if (bot !== undefined && !this.#running.closed) this.#run(bot, interaction, work);
  }

  /** Stops every plugin on every interaction. */
  stop(): void {
    this.#running.unsubscribe();
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

  #run(bot: PreparedBot, interaction: Interaction, work: Subscription): void {
    const { agent, clock, gateway, log } = this.#services;
    const places = bot.plugins.map(({ name, parts }) => ({
      name,
      parts,
      context: { agent, clock, log: log.child({ plugin: name, interaction: interaction.id }) },
    }));
    // Every interceptor stands before the first plugin can ask for an operation.
    for (const { name, parts, context } of places) {
      const { operation } = parts;
      if (operation === undefined) continue;
      const fail = (thrown: unknown): void =>
        this.#failed(name, interaction, thrown, 'USHER_PLUGIN_INTERCEPTOR');
      work.add(
        gateway.intercept(interaction, name, (operations) =>
          asInterceptor(name, operation, { ...context, operations, interaction }, fail),
        ),
      );
    }
    for (const { name, parts, context } of places) {
      const { bot: start } = parts;
      if (start === undefined) continue;
      const abort = new AbortController();
      const operations = gateway.bind(interaction, name);
      work.add(() => abort.abort());
      work.add(
        workOf(name, () => start(interaction, { ...context, operations, signal: abort.signal }))
          .pipe(takeUntil(interaction.ended$))
          .subscribe({ error: (thrown) => this.#failed(name, interaction, thrown, 'USHER_PLUGIN_FAILED') }),
      );
    }
  }

  #failed(
    plugin: string,
    interaction: Interaction,
    thrown: unknown,
    code: 'USHER_PLUGIN_FAILED' | 'USHER_PLUGIN_INTERCEPTOR',
  ): void {
    const known = thrown instanceof UsherError ? thrown : undefined;
    this.#services.journal.record(this.#services.agent.username, {
      kind: 'problem',
      code: known?.code ?? code,
      message: known?.message ?? `plugin ${plugin} failed: ${messageOf(thrown)}`,
      plugin,
      interactionId: interaction.id,
      cause: thrown,
    });
  }
}
