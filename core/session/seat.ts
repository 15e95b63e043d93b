import type { Container } from 'inversify';
import { catchError, filter, map, mergeMap, NEVER, type Observable, of, ReplaySubject, take } from 'rxjs';
import type { Bot } from '../bot/define-bot.ts';
import { HandOffRequests } from '../bot/hand-off-requests.ts';
import { Runner } from '../bot/runner.ts';
import { SessionPlugins } from '../bot/session-runner.ts';
import { boundOperations } from '../gateway/bound-operations.ts';
import type { ChainGateway } from '../gateway/gateway.ts';
import { Settling } from '../gateway/interceptors/settle.ts';
import { humanPlugin, Ownership } from '../gateway/ownership.ts';
import type { Agent } from '../model/agent.ts';
import type { HandOffRequest } from '../model/hand-off.ts';
import type { Missed } from '../model/journal-entry.ts';
import type { Notification } from '../model/notification.ts';
import type { Interaction, Journal, Operations } from '../ports.ts';
import { Interactions, type Reconciled } from '../streams/interactions.ts';
import { colleagueSpeaks } from '../streams/operators/colleague.ts';
import { chainOf, readingChain } from './chain.ts';
import { prepareBots, preparePlugin, sessionContainer } from './container.ts';
import type { SeatOptions } from './seat-options.ts';
import { closedGateway } from './shadow/closed-gateway.ts';
import { controlOnly } from './shadow/control-only.ts';
import { DryJournal } from './shadow/dry-journal.ts';
import { Shadows } from './shadow/shadows.ts';
import { Transcripts } from './transcripts.ts';

/**
 * What an agent session consists of once the agent is known: its interactions, its gateway, its container and
 * its running bots. It outlives the connections to the server.
 */
export class Seat {
  readonly interactions: Interactions;
  readonly gateway: ChainGateway;
  /** Who has the word in which chat. */
  readonly ownership: Ownership;
  readonly #options: SeatOptions;
  readonly #runner: Runner;
  /** Kept only where it holds something to dispose of: an idle session is half as large without. */
  readonly #container: Container | undefined;
  readonly #sessionPlugins: SessionPlugins;
  readonly #settling: Settling;
  readonly #transcripts: Transcripts;
  readonly #handOffs = new HandOffRequests();
  readonly #journal: Journal;
  readonly #shadows: Shadows;
  readonly #leaving = new ReplaySubject<void>(1);

