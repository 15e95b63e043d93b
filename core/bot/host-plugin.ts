import type { Observable, ObservableInput } from 'rxjs';
import type { Agent } from '../model/agent.ts';
import type { DifferenceHistory, ExperimentReport } from '../model/experiment-report.ts';
import type { FleetState } from '../model/fleet-state.ts';
import type { HandOffRequest } from '../model/hand-off.ts';
import type { JournalEntry, SessionStatus } from '../model/journal-entry.ts';
import type { Clock, Interaction, Log, Operations } from '../ports.ts';
import type { Playground } from './playground.ts';
import type { PluginStatus } from './quarantine.ts';

/** What a bot consists of, as its config says. */
export interface BotFacts {
  readonly name: string;
  readonly plugins: readonly { readonly name: string; readonly options: unknown }[];
}

/** One agent of the process, to be looked at and stepped in for. What it is told before the agent has logged in is lost. */
export interface AgentDesk {
  readonly username: string;
  /** Who it is; `undefined` before the agent has logged in. */
  readonly agent: Agent | undefined;
  readonly status: SessionStatus;
  readonly status$: Observable<SessionStatus>;
  readonly bots: readonly BotFacts[];
  /** How the plugins are doing; none before the agent has logged in. */
  readonly plugins: readonly PluginStatus[];
  /** The interactions that are open. */
  readonly interactions: readonly Interaction[];
  /** Those that are open, and then each that appears. */
  readonly interactions$: Observable<Interaction>;
  /** Keeps a plugin away from the chats of this agent until it is released. */
  quarantine(plugin: string, reason: string): void;
  release(plugin: string): void;
  /** A human of this name has the word in a chat. Tells whether the chat is open. */
  takeOver(interactionId: string, name: string): boolean;
  /** The bots have the word again. Tells whether the chat is open. */
  giveBack(interactionId: string): boolean;
  /** The operations on a chat in a human's name; `undefined` if it is not open. */
  asHuman(interactionId: string): Operations | undefined;
  /** Wishes that a colleague takes the chat over. Tells whether a plugin of the bot sees to that. */
  requestHandOff(interactionId: string, request: HandOffRequest): boolean;
}

/** The experiments of the bots, to be looked at, and to be stopped. */
export interface ExperimentDesk {
  readonly keys: readonly string[];
  /**
   * What an experiment has come to; `undefined`: there is none of this key. The figures are some seconds old, those of a
   * very large experiment some minutes: ask as often as you like.
   */
  report(key: string): Promise<ExperimentReport | undefined>;
  /** How its differences became sure, metric by metric and arm by arm; none where the test has a fixed end. */
  history(key: string): Promise<readonly DifferenceHistory[] | undefined>;
  /** Stops an experiment, so that new chats get the control, or lets it go on: in all processes on the same store. */
  turn(key: string, stopped: boolean, reason: string): Promise<void>;
}

/** The workers that share the agents of the store, to be looked at, and to be sent home. */
export interface FleetDesk {
  /** Which of the workers this process is, by their `incarnation`: one in each store in which it has a lease. */
  readonly self: readonly string[];
  /**
   * Who runs how many agents now. Each call reads the store: ask while somebody looks.
   *
   * @throws UsherError USHER_STORE_UNAVAILABLE
   */
  state(): Promise<FleetState>;
  /**
   * Asks a worker, wherever it runs, to give its agents to the others and end. Resolves at once: with whether it is there.
   *
   * @param worker Its `incarnation`.
   * @throws UsherError USHER_STORE_UNAVAILABLE
   */
  drain(worker: string): Promise<boolean>;
}

/** What a plugin that serves the whole process gets, from before the agents log in until after they have left. */
export interface HostContext {
  /** The agents of the process; in a fleet, those that it runs, or has run. */
  readonly agents: readonly AgentDesk[];
  /** Those that there are, and then each that comes. */
  readonly agents$: Observable<AgentDesk>;
  /** The name of the dialect that is spoken, and the server it is spoken to. */
  readonly server: { readonly dialect: string; readonly origin: string };
  /** Every agent is subscribed and Ready, and the process is not being stopped. */
  readonly isReady: boolean;
  /** The process is being stopped. */
  readonly isStopping: boolean;
  /** Agents whose store does not answer, where they are spread over several: nobody runs them until it does. */
  readonly strandedAgents: readonly string[];
  readonly experiments: ExperimentDesk;
  /** The other workers; `undefined` where the process shares its agents with nobody. */
  readonly fleet: FleetDesk | undefined;
  /** Everything that all sessions see and do. */
  readonly journal$: Observable<JournalEntry>;
  /** How often each problem occurred, by code. */
  readonly problems: ReadonlyMap<string, number>;
  readonly clock: Clock;
  readonly log: Log;
  /** Aborted when the process has stopped its agents. */
  readonly signal: AbortSignal;
  /** The simulated contact centre, where the agents sit in one. */
  readonly playground: Playground | undefined;
  /** Tells whoever has started the process something worth knowing, in one line. */
  readonly tell: (line: string) => void;
  /** Has the process stop in good order; open chats may take so many milliseconds. */
  readonly stop: (within: number) => void;
  /** An open or lately ended chat, from its journal entries, as a scenario file. */
  readonly scenarioOf: (agent: Agent, interactionId: string, entries: readonly JournalEntry[]) => string;
}

/** Serves the process as a whole: pages, probes, exporters. */
export type HostFunction = (context: HostContext) => ObservableInput<unknown>;
