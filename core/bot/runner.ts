import { isDeepStrictEqual } from 'node:util';
import { forkJoin, Subscription } from 'rxjs';
import { messageOf } from '../errors.ts';
import type { Interaction } from '../ports.ts';
import { ChatWork } from './chat-work.ts';
import type { Bot } from './define-bot.ts';
import type { Plugin } from './plugin.ts';
import { PluginRun } from './plugin-run.ts';
import type { PluginStatus } from './quarantine.ts';
import type { PreparedPlugin, RunnerServices } from './running-plugin.ts';
import { Stopwatch } from './stopwatch.ts';

export interface PreparedBot extends Pick<Bot, 'name' | 'handles'> {
  readonly plugins: readonly PreparedPlugin[];
}

interface RunningBot {
  readonly bot: PreparedBot;
  readonly plugins: readonly PluginRun[];
}

/**
 * Runs the bots of one agent session. Each plugin × interaction is an island: its errors stop it there and
 * nothing else, and what it subscribed ends with the interaction.
 */
export class Runner {
  readonly #services: RunnerServices;
  readonly #stopwatch: Stopwatch;
  readonly #running = new Subscription();
  readonly #chats = new Set<ChatWork>();
  /** Runs whose place another has taken, and that still have something to end. */
  readonly #retiring = new Set<PluginRun>();
  #bots: readonly RunningBot[];

  constructor(bots: readonly PreparedBot[], services: RunnerServices) {
    this.#services = services;
    this.#stopwatch = new Stopwatch(services.clock);
    this.#bots = bots.map((bot) => this.#runningBot(bot, []));
  }

  /** How the plugins are doing. */
  get plugins(): readonly PluginStatus[] {
    return this.#runs().map((run) => run.status);
  }

  /** Keeps a plugin away from the chats, by hand: for a while, or until it is released. */
  quarantine(plugin: string, reason: string, untilReleased = false): void {
    for (const run of this.#runs(plugin)) run.quarantine(reason, untilReleased);
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
    if (taker === undefined || this.#running.closed) return;
    const chat = new ChatWork(taker.bot.name, interaction, this.#services);
    this.#chats.add(chat);
    work.add(() => {
      this.#chats.delete(chat);
      chat.stop();
    });
    if (!work.closed) chat.assign(taker.plugins);
  }

  /**
   * Puts other bots in the place of these, also in the chats that are open. A plugin of the same definition and options
   * goes on undisturbed; one that is not ends what it has begun while its successor waits.
   *
   * @param prepare Called for the plugins that are new; if it throws, all stays as it is.
   * @returns All bots as they run now, and the names of the plugins that were put in.
   */
  replace(
    bots: readonly Bot[],
    prepare: (plugin: Plugin) => PreparedPlugin,
  ): { readonly bots: readonly PreparedBot[]; readonly swapped: readonly string[] } {
    const swapped: string[] = [];
    const prepared = bots.map((bot) => {
      const old = this.#bots.find((running) => running.bot.name === bot.name)?.plugins ?? [];
      const kept = new Set<PluginRun>();
      const plugins = bot.plugins.map((plugin) => {
        const same = old.find((run) => !kept.has(run) && isSame(run.plugin.source, plugin));
        if (same !== undefined) kept.add(same);
        else swapped.push(plugin.name);
        return same?.plugin ?? prepare(plugin);
      });
      return { bot: { name: bot.name, handles: bot.handles, plugins }, old };
    });
    const before = this.#runs();
    this.#bots = prepared.map(({ bot, old }) => this.#runningBot(bot, old));
    const now = new Set(this.#runs());
    const gone = before.filter((run) => !now.has(run));
    const chats = [...this.#chats];
    for (const run of gone) {
      const done$ = forkJoin(chats.map((chat) => chat.doneWith(run)));
      this.#retiring.add(run);
      run.retire();
      done$.subscribe({
        complete: () => {
          this.#retiring.delete(run);
          run.close();
        },
      });
    }
    for (const chat of chats) {
      chat.assign(this.#bots.find(({ bot }) => bot.name === chat.bot)?.plugins ?? []);
    }
    return { bots: this.#bots.map(({ bot }) => bot), swapped };
  }

  /** Stops every plugin on every interaction. */
  stop(): void {
    for (const run of [...this.#runs(), ...this.#retiring]) run.close();
    this.#running.unsubscribe();
  }

  /** `old`: runs that go on if the bot still has their plugin. */
  #runningBot(bot: PreparedBot, old: readonly PluginRun[]): RunningBot {
    const plugins = bot.plugins.map((plugin, at) => {
      const going = old.find((run) => run.plugin === plugin);
      if (going !== undefined) return going;
      const nth = bot.plugins.slice(0, at + 1).filter(({ name }) => name === plugin.name).length;
      const key = nth === 1 ? plugin.name : `${plugin.name}#${nth}`;
      return new PluginRun(plugin, this.#services, this.#stopwatch, key);
    });
    return { bot, plugins };
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
}

function isSame(one: Plugin | undefined, other: Plugin): boolean {
  const isLike = one?.definition === other.definition && isDeepStrictEqual(one.options, other.options);
  return isLike && isDeepStrictEqual(armsOf(one), armsOf(other));
}

function armsOf({ arms = [] }: Plugin): readonly string[] {
  return arms.map(({ experiment, arm }) => `${experiment.key}/${arm}`);
}
