import type { Container } from 'inversify';
import type { Subscription } from 'rxjs';
import type { Bot } from '../bot/define-bot.ts';
import { Runner } from '../bot/runner.ts';
import { runSessionPlugins } from '../bot/session-runner.ts';
import type { Dialect, Me } from '../dialects/dialect.ts';
import { ChainGateway, type Send } from '../gateway/gateway.ts';
import { capability } from '../gateway/interceptors/capability.ts';
import { journalled } from '../gateway/interceptors/journal.ts';
import { lane } from '../gateway/interceptors/lane.ts';
import { once } from '../gateway/interceptors/once.ts';
import { retry } from '../gateway/interceptors/retry.ts';
import type { Agent } from '../model/agent.ts';
import { Interactions } from '../streams/interactions.ts';
import { prepareBots, type RootServices, sessionContainer } from './container.ts';

export interface SeatOptions {
  readonly agent: Agent;
  readonly bots: readonly Bot[];
  readonly dialect: Dialect;
  readonly send: Send;
  readonly root: Container;
  readonly services: RootServices;
}

/**
 * What an agent session consists of once the agent is known: its interactions, its gateway, its container and
 * its running bots. It outlives the connections to the server.
 */
export class Seat {
  readonly interactions: Interactions;
  readonly gateway: ChainGateway;
  readonly #options: SeatOptions;
  readonly #runner: Runner;
  readonly #container: Container;
  readonly #sessionPlugins: Subscription;

  constructor(options: SeatOptions) {
    this.#options = options;
    const { agent, dialect, services } = options;
    const { journal, clock, log } = services;

    this.interactions = new Interactions(agent, (code, message, interactionId) =>
      journal.record(agent.username, {
        kind: 'problem',
        code,
        message,
        ...(interactionId !== undefined && { interactionId }),
      }),
    );
    const find = (id: string) => this.interactions.get(id);
    this.gateway = new ChainGateway({
      journal: journalled(journal, clock, agent.username),
      outer: [once(find), lane()],
      inner: [retry(), capability(find, dialect.capabilities)],
      send: options.send,
    });
    this.#container = sessionContainer(options.root, this.gateway, services.services);
    const bots = prepareBots(this.#container, options.bots);
    const context = { agent, journal, clock, log: log.child({ agent: agent.username }) };
    this.#runner = new Runner(bots, { ...context, gateway: this.gateway });
    this.#sessionPlugins = runSessionPlugins(
      bots,
      { ...context, interactions$: this.interactions.opened$, journal$: journal.entries$ },
      (plugin, { code, message, cause }) =>
        journal.record(agent.username, { kind: 'problem', code, message, plugin, cause }),
    );
    this.interactions.opened$.subscribe((interaction) => this.#runner.take(interaction));
  }

  /** Takes one CometD message. */
  notify(topic: string, data: unknown): void {
    const { agent, dialect, services } = this.#options;
    const notification = dialect.decode(topic, data);
    services.journal.record(agent.username, { kind: 'notification', topic, notification });
    this.interactions.apply(notification);
  }

  /**
   * Takes the open interactions as the server lists them, if it does, and has the lines sent that were missed in
   * those that went on; they come as notifications.
   */
  reconcile({ interactions }: Me): void {
    if (interactions === undefined) return;
    for (const { id, lastIndex } of this.interactions.reconcile(interactions)) {
      const origin = { interactionId: id, plugin: 'session' };
      this.gateway.perform({ name: 'requestHistory', fromIndex: lastIndex + 1, ...origin }).subscribe();
    }
  }

  stopBots(): void {
    this.#runner.stop();
  }

  async close(): Promise<void> {
    this.#runner.stop();
    this.interactions.close();
    this.#sessionPlugins.unsubscribe();
    await this.#container.unbindAllAsync();
  }
}
