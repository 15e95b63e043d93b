import type { Observable } from 'rxjs';
import { z } from 'zod';
import type { AgentList, AgentSource } from './agents/agent-source.ts';
import { type AnalyticsOptions, analyticsFaults, analyticsSchema } from './analytics/analytics-options.ts';
import type { Bot } from './bot/define-bot.ts';
import type { ExperimentFacts } from './bot/experiment/arm-tag.ts';
import { experimentsOf } from './bot/experiment/experiment.ts';
import { experimentFaults } from './bot/experiment/experiment-faults.ts';
import type { Plugin } from './bot/plugin.ts';
import { allBots, misplaced, sameLogin, sameShadows, urlFaults } from './config-faults.ts';
import { describeIssue, invalid, noting, remedy } from './config-issues.ts';
import type { Dialect } from './dialects/dialect.ts';
import { type DialectName, dialectNames, dialects } from './dialects/index.ts';
import { UsherError } from './errors.ts';
import type { FlagProvider } from './experiment/flag-provider.ts';
import { type FleetOptions, fleetFaults, fleetSchema } from './fleet/fleet-options.ts';
import { networkOptions, type ReachOptions, reachSchema } from './server-options.ts';
import { longestOperation } from './session/longest-operation.ts';
import type { Endurance } from './session/persistence.ts';
import { logsInByToken, type Service } from './session/services.ts';
import type { StorePlace } from './store/open-store.ts';
import { placesOf, type StoreOption, storeSchema } from './store-options.ts';
import type { NetworkOptions } from './transport/network.ts';

/** What `bots.config.ts` says. */
export interface UsherConfig {
  readonly server?: ReachOptions & {
    /** The root of the GWS server. Without it, `usher start` brings up the embedded simulator. */
    readonly url?: string | undefined;
    /** By name, see docs/dialects.md, or one of your own. Default: 'gws-8.5.0'. */
    readonly dialect?: string | Dialect | undefined;
    /** The options of the dialect, see docs/dialects.md. Default: as documented by Genesys. */
    readonly dialectOptions?: Readonly<Record<string, unknown>> | undefined;
    /** Milliseconds that the server may take to do what it was sent before the answer was lost. Default: 1,500. */
    readonly settleTime?: number | undefined;
    /** Milliseconds until an answer is given up. Default: 10,000. */
    readonly requestTimeout?: number | undefined;
    /** Milliseconds without a connection after which an agent is given up. Default: 900,000 (15 minutes). */
    readonly giveUpAfter?: number | undefined;
    /** Milliseconds from one comparison with the server's list of chats to the next; 0: never. Default: 60,000. */
    readonly auditEvery?: number | undefined;
  };
  /**
   * Where chats are kept beyond the life of the process: a file, `:memory:`, or the URL of a database of PostgreSQL,
   * perhaps with its TLS. Several of them share the agents: a list whose order and length stay as they are, see
   * docs/operations/scale.md. Default: nowhere; a process that is started again takes up open chats, but does not know
   * what it said in them.
   */
  readonly store?: StoreOption | undefined;
  /**
   * Shares the agents with other processes on the same `store`. Default: all agents are this process's; with several
   * stores, `{}`.
   */
  readonly fleet?: FleetOptions | undefined;
  /** Tells what happens in chats to somebody outside, through the outbox of `store`. Default: nothing is told. */
  readonly analytics?: AnalyticsOptions | undefined;
  /** One entry per agent's seat; or `agentsFrom(…)`, for agents that come and go while the process runs. */
  readonly agents: readonly AgentConfig[] | AgentSource;
  /** Plugins that serve the process as a whole, such as `webConsole()`; falsy ones are left out. */
  readonly plugins?: readonly (Plugin | false | undefined)[];
  /** Services that plugins inject. */
  readonly services?: readonly Service[];
  /**
   * Decides the arms of experiments: an OpenFeature provider, asked once for each unit, by the experiment's key, and given
   * a second. Default: Usher itself, by the hash of the customer.
   */
  readonly flags?: FlagProvider | undefined;
}

