import type { Observable } from 'rxjs';
import type { ErrorCode } from '../errors.ts';
import type { Agent } from '../model/agent.ts';
import type { Drain } from '../model/hand-off.ts';
import type { Message } from '../model/message.ts';
import type { Clock, Dossier, Interaction, Journal, Ledger, Log, OperationsGateway } from '../ports.ts';
import type { Backlog } from './backlog.ts';
import type { ExperimentFacts } from './experiment/arm-tag.ts';
import type { HandOffRequests } from './hand-off-requests.ts';
import type { BotContext, Plugin, PluginLimits, PluginParts } from './plugin.ts';
import type { Stopwatch } from './stopwatch.ts';

/** A plugin with its options and services: one per agent session. */
export interface PreparedPlugin {
  /** What it was prepared from; `undefined` for one that nothing can take the place of. */
  readonly source?: Plugin;
  /** It works only in chats of these arms. */
  readonly arms?: Plugin['arms'];
  readonly name: string;
  readonly limits: PluginLimits;
  readonly parts: PluginParts;
}

export interface RunnerServices {
  readonly agent: Agent;
  readonly gateway: OperationsGateway;
  readonly ledger: Ledger;
  readonly journal: Journal;
  readonly clock: Clock;
  readonly log: Log;
  readonly handOffs: HandOffRequests;
  readonly words: {
    takeOver(interaction: Interaction, name: string): void;
    giveBack(interaction: Interaction): void;
  };
  /** Emits, also late, when the session is being stopped. */
  readonly drain$: Observable<Drain>;
  readonly experiments: ArmChooser;
  /** Of the chats of which it is not yet decided who works in them. */
  readonly backlogs: WeakMap<Interaction, Backlog>;
}

/** A chat of which it is to be decided which arms it is in. */
export interface Choice {
  readonly interaction: Interaction;
  readonly experiments: readonly ExperimentFacts[];
  /** Others have worked in it before, who were in none of these experiments. */
  readonly isLate: boolean;
  readonly dossier: Dossier;
  /** The chat's lines from the beginning, for whoever subscribes when it has been decided. */
  readonly messages$: Observable<Message>;
}

/** Decides which arms a chat is in, and sees to it that what becomes of the chat is recorded. */
export interface ArmChooser {
  /** Emits once: the arm by the key of each experiment. Never fails. */
  choose(choice: Choice): Observable<ReadonlyMap<string, string>>;
}

/** What every part of a plugin gets in a chat. */
export type PluginEnvironment = Omit<BotContext, 'operations' | 'signal'>;

/** A plugin at work, as its parts see it. */
export interface RunningPlugin {
  readonly plugin: PreparedPlugin;
  readonly services: RunnerServices;
  /** The name under which the store keeps what it has done: a bot may list one plugin twice. */
  readonly key: string;
  readonly stopwatch: Stopwatch;
  /** Not in quarantine. */
  readonly isFree: boolean;
  readonly isFree$: Observable<boolean>;
  /** The session has stopped its bots. */
  readonly isClosed: boolean;
  /** Another has taken its place. */
  readonly isRetired: boolean;
  /** Emits, also late, when another takes its place: it begins nothing new, and ends what it has begun. */
  readonly retired$: Observable<void>;
  contextIn(interaction: Interaction): PluginEnvironment;
  /**
   * The interaction as the plugin's functions get it: what they subscribe by themselves harms nobody else. Its streams
   * end when the plugin retires; its lines wait for `ready$`, and begin with what the backlog has.
   */
  shielded(interaction: Interaction, ready$?: Observable<unknown>): Interaction;
  /** Runs a function of the plugin's, and tells when it holds everybody up. */
  timed<Result>(interaction: Interaction, run: () => Result): Result;
  /** So many lines more, or less, are in the plugin's lanes. */
  count(change: number): void;
  /** Something went well. */
  succeed(): void;
  /** A failure is told, and counts. */
  fail(interaction: Interaction, thrown: unknown, code?: ErrorCode): void;
  /** Told, without counting as a failure. */
  report(interaction: Interaction, code: ErrorCode, message: string): void;
}
