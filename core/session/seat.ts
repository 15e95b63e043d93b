import type { Container } from 'inversify';
import {
  catchError,
  defaultIfEmpty,
  filter,
  firstValueFrom,
  map,
  merge,
  mergeMap,
  type Observable,
  of,
  take,
  tap,
  timer,
} from 'rxjs';
import type { Bot } from '../bot/define-bot.ts';
import { Runner } from '../bot/runner.ts';
import { SessionPlugins } from '../bot/session-runner.ts';
import { ChainGateway } from '../gateway/gateway.ts';
import { capability } from '../gateway/interceptors/capability.ts';
import { fenced } from '../gateway/interceptors/fenced.ts';
import { journalled } from '../gateway/interceptors/journal.ts';
import { lane } from '../gateway/interceptors/lane.ts';
import { once } from '../gateway/interceptors/once.ts';
import { whenOnline } from '../gateway/interceptors/online.ts';
import { retry } from '../gateway/interceptors/retry.ts';
import { Settling } from '../gateway/interceptors/settle.ts';
import type { Missed } from '../model/journal-entry.ts';
import type { Notification, TranscriptUpdated } from '../model/notification.ts';
import type { Operation } from '../model/operation.ts';
import type { Outcome } from '../model/outcome.ts';
import type { Interaction } from '../ports.ts';
import { Interactions, type Reconciled } from '../streams/interactions.ts';
import type { LiveInteraction } from '../streams/live-interaction.ts';
import { prepareBots, preparePlugin, sessionContainer } from './container.ts';
import type { SeatOptions } from './seat-options.ts';

/** Milliseconds that a transcript may take to arrive as a notification once it was asked for. */
const transcriptPatience = 3_000;

/**
 * What an agent session consists of once the agent is known: its interactions, its gateway, its container and
 * its running bots. It outlives the connections to the server.
 */
export class Seat {
  readonly interactions: Interactions;
  readonly gateway: ChainGateway;
  readonly #options: SeatOptions;
  readonly #runner: Runner;
  /** Kept only where it holds something to dispose of: an idle session is half as large without. */
  readonly #container: Container | undefined;
  readonly #sessionPlugins: SessionPlugins;
  readonly #settling: Settling;
  /** Transcripts that were asked for and come as notifications: from which index on, by interaction. */
  readonly #asked = new Map<string, number>();