  constructor(options: SeatOptions) {
    this.#options = options;
    const { agent, dialect, services, ledger, isDryRun = false } = options;
    const { clock, log } = services;
    const journal = isDryRun ? new DryJournal(services.journal) : services.journal;
    this.#journal = journal;

    const reading = isDryRun ? readingChain(options) : undefined;
    this.#transcripts = new Transcripts({
      isTold: dialect.history === undefined,
      send: options.send,
      direct: (operation) => (reading ?? this.gateway).direct(operation),
      onDeaf: options.onDeaf,
    });
    this.interactions = new Interactions(
      agent,
      (code, message, interactionId) =>
        journal.record(agent.username, {
          kind: 'problem',
          code,
          message,
          ...(interactionId !== undefined && { interactionId }),
        }),
      {
        recall: (id) => ledger.recall(id),
        read: (interaction, fromIndex) => this.#transcripts.ask(interaction, fromIndex),
      },
    );
    const find = (id: string) => this.interactions.get(id);
    this.#settling = new Settling({
      find,
      ledger,
      settleTime: options.settleTime,
      leaving$: this.#leaving,
      readTranscript: (interaction, fromIndex) => this.#transcripts.read(interaction, fromIndex),
      refresh: () => this.#refresh(),
    });
    this.ownership = new Ownership({
      find,
      ledger,
      colleagueSpeaks,
      onChange: ({ id: interactionId }, owner) =>
        journal.record(agent.username, { kind: 'owner', interactionId, owner }),
    });
    this.gateway = isDryRun
      ? closedGateway({
          ...{ agent: agent.username, journal, clock, dialect, find, ledger, line$: options.line$ },
          ownership: this.ownership,
          draining: options.draining?.interceptor,
        })
      : chainOf(options, {
          find,
          ownership: this.ownership,
          settling: this.#settling,
          leaving$: this.#leaving,
        });
    const container = sessionContainer(options.root, this.gateway, services.services, journal);
    const bots = prepareBots(container, options.bots);
    this.#container = services.services.some(({ scope }) => scope === 'session') ? container : undefined;
    const context = { agent, journal, clock, log: log.child({ agent: agent.username }) };
    this.#runner = new Runner(bots, {
      ...context,
      gateway: this.gateway,
      ledger,
      handOffs: this.#handOffs,
      words: this.ownership,
      drain$: options.draining?.drain$ ?? NEVER,
      experiments: isDryRun ? controlOnly : services.experiments,
      backlogs: new WeakMap(),
    });
    this.#sessionPlugins = new SessionPlugins(
      { ...context, interactions$: this.interactions.opened$, journal$: journal.entries$ },
      (plugin, { code, message, cause }) =>
        journal.record(agent.username, { kind: 'problem', code, message, plugin, cause }),
    );
    this.#sessionPlugins.assign(bots);
    this.#shadows = new Shadows(options.shadows ?? [], options);
    this.interactions.opened$.subscribe((interaction) => {
      const watchEnd = services.analytics?.watch(interaction, ledger.of(interaction));
      this.#takeUp(interaction);
      this.ownership.watch(interaction);
      this.#runner.take(interaction);
      this.#shadows.take(interaction);
      watchEnd?.();
    });
  }

  get agent(): Agent {
    return this.#options.agent;
  }

  /** Takes one CometD message. */
  notify(topic: string, data: unknown): void {
    this.take(this.#options.dialect.decode(topic, data), topic);
  }

  /** Takes what a CometD message says. */
  take(notification: Notification, topic: string): void {
    const { agent, services } = this.#options;
    services.journal.record(agent.username, { kind: 'notification', topic, notification });
    this.interactions.apply(
      this.#transcripts.isAnswer(notification) ? { ...notification, whole: true } : notification,
    );
  }

  /** Takes a transcript that came as an answer to a request. */
  takeTranscript(notification: Notification): void {
    const { agent, services } = this.#options;
    services.journal.record(agent.username, { kind: 'notification', topic: 'history', notification });
    this.interactions.apply(
      notification.kind === 'transcript' ? { ...notification, whole: true } : notification,
    );
  }

  /**
   * Brings everything up to date after a connection was lost: the open interactions as the server lists them, and
   * the transcripts of those in conversation from their last known line on, all through the same reducer as live
   * notifications.
   */
  async resynchronise(): Promise<Missed> {
    const reconciled = await this.#readStates();
    if (reconciled === undefined) return { ended: 0, began: 0, lines: 0 };
    const { vanished, appeared, going } = reconciled;
    const before = new Map(going.map((interaction) => [interaction, interaction.lastIndex]));
    await Promise.all(going.map((interaction) => this.#transcripts.catchUp(interaction)));
    const lines = [...before].reduce(
      (sum, [interaction, index]) => sum + Math.max(0, interaction.lastIndex - Math.max(index, 0)),
      0,
    );
    return { ended: vanished, began: appeared, lines };
  }

  /** `undefined` if the server does not list its interactions. */
  async #readStates(): Promise<Reconciled | undefined> {
    const snapshot = this.interactions.beginSnapshot();
    try {
      const listed = await this.#options.list();
      if (listed === undefined) return undefined;
      this.#options.ledger.forgetAllBut(
        new Set(listed.flatMap((entry) => ('interactionId' in entry ? [entry.interactionId ?? ''] : []))),
      );
      const { agent, services } = this.#options;
      services.journal.record(agent.username, { kind: 'snapshot', listed, told: [...snapshot] });
      return this.interactions.reconcile(listed, snapshot);
    } finally {
      this.interactions.dropSnapshot(snapshot);
    }
  }

  /** The plugins of the agent's bots: how they are doing, and the hand on them. */
  get plugins(): Pick<Runner, 'plugins' | 'quarantine' | 'release'> {
    return this.#runner;
  }

  /**
   * Puts other bots in the place of these, also in the chats that are open. Returns the names of the plugins that are new.
   *
   * @throws UsherError USHER_BINDING, USHER_PLUGIN_FAILED; all stays as it is then.
   */
  replaceBots(bots: readonly Bot[]): readonly string[] {
    const { root, services } = this.#options;
    const container =
      this.#container ?? sessionContainer(root, this.gateway, services.services, this.#journal);
    const replaced = this.#runner.replace(bots, (plugin) => preparePlugin(container, plugin));
    this.#sessionPlugins.assign(replaced.bots);
    return replaced.swapped;
  }

  /** The operations on a chat in a human's name; `undefined` if it is not open. */
  asHuman(interactionId: string): Operations | undefined {
    const interaction = this.interactions.get(interactionId);
    if (interaction === undefined) return undefined;
    return boundOperations(interaction, humanPlugin, (operation) => this.gateway.perform(operation));
  }

  /** A human has the word in this chat from now on. Tells whether the chat is open. */
  takeOver(interactionId: string, name: string): boolean {
    const interaction = this.interactions.get(interactionId);
    if (interaction !== undefined) this.ownership.takeOver(interaction, name);
    return interaction !== undefined;
  }

  /** The bots have the word in this chat again. Tells whether the chat is open. */
  giveBack(interactionId: string): boolean {
    const interaction = this.interactions.get(interactionId);
    if (interaction !== undefined) this.ownership.giveBack(interaction);
    return interaction !== undefined;
  }

  /** Wishes that a colleague takes the chat over. Tells whether a plugin of the bot sees to that. */
  requestHandOff(interactionId: string, request: HandOffRequest): boolean {
    const interaction = this.interactions.get(interactionId);
    return interaction !== undefined && this.#handOffs.request(interaction, request);
  }

  stopBots(): void {
    this.#runner.stop();
    this.#shadows.stop();
    this.#leaving.next();
  }

  async close(): Promise<void> {
    this.#runner.stop();
    this.#leaving.next();
    this.interactions.close();
    this.#sessionPlugins.stop();
    await this.#shadows.close();
    await this.#options.ledger.flush();
    await this.#container?.unbindAllAsync();
  }

  /** Settles what an earlier process left on its way, before any plugin gets a word in. */
  #takeUp(interaction: Interaction): void {
    const { intent } = this.#options.ledger.of(interaction);
    if (intent === undefined) return;
    this.gateway.resume(this.#settling.resume(intent)).subscribe();
  }

  #refresh(): Observable<boolean> {
    return this.#options.line$.pipe(
      filter((line) => line === 'online'),
      take(1),
      mergeMap(() => this.#readStates()),
      map((reconciled) => reconciled !== undefined),
      catchError(() => of(false)),
    );
  }
}
