import type { Container } from 'inversify';
import { EMPTY, type Observable } from 'rxjs';
import { Analytics } from './analytics/analytics.ts';
import type { ExperimentDesk, HostContext } from './bot/host-plugin.ts';
import { HostPlugins } from './bot/host-runner.ts';
import { tellUnhandledErrors } from './bot/unhandled-errors.ts';
import { type Config, experimentsIn, placesOfRecords } from './config.ts';
import { messageOf, UsherError } from './errors.ts';
import { ExperimentService } from './experiment/experiment-service.ts';
import { recordsIn } from './experiment/records-in.ts';
import type { FleetDesk } from './fleet/fleet-desk.ts';
import type { ShardedWorker } from './fleet/sharded-worker.ts';
import type { Worker } from './fleet/worker.ts';
import { fleetDeskOf, strandedOf, workerOn } from './fleet/worker-on.ts';
import type { HostHooks } from './host-hooks.ts';
import type { JournalEntry } from './model/journal-entry.ts';
import type { Clock, Journal, Log, Logger } from './ports.ts';
import { scenarioOf } from './recording/to-scenario.ts';
import { AgentSession } from './session/agent-session.ts';
import { AgentsFollower } from './session/agents-follower.ts';
import { preparePlugin, type RootServices, rootContainer, tokenProviderOf } from './session/container.ts';
import type { DrainReport } from './session/draining.ts';
import { LiveJournal } from './session/live-journal.ts';
import { Reach } from './session/reach.ts';
import { Roster } from './session/roster.ts';
import { RxClock } from './session/rx-clock.ts';
import { type FailedAgent, SessionCrew } from './session/session-crew.ts';
import type { StopOptions } from './session/stop-options.ts';
import { openShards } from './store/open-shards.ts';
import { placeText, type StorePlace } from './store/open-store.ts';
import type { Store } from './store/store.ts';
import { Network } from './transport/network.ts';

/** Milliseconds that open chats may take where nobody says. */
const usualGrace = 20_000;

/** Runs the agents of a config in one process: all of them, or its share where there is a fleet. */
export class Host {
  readonly journal: Journal;
  readonly #network: Network;
  readonly #root: Container;
  readonly #endTelling: () => void;
  readonly #origin: string;
  readonly #places: readonly StorePlace[];
  readonly #fleet: Config['fleet'];
  readonly #config: Config;
  readonly #log: Log;
  readonly #clock: Clock;
  readonly #hooks: HostHooks;
  readonly #roster: Roster;
  readonly #crew: SessionCrew;
  readonly #analytics: Analytics | undefined;
  #plugins: HostPlugins | undefined;
  #isStopping = false;
  #stores: readonly Store[] = [];
  #worker: Worker | ShardedWorker | undefined;
  #follower: AgentsFollower | undefined;
  #experiments: ExperimentService | undefined;