  constructor(options: SeatOptions) {
    this.#options = options;
    const { agent, dialect, services, ledger } = options;
    const { journal, clock, log } = services;

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
        read: (interaction, fromIndex) => this.#ask(interaction, fromIndex),
      },
    );
    const find = (id: string) => this.interactions.get(id);
    this.#settling = new Settling({
      find,
      ledger,
      settleTime: options.settleTime,
      readTranscript: (interaction, fromIndex) => this.#read(interaction, fromIndex),
      refresh: () => this.#refresh(),
    });
    this.gateway = new ChainGateway({
      journal: journalled(journal, clock, agent.username),
      once: once(find, ledger),
      lane: lane(),
      inner: [
        ...(options.isFinal
          ? []
          : [
              this.#settling.interceptor,
              retry({ ...(options.jitter !== undefined && { jitter: options.jitter }) }),
              whenOnline(options.line$),
            ]),
        fenced(options.mayAct),
        capability(find, dialect.capabilities),
      ],
      send: options.send,
    });
    const container = sessionContainer(options.root, this.gateway, services.services);
    const bots = prepareBots(container, options.bots);
    this.#container = services.services.some(({ scope }) => scope === 'session') ? container : undefined;
    const context = { agent, journal, clock, log: log.child({ agent: agent.username }) };
    this.#runner = new Runner(bots, { ...context, gateway: this.gateway, ledger });
    this.#sessionPlugins = new SessionPlugins(
      { ...context, interactions$: this.interactions.opened$, journal$: journal.entries$ },
      (plugin, { code, message, cause }) =>
        journal.record(agent.username, { kind: 'problem', code, message, plugin, cause }),
    );
    this.#sessionPlugins.assign(bots);
    this.interactions.opened$.subscribe((interaction) => {
      this.#takeUp(interaction);
      this.#runner.take(interaction);
    });
  }

  /** Takes one CometD message. */
  notify(topic: string, data: unknown): void {
    this.take(this.#options.dialect.decode(topic, data), topic);
  }

  /** Takes what a CometD message says. */
  take(notification: Notification, topic: string): void {
    const { agent, services } = this.#options;
    services.journal.record(agent.username, { kind: 'notification', topic, notification });
    this.interactions.apply(this.#isAnswer(notification) ? { ...notification, whole: true } : notification);
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
    await Promise.all(going.map((interaction) => this.#catchUp(interaction)));
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
    const container = this.#container ?? sessionContainer(root, this.gateway, services.services);
    const replaced = this.#runner.replace(bots, (plugin) => preparePlugin(container, plugin));
    this.#sessionPlugins.assign(replaced.bots);
    return replaced.swapped;
  }

  stopBots(): void {
    this.#runner.stop();
  }

  async close(): Promise<void> {
    this.#runner.stop();
    this.interactions.close();
    this.#sessionPlugins.stop();
    await this.#options.ledger.flush();
    await this.#container?.unbindAllAsync();
  }

  /** Settles what an earlier process left on its way, before any plugin gets a word in. */
  #takeUp(interaction: Interaction): void {
    const { intent } = this.#options.ledger.of(interaction);
    if (intent === undefined) return;
    this.gateway.resume(this.#settling.resume(intent)).subscribe();
  }

  /** Only what was asked for begins at, or before, a line that is known: what is new comes after it. */
  #isAnswer(notification: Notification): notification is TranscriptUpdated {
    if (notification.kind !== 'transcript') return false;
    const from = this.#asked.get(notification.interactionId);
    if (from === undefined || !notification.lines.some(({ index }) => index <= from)) return false;
    return this.#asked.delete(notification.interactionId);
  }

  #historyOf(interaction: Interaction, fromIndex: number): Operation {
    if (this.#options.dialect.history === undefined) {
      if (!this.#asked.has(interaction.id)) {
        interaction.ended$.subscribe(() => this.#asked.delete(interaction.id));
      }
      this.#asked.set(interaction.id, Math.max(fromIndex, 1));
    }
    const from = fromIndex > 1 ? { fromIndex } : {};
    return { name: 'requestHistory', ...from, interactionId: interaction.id, plugin: 'session' };
  }

  /** Past the gate: the session does not stand yet. */
  #catchUp(interaction: LiveInteraction): Promise<unknown> {
    const operation = this.#historyOf(interaction, Math.max(interaction.lastIndex, 0));
    return firstValueFrom(this.#options.send(operation), { defaultValue: undefined });
  }

  #ask(interaction: Interaction, fromIndex: number): Observable<Outcome> {
    return this.gateway.direct(this.#historyOf(interaction, fromIndex));
  }

  /** Emits whether the transcript from this index on has been told. */
  #read(interaction: Interaction, fromIndex: number): Observable<boolean> {
    const asked$ = this.#ask(interaction, fromIndex).pipe(map(({ kind }) => kind === 'sent'));
    if (this.#options.dialect.history !== undefined) return asked$;
    // Only an answer begins at the line that was asked for: what is new comes after it.
    const arrived$ = interaction.notifications$.pipe(
      filter(
        (notification) =>
          notification.kind === 'transcript' &&
          notification.lines.some(({ index }) => index <= Math.max(fromIndex, 1)),
      ),
      map(() => true),
    );
    const failed$ = interaction.notifications$.pipe(
      filter((notification) => notification.kind === 'interaction' && notification.change === 'Error'),
      map(() => false),
    );
    const missed$ = asked$.pipe(
      mergeMap((asked) =>
        asked ? timer(transcriptPatience).pipe(tap(() => this.#options.onDeaf())) : of(0),
      ),
      map(() => false),
    );
    return merge(arrived$, failed$, missed$).pipe(take(1), defaultIfEmpty(false));
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