export interface AgentConfig {
  readonly username: string | undefined;
  /** Not needed with a `TokenProvider` among the services, nor with the embedded simulator. */
  readonly password?: string | undefined;
  /** What customers see. Default: the agent's first name in GWS. */
  readonly nickname?: string | undefined;
  /** Where the agent sits, for GWS. Default: the agent's default place. */
  readonly place?: string | undefined;
  /** The first that handles an interaction takes it. */
  readonly bots: readonly Bot[];
  /** Candidates: each sees the chats beside the bot that does the work, and nothing of what it asks for leaves. Default: none. */
  readonly shadows?: readonly Bot[] | undefined;
}

/** Environment variables; `NAME_FILE` stands in for `NAME` with the path of a file that holds the value. */
export type Env = Readonly<Record<string, string | undefined>>;

export type ConfigInput = UsherConfig | ((context: { env: Env }) => UsherConfig);

/** Checks the config's types as you write it; returns it as it is. */
export function defineConfig(config: ConfigInput): ConfigInput {
  return config;
}

/** A config that has passed all checks. */
export interface Config {
  readonly origin: string | undefined;
  readonly dialect: Dialect;
  /** Where they come from outside of the config, those of now; none before they were read. */
  readonly agents: readonly (AgentConfig & { readonly username: string })[];
  /** The agents at once and after each change, where they come from outside of the config. */
  readonly agents$: Observable<AgentList> | undefined;
  readonly plugins: readonly Plugin[];
  readonly services: readonly Service[];
  readonly flags: FlagProvider | undefined;
  /** One, several that the agents are spread over, or none. */
  readonly stores: readonly StorePlace[];
  readonly fleet: FleetOptions | undefined;
  readonly analytics: AnalyticsOptions | undefined;
  readonly endurance: Endurance;
  readonly network: NetworkOptions;
}

const optionalText = z.string().min(1).optional();

const entry = <Value extends { kind: string }>(kind: Value['kind'], example: string) =>
  z.custom<Value>(
    (value) => typeof value === 'object' && value !== null && 'kind' in value && value.kind === kind,
    {
      error: ({ input }) =>
        typeof input === 'function' ? `is a function: call it, as in ${example}` : `is no ${kind}`,
    },
  );

const schema = z.strictObject({
  server: z
    .strictObject({
      url: z.url({ protocol: /^https?$/, error: 'must be an http or https URL' }).optional(),
      dialect: z.union([z.string(), entry<Dialect>('dialect', 'myDialect()')]).default('gws-8.5.0'),
      dialectOptions: z.record(z.string(), z.unknown()).default({}),
      settleTime: z.number().nonnegative().optional(),
      requestTimeout: z.number().positive().optional(),
      giveUpAfter: z.number().positive().optional(),
      auditEvery: z.number().nonnegative().optional(),
      ...reachSchema,
    })
    .prefault({}),
  agents: z
    .array(
      z.strictObject({
        // Basic separates username and password by a colon (RFC 7617).
        username: z
          .string()
          .min(1)
          .regex(/^[^:]*$/, 'must not contain a colon'),
        password: optionalText,
        nickname: optionalText,
        place: optionalText,
        bots: z.array(entry<Bot>('bot', 'receptionist()')).min(1, 'is empty: an agent needs a bot'),
        shadows: z.array(entry<Bot>('bot', 'receptionist()')).optional(),
      }),
    )
    .min(1, 'is empty: at least one agent is needed'),
  store: storeSchema,
  fleet: fleetSchema.optional(),
  analytics: analyticsSchema,
  plugins: z
    .array(z.union([z.literal(false), z.undefined(), entry<Plugin>('plugin', 'webConsole()')]))
    .transform((plugins) => plugins.filter((plugin) => plugin !== false && plugin !== undefined))
    .default([]),
  services: z.array(entry<Service>('service', 'defineService({ … })')).default([]),
  flags: z
    .custom<FlagProvider>(isProvider, {
      error: 'must be an OpenFeature provider, with metadata and resolveStringEvaluation',
    })
    .optional(),
});

/** Rows are checked when they are read: one that is wrong does not keep the others from running. */
const sourcedSchema = schema.extend({ agents: z.custom<AgentSource>() });

function sourceIn(written: UsherConfig | undefined): AgentSource | undefined {
  const agents = written?.agents;
  return typeof agents === 'object' && agents !== null && 'kind' in agents ? agents : undefined;
}