  /** @throws UsherError USHER_BINDING, USHER_CONFIG_INVALID */
  constructor(config: Config, log: Logger, hooks: HostHooks = {}) {
    const { origin, dialect, agents, services, endurance, network } = config;
    if (origin === undefined) throw new UsherError('USHER_CONFIG_INVALID', 'server.url is missing');
    this.#origin = origin;
    this.#fleet = hooks.isDryRun ? undefined : config.fleet;
    this.#places = hooks.isDryRun ? [] : placesOfRecords(config);
    this.#config = config;
    this.#log = log;
    this.#hooks = hooks;
    const clock = new RxClock();
    this.#clock = clock;
    const journal = new LiveJournal(clock, log);
    const isTold = config.analytics !== undefined && hooks.isDryRun !== true;
    this.#analytics = isTold ? new Analytics(config.analytics, journal, clock) : undefined;
    const shared: RootServices = {
      analytics: this.#analytics,
      clock,
      journal,
      log,
      services,
      experiments: { choose: (choice) => this.#experiments?.choose(choice) ?? EMPTY },
    };
    this.journal = journal;
    this.#root = rootContainer(shared);
    this.#network = new Network(network);
    const logIn = { origin, dialect, network: this.#network, tokens: tokenProviderOf(this.#root) };
    this.#roster = new Roster(origin, agents);
    this.#crew = new SessionCrew({
      sitters: () => this.#roster.agents,
      sessionOf: ({ username, password = '', nickname, place, bots, shadows }) =>
        new AgentSession({
          ...logIn,
          username,
          password,
          nickname,
          place,
          bots,
          shadows,
          isDryRun: hooks.isDryRun,
          root: this.#root,
          services: shared,
          endurance,
        }),
      reach: new Reach(origin, dialect, this.#network),
      requestTimeout: endurance.requestTimeout,
      analytics: this.#analytics,
      onFenced: (agent) => this.#worker?.lose(agent),
      onFailed: this.#fleet && ((agent) => this.#worker?.lose(agent)),
      onProblem: (thrown, username) => this.#report(thrown, username),
    });
    // Elsewhere it turns out later which agents are this process's.
    if (this.#fleet === undefined && config.agents$ === undefined)
      for (const agent of this.#roster.known) this.#crew.seat(agent);
    this.#endTelling = tellUnhandledErrors(journal);
  }

  /** Those of the agents that are run here now. */
  get sessions(): readonly AgentSession[] {
    return this.#crew.sessions;
  }

  /** Every agent that is run here is subscribed and Ready. Not so while one recovers: what a readiness probe is to say. */
  get isReady(): boolean {
    return !this.#isStopping && this.sessions.every(({ status }) => status === 'ready');
  }

  /** Agents whose store does not answer, where they are spread over several: nobody runs them until it does. */
  get strandedAgents(): readonly string[] {
    return strandedOf(this.#worker).map((agent) => this.#roster.usernameOf(agent));
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
   * Starts all agents; one that fails harms no other. Resolves with those that failed. In a fleet it resolves when the
   * process has joined: its agents come later.
   *
   * @throws UsherError USHER_STORE_BROKEN, USHER_STORE_UNAVAILABLE, USHER_SEAT_TAKEN; nothing is started then.
   */
  async start(): Promise<readonly FailedAgent[]> {
    const stores = await openShards(this.#places, { open: this.#hooks.openStore });
    this.#stores = stores;
    const worker = this.#workerOn(stores);
    this.#worker = worker;
    const experiments = new ExperimentService({
      experiments: this.#hooks.isDryRun ? [] : experimentsIn(this.#config.agents),
      records: recordsIn(stores, (shard) => worker?.answers(shard) ?? true),
      journal: this.journal,
      clock: this.#clock,
      provider: this.#config.flags,
    });
    this.#experiments = experiments;
    try {
      await this.#analytics?.begin(stores, (username) => this.#roster.shardOf(username, stores.length));
      this.#follower = await this.#followed();
      await this.#worker?.join();
    } catch (thrown) {
      await this.#analytics?.end();
      await this.#closeStores();
      throw thrown;
    }
    experiments.watch();
    this.#plugins = this.#startPlugins(experiments.desk);
    this.#follower?.begin();
    if (this.#worker === undefined) for (const agent of this.#roster.known) this.#crew.start(agent);
    else await this.#worker.start();
    return this.#crew.started();
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
   * were open. In a fleet, the other workers go on with them.
   */
  async stop(options: StopOptions = {}): Promise<DrainReport> {
    const { within = 0, passOn = true } = options;
    this.#isStopping = true;
    this.#follower?.stop();
    if (this.#fleet !== undefined && passOn) await this.#worker?.drain(Math.max(within, usualGrace));
    this.#worker?.end();
    await this.#crew.stopAll(options);
    this.#plugins?.stop();
    this.#experiments?.stop();
    await this.#worker?.leave();
    await this.#analytics?.end();
    await this.#closeStores();
    await this.#root.unbindAllAsync();
    await this.#network.close();
    this.#endTelling();
    return this.#crew.report;
  }

  /** They are there before the agents log in, and until after they have left. */
  #startPlugins(experiments: ExperimentDesk): HostPlugins {
    const { plugins, dialect } = this.#config;
    const prepared = plugins.map((plugin) => preparePlugin(this.#root, plugin));
    const host = this;
    const { journal } = this;
    const context: Omit<HostContext, 'signal'> = {
      get agents() {
        return host.#crew.desks;
      },
      agents$: this.#crew.desks$,
      server: { dialect: dialect.name, origin: this.#origin },
      get isReady() {
        return host.isReady;
      },
      get isStopping() {
        return host.#isStopping;
      },
      get strandedAgents() {
        return host.strandedAgents;
      },
      experiments,
      fleet: this.#fleetDesk,
      journal$: journal.entries$,
      problems: journal.problems,
      clock: this.#clock,
      log: this.#log,
      playground: this.#hooks.playground,
      tell: this.#hooks.onTold ?? ((line) => this.#log.info({}, line)),
      stop: (within) => this.#wishStop(within),
      scenarioOf,
    };
    return new HostPlugins(prepared, context, (plugin, { code, message, cause }) =>
      journal.record('-', { kind: 'problem', code, message, plugin, cause }),
    );
  }

  get #fleetDesk(): FleetDesk | undefined {
    if (this.#fleet === undefined || this.#worker === undefined) return undefined;
    const names = this.#places.map(placeText);
    const known = (): ReadonlySet<string> => this.#roster.known;
    return fleetDeskOf(this.#worker, { stores: this.#stores, names, known, ttl: this.#fleet.ttl });
  }

  #workerOn(stores: readonly Store[]): Worker | ShardedWorker | undefined {
    const options = {
      crew: this.#crew,
      known: () => this.#roster.known,
      onProblem: (error: UsherError, agent?: string) =>
        this.#report(error, agent && this.#roster.usernameOf(agent)),
    };
    const worker = workerOn(stores, options, this.#fleet);
    worker?.drainRequested$.subscribe(() => this.#wishStop());
    return worker;
  }

  async #closeStores(): Promise<void> {
    await Promise.all(this.#stores.map((store) => store.close()));
  }

  /** Where the agents come from outside, with the first list of them. */
  async #followed(): Promise<AgentsFollower | undefined> {
    const { agents$ } = this.#config;
    if (agents$ === undefined) return undefined;
    const follower = new AgentsFollower({
      agents$,
      roster: this.#roster,
      crew: this.#crew,
      worker: this.#worker,
      onProblem: (error) => this.#report(error),
    });
    await follower.start();
    if (this.#fleet === undefined) for (const agent of this.#roster.known) this.#crew.seat(agent);
    return follower;
  }

  #wishStop(within?: number): void {
    if (this.#hooks.onStop !== undefined) this.#hooks.onStop(within);
    else void this.stop({ within: within ?? usualGrace });
  }

  #report(thrown: unknown, agent = '-'): void {
    const code = thrown instanceof UsherError ? thrown.code : 'USHER_STORE_UNAVAILABLE';
    this.journal.record(agent, { kind: 'problem', code, message: messageOf(thrown), cause: thrown });
  }
}
