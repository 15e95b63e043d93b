// For plugin authors

export type { ChatState } from './bot/chat-state.ts';
export { type Condition, condition, meets } from './bot/condition.ts';
export { definePlugin, type PluginDefinition, type PluginFactory } from './bot/define-plugin.ts';
export { fillTemplate } from './bot/fill-template.ts';
export { type HandOffOptions, handOff } from './bot/hand-off/hand-off.ts';
export type { HandOffPhase, HandOffState } from './bot/hand-off/hand-off-state.ts';
export { type HandOffPlan, type HandOffPlanInput, handOffPlan } from './bot/hand-off/plan.ts';
export type {
  AgentDesk,
  BotFacts,
  ExperimentDesk,
  FleetDesk,
  HostContext,
  HostFunction,
} from './bot/host-plugin.ts';
export type { Lane } from './bot/lane.ts';
export { mentions, type Phrase, phrase } from './bot/phrase.ts';
export type {
  Playground,
  PlaygroundArrival,
  PlaygroundCustomer,
  PlaygroundFault,
  PlaygroundLine,
} from './bot/playground.ts';
export type {
  BotContext,
  BotFunction,
  MessageContext,
  MessageFunction,
  OperationContext,
  OperationFunction,
  Plugin,
  PluginLimits,
  SessionContext,
  SessionFunction,
} from './bot/plugin.ts';
export type { PluginState, PluginStatus, QuarantineOptions } from './bot/quarantine.ts';
export { answeredLine } from './bot/reply-key.ts';
export { splitAtSentences } from './bot/split-at-sentences.ts';
export { target } from './bot/target.ts';
export type { Agent } from './model/agent.ts';
export type {
  AnalyticsEnvelope,
  AnalyticsEvent,
  AnalyticsFact,
  NumberedEvent,
} from './model/analytics-event.ts';
export type { Difference, Estimate } from './model/estimate.ts';
export type {
  Assignment,
  AssignmentReason,
  Features,
  Measures,
  MetricKind,
  Policy,
} from './model/experiment.ts';
export type {
  ArmDifference,
  ArmFigure,
  ArmReport,
  DifferenceHistory,
  DifferenceLook,
  ExperimentReport,
  GuardReport,
  MetricReport,
  SplitReport,
  Switch,
} from './model/experiment-report.ts';
export type { FleetState, WorkerRow } from './model/fleet-state.ts';
export type { Drain, HandOffRequest } from './model/hand-off.ts';
export type { InteractionEnd, InteractionKind, InteractionState, UserData } from './model/interaction.ts';
export type { Message, MessageType, TypingChange } from './model/message.ts';
export type {
  ChannelStateChanged,
  InteractionChanged,
  MalformedNotification,
  Notification,
  TranscriptUpdated,
  UnknownNotification,
} from './model/notification.ts';
export type { Operation, OperationName, Target } from './model/operation.ts';
export type { Outcome, OutcomeKind } from './model/outcome.ts';
export type { Owner } from './model/owner.ts';
export { isAgent, type Participant, type ParticipantType, type Visibility } from './model/participant.ts';
export type { Interaction, OperationOptions, Operations } from './ports.ts';
export { colleagueJoined, colleagueSpeaks } from './streams/operators/colleague.ts';
export { customerLeft } from './streams/operators/customer-left.ts';
export { customerMessages } from './streams/operators/customer-messages.ts';
export { whenState } from './streams/operators/when-state.ts';

// For bot and config authors

export type { AgentRow, BotChoice, Secret } from './agents/agent-row.ts';
export type { AgentList, AgentSource, SourceContext, SourcedAgent } from './agents/agent-source.ts';
export { agentsFrom, type FileOfAgents, type TableOfAgents } from './agents/agents-from.ts';
export { chooseBot } from './bot/choose-bot.ts';
export { type Bot, type BotDefinition, defineBot } from './bot/define-bot.ts';
export type { Exposure } from './bot/experiment/definition.ts';
export { type Experiment, type ExperimentDefinition, experiment } from './bot/experiment/experiment.ts';
export type { MetricName } from './bot/experiment/metric.ts';
export { type AgentConfig, type ConfigInput, defineConfig, type Env, type UsherConfig } from './config.ts';
export type { FlagProvider } from './experiment/flag-provider.ts';

// For those whose server speaks otherwise

export {
  type Dialect,
  type DialectDefinition,
  defineDialect,
  type Me,
  type OperationTable,
  type OperationWire,
  type Reply,
  type SessionRequests,
  type WireContext,
} from './dialects/dialect.ts';
export { decodeEvent, decodeTranscriptOf } from './dialects/events.ts';
export { normaliseReply } from './dialects/reply.ts';
export { sessionRequests } from './dialects/requests.ts';
export { decodeChats, decodeMe } from './dialects/user.ts';
export type { WireRequest } from './model/wire-request.ts';

// For service authors

export type { Token } from './bot/plugin.ts';
export { type ErrorCode, errorCatalogue, exitCodes, UsherError } from './errors.ts';
export type { JournalEntry, JournalEvent, Problem, SessionStatus } from './model/journal-entry.ts';
export {
  Clock,
  type Interceptor,
  Journal,
  type Log,
  Logger,
  OperationsGateway,
  TokenProvider,
} from './ports.ts';
export { defineService, type Service, type ServiceDefinition } from './session/services.ts';

// For those who record

export { type TextPolicy, textPolicies } from './recording/recording.ts';
export { RecordingLines, type RecordingOptions } from './recording/recording-lines.ts';

// For authors of analytics sinks

export type { AnalyticsOptions } from './analytics/analytics-options.ts';
export { SinkError, type SinkErrorOptions } from './analytics/sink-error.ts';
export type { AnalyticsBatch, AnalyticsSink } from './ports.ts';

// For store authors

export { openStore, type StoreDatabase } from './store/open-store.ts';
export type { PostgresPlace, PostgresTls } from './store/postgres/postgres-place.ts';
export type { PostgresStoreOptions } from './store/postgres/postgres-store-options.ts';
export { openSqliteStore, type SqliteStoreOptions } from './store/sqlite/open-sqlite-store.ts';
export {
  type Allowance,
  type Census,
  type Change,
  type Claim,
  type CommitResult,
  type Incarnation,
  type Json,
  type Lease,
  type OnceEntry,
  type OutboxBatch,
  type OutboxCensus,
  type ShardMark,
  Store,
  type StoredInteraction,
  type WorkerCensus,
  type WorkerProfile,
} from './store/store.ts';

// For those who run Usher from their own program

export { type Config, resolveConfig } from './config.ts';
export { Host } from './host.ts';
export type { HostHooks } from './host-hooks.ts';
export type { DrainReport } from './session/draining.ts';
export type { FailedAgent } from './session/session-crew.ts';
export type { StopOptions } from './session/stop-options.ts';