/**
 * Checks a config and completes it with the defaults.
 *
 * @throws UsherError USHER_CONFIG_INVALID with every fault by its path, USHER_DIALECT_UNKNOWN,
 *   and whatever the config function throws.
 */
export function resolveConfig(input: ConfigInput, env: Env = {}): Config {
  const absent: string[] = [];
  const read: string[] = [];
  const written = typeof input === 'function' ? input({ env: noting(env, absent, read) }) : input;
  if (written instanceof Promise)
    throw invalid(['the config function returns a promise: it must not be async']);
  const source = sourceIn(written);
  const parsed = (source === undefined ? schema : sourcedSchema).safeParse(written);
  if (!parsed.success) {
    throw invalid(parsed.error.issues.map((issue) => describeIssue(issue, absent)));
  }
  const { server, plugins, services, store, analytics, flags } = parsed.data;
  const agents = source === undefined ? (parsed.data.agents as Config['agents']) : [];
  const needsPassword = server.url !== undefined && !logsInByToken(services);
  const dialect = createDialect(server.dialect, server.dialectOptions);
  const { stores, faults: storeFaults } = placesOf(store, env, read);
  // What a lost store stops is to come back with it: a process that is alone would have given it up.
  const fleet = parsed.data.fleet ?? (stores.length > 1 ? {} : undefined);
  const network = server.url === undefined ? {} : networkOptions(server, server.url, env);
  const faults = [
    ...(server.url === undefined ? [] : urlFaults(server.url)),
    ...(fleet === undefined ? [] : fleetFaults(fleet, stores, longestOperation(server.requestTimeout))),
    ...analyticsFaults(analytics, stores),
    ...misplaced(agents, plugins),
    ...experimentFaults(agents.flatMap(allBots).flatMap((bot) => bot.plugins)),
    ...agents.flatMap(sameShadows),
    ...agents.flatMap(({ username, password }, at) => [
      ...sameLogin(agents, username, at),
      ...(needsPassword && password === undefined
        ? [`agents[${at}].password is missing${remedy('password', absent)}`]
        : []),
    ]),
    ...storeFaults,
  ];
  if (typeof network === 'string') throw invalid([...faults, network]);
  if (faults.length > 0) throw invalid(faults);
  const { url, settleTime, requestTimeout, giveUpAfter, auditEvery } = server;
  return {
    origin: url === undefined ? undefined : originOf(url),
    dialect,
    agents,
    agents$: source?.lists({ env, needsPassword }),
    plugins,
    services,
    flags,
    stores,
    fleet,
    analytics,
    endurance: { settleTime, requestTimeout, giveUpAfter, auditEvery },
    network,
  };
}

function isProvider(value: unknown): value is FlagProvider {
  if (typeof value !== 'object' || value === null || !('resolveStringEvaluation' in value)) return false;
  return 'metadata' in value && typeof (value as FlagProvider).metadata?.name === 'string';
}

/** Where a process keeps what it learns: what experiments learn without a store is forgotten with the process. */
export function placesOfRecords({ stores, agents }: Config): readonly StorePlace[] {
  return stores.length === 0 && experimentsIn(agents).length > 0 ? [':memory:'] : stores;
}

/** The experiments that the bots of these agents are in. */
export function experimentsIn(agents: Config['agents']): readonly ExperimentFacts[] {
  return experimentsOf(agents.flatMap(({ bots }) => bots.flatMap(({ plugins }) => plugins)));
}

function createDialect(name: string | Dialect, options: Readonly<Record<string, unknown>>): Dialect {
  if (typeof name !== 'string') return name;
  if (!Object.hasOwn(dialects, name)) {
    const text = `server.dialect is "${name}"; known: ${dialectNames.join(', ')}`;
    throw new UsherError('USHER_DIALECT_UNKNOWN', text);
  }
  const dialect = dialects[name as DialectName];
  const parsed = dialect.options.safeParse(options);
  if (!parsed.success) {
    throw invalid(parsed.error.issues.map((issue) => describeIssue(issue, [], 'server.dialectOptions')));
  }
  return dialect.create(parsed.data);
}

function originOf(url: string): string {
  return new URL(url).origin;
}
