import type { Container } from 'inversify';
import { EMPTY, type Observable, config as rxjs } from 'rxjs';
import type { AgentDesk, ExperimentDesk, HostContext } from './bot/host-plugin.ts';
import { HostPlugins } from './bot/host-runner.ts';
import type { Playground } from './bot/playground.ts';
import { type Config, experimentsIn } from './config.ts';
import { messageOf, UsherError } from './errors.ts';
import { ExperimentService } from './experiment/experiment-service.ts';
import { MemoryRecords } from './experiment/memory-records.ts';
import { Tenure } from './fleet/tenure.ts';
import type { JournalEntry } from './model/journal-entry.ts';
import type { Clock, Journal, Log, Logger } from './ports.ts';
import { scenarioOf } from './recording/to-scenario.ts';
import { AgentSession } from './session/agent-session.ts';
import { preparePlugin, type RootServices, rootContainer, tokenProviderOf } from './session/container.ts';
import { Desk } from './session/desk.ts';
import { type DrainReport, sumOf } from './session/draining.ts';
import { LiveJournal } from './session/live-journal.ts';
import { RxClock } from './session/rx-clock.ts';
import { holdOf, type SeatHold } from './session/seat-hold.ts';
import type { StopOptions } from './session/stop-options.ts';
import { openStore, type StorePlace } from './store/open-store.ts';
import type { Store } from './store/store.ts';
import { Network } from './transport/network.ts';

export interface FailedAgent {
  readonly username: string;
  readonly error: UsherError;
}

/** What the plugins of the process can do beyond what the host does by itself. */
export interface HostHooks {
  /**
   * Nothing that anybody asks for leaves the process: it reads alone, makes no agent Ready, keeps nothing, and is in no
   * experiment. Default: false.
   */
  readonly isDryRun?: boolean;
  /** The simulated contact centre that the agents sit in. */
  readonly playground?: Playground;
  /** A plugin asks for a stop: open chats may take so many milliseconds. Default: the host is stopped. */
  readonly onStop?: (within: number) => void;
  /** A plugin has something to tell whoever started the process. Default: it is logged. */
  readonly onTold?: (line: string) => void;
}

/** Runs the agents of a config in one process. */
export class Host {
  readonly journal: Journal;
  readonly sessions: readonly AgentSession[];
  readonly #network: Network;
  readonly #root: Container;
  readonly #unhandled = rxjs.onUnhandledError;
  readonly #origin: string;
  readonly #storePlace: StorePlace | undefined;
  readonly #config: Config;
  readonly #log: Log;
  readonly #clock: Clock;
  readonly #hooks: HostHooks;
  readonly #desks: readonly AgentDesk[];
  #plugins: HostPlugins | undefined;
  #isStopping = false;
  #store: Store | undefined;
  #tenure: Tenure | undefined;
  #experiments: ExperimentService | undefined;

  /** @throws UsherError USHER_BINDING, USHER_CONFIG_INVALID */
  constructor(config: Config, log: Logger, hooks: HostHooks = {}) {
    const { origin, dialect, agents, services, endurance, store, network } = config;
    if (origin === undefined) throw new UsherError('USHER_CONFIG_INVALID', 'server.url is missing');
    this.#origin = origin;
    // What is learnt without a store is forgotten with the process.
    this.#storePlace = hooks.isDryRun
      ? undefined
      : (store ?? (experimentsIn(agents).length > 0 ? ':memory:' : undefined));
    this.#config = config;
    this.#log = log;
    this.#hooks = hooks;
    const clock = new RxClock();
    this.#clock = clock;
    const journal = new LiveJournal(clock, log);
    const shared: RootServices = {
      clock,
      journal,
      log,
      services,
      experiments: { choose: (choice) => this.#experiments?.choose(choice) ?? EMPTY },
    };
    this.journal = journal;
    this.#root = rootContainer(shared);
    this.#network = new Network(network);
    const tokens = tokenProviderOf(this.#root);
    this.sessions = agents.map(
      ({ username, password = '', nickname, place, bots, shadows }) =>
        new AgentSession({
          username,
          password,
          nickname,
          place,
          bots,
          shadows,
          isDryRun: hooks.isDryRun,
          origin,
          dialect,
          tokens,
          network: this.#network,
          root: this.#root,
          services: shared,
          endurance,
        }),
    );
    this.#desks = this.sessions.map((session) => new Desk(session));
    // A plugin that subscribes by itself and throws there must not end the process.
    rxjs.onUnhandledError = (thrown: unknown) => {
      journal.record('-', {
        kind: 'problem',
        code: 'USHER_PLUGIN_FAILED',
        message: `a subscription of a plugin's own threw: ${messageOf(thrown)}`,
        cause: thrown,
      });
    };
  }

  /** Every agent is subscribed and Ready. Not so while one recovers: what a readiness probe is to say. */
  get isReady(): boolean {
    return !this.#isStopping && this.sessions.every(({ status }) => status === 'ready');
  }

  /** The experiments of the bots; `undefined` before the start. */
  get experiments(): ExperimentService | undefined {
    return this.#experiments;
  }

  /** Everything that happens, in all agent sessions. */
  get journal$(): Observable<JournalEntry> {
    return this.journal.entries$;
  }

  /**
   * Starts all agents; one that fails harms no other. Resolves with those that failed.
   *
   * @throws UsherError USHER_STORE_BROKEN, USHER_STORE_UNAVAILABLE, USHER_SEAT_TAKEN; nothing is started then.
   */
  async start(): Promise<readonly FailedAgent[]> {
    if (this.#storePlace !== undefined) await this.#takeSeats(this.#storePlace);
    const experiments = new ExperimentService({
      experiments: this.#hooks.isDryRun ? [] : experimentsIn(this.#config.agents),
      records: this.#store ?? new MemoryRecords(),
      journal: this.journal,
      clock: this.#clock,
      provider: this.#config.flags,
    });
    this.#experiments = experiments;
    experiments.watch();
    this.#plugins = this.#startPlugins(experiments.desk);
    const results = await Promise.allSettled(
      this.sessions.map((session) => session.start(this.#holdFor(session))),
    );
    return results.flatMap((result, at) => {
      const username = this.sessions[at]?.username ?? '';
      return result.status === 'rejected' ? [{ username, error: result.reason as UsherError }] : [];
    });
  }

  /**
   * Puts the bots of another config in the place of these, agent by agent, also in the chats that are open. Returns the
   * names of the plugins that are new.
   *
   * @throws UsherError USHER_BINDING, USHER_PLUGIN_FAILED; the agent that it is about keeps its bots then.
   */
  replaceBots(agents: Config['agents']): readonly string[] {
    const swapped = this.sessions.flatMap((session) => {
      const agent = agents.find(({ username }) => username === session.username);
      return agent === undefined ? [] : session.replaceBots(agent.bots);
    });
    return [...new Set(swapped)];
  }

  /**
   * Stops all agents in good order, then the services of the host, then the sockets. Tells what became of the chats that
   * were open.
   */
  async stop(options: StopOptions = {}): Promise<DrainReport> {
    this.#isStopping = true;
    const reports = await Promise.all(this.sessions.map((session) => session.stop(options)));
    this.#plugins?.stop();
    this.#experiments?.stop();
    await this.#tenure?.end();
    await this.#store?.close();
    await this.#root.unbindAllAsync();
    await this.#network.close();
    rxjs.onUnhandledError = this.#unhandled;
    return sumOf(reports);
  }

  /** They are there before the agents log in, and until after they have left. */
  #startPlugins(experiments: ExperimentDesk): HostPlugins {
    const { plugins, dialect } = this.#config;
    const prepared = plugins.map((plugin) => preparePlugin(this.#root, plugin));
    const host = this;
    const { journal } = this;
    const context: Omit<HostContext, 'signal'> = {
      agents: this.#desks,
      server: { dialect: dialect.name, origin: this.#origin },
      get isReady() {
        return host.isReady;
      },
      get isStopping() {
        return host.#isStopping;
      },
      experiments,
      journal$: journal.entries$,
      problems: journal.problems,
      clock: this.#clock,
      log: this.#log,
      playground: this.#hooks.playground,
      tell: this.#hooks.onTold ?? ((line) => this.#log.info({}, line)),
      stop: this.#hooks.onStop ?? ((within) => void this.stop({ within })),
      scenarioOf,
    };
    return new HostPlugins(prepared, context, (plugin, { code, message, cause }) =>
      journal.record('-', { kind: 'problem', code, message, plugin, cause }),
    );
  }

  async #takeSeats(place: StorePlace): Promise<void> {
    const store = await openStore(place);
    this.#store = store;
    try {
      this.#tenure = await Tenure.take(
        store,
        this.sessions.map(({ username }) => this.#keyOf(username)),
        { onProblem: (error) => this.#report(error) },
      );
    } catch (thrown) {
      await store.close();
      throw thrown;
    }
    this.#tenure.lost$.subscribe((error) => {
      for (const session of this.sessions) session.abandon(error);
    });
  }

  #holdFor(session: AgentSession): SeatHold | undefined {
    if (this.#tenure === undefined) return undefined;
    const taken = new UsherError('USHER_SEAT_TAKEN', `another process runs ${session.username} now`);
    return holdOf(
      this.#tenure,
      this.#keyOf(session.username),
      () => session.abandon(taken),
      (thrown) => this.#report(thrown, session.username),
    );
  }

  /** One login of one server: the same name elsewhere is somebody else. */
  #keyOf(username: string): string {
    return `${username}@${this.#origin}`;
  }

  #report(thrown: unknown, agent = '-'): void {
    const code = thrown instanceof UsherError ? thrown.code : 'USHER_STORE_UNAVAILABLE';
    this.journal.record(agent, { kind: 'problem', code, message: messageOf(thrown), cause: thrown });
  }
}
