/** What the server of the console and its page tell each other. Times are in milliseconds since 1970. */

import type { DifferenceHistory, ExperimentReport } from '../../core/model/experiment-report.ts';
import type { FleetState } from '../../core/model/fleet-state.ts';

/** What somebody at the page may do. */
export type Authority = 'none' | 'look' | 'act';

export interface SessionInfo {
  readonly authority: Authority;
  /** Customers' names, texts and data are shown. */
  readonly texts: boolean;
  readonly who: string;
  /** To be sent with every action, in the header `x-usher-csrf`. */
  readonly csrf: string;
  /** There is a token, so that one can log in. */
  readonly canLogIn: boolean;
  readonly playground: boolean;
}

export interface HostRow {
  readonly ready: boolean;
  readonly stopping: boolean;
  readonly dialect: string;
  readonly origin: string;
  readonly open: number;
  /** How many experiments there are. */
  readonly experiments: number;
  /** It shares its agents with other processes. */
  readonly fleet: boolean;
}

export interface AgentRow {
  readonly username: string;
  readonly nickname: string;
  readonly status: string;
  readonly since: number;
  /** Why it is in this state. */
  readonly detail?: string;
  readonly open: number;
  /** Chats at a time, where a plugin of the agent's bots sets that. */
  readonly capacity?: number;
  readonly bots: readonly string[];
}

export interface OwnerInfo {
  readonly kind: 'bot' | 'human' | 'nobody';
  readonly name?: string;
}

export interface ChatRow {
  readonly key: string;
  readonly agent: string;
  readonly id: string;
  readonly customer: string;
  readonly kind: string;
  readonly state: string;
  readonly bot?: string;
  readonly owner: OwnerInfo;
  readonly began: number;
  readonly changed: number;
  readonly lines: number;
  readonly last?: { readonly from: string; readonly text: string };
  /** Who types now. */
  readonly typing: readonly string[];
  /** Since when the customer waits for an answer. */
  readonly waitingSince?: number;
  readonly problems: number;
  /** Why it ended, if it has. */
  readonly ended?: string;
}

export interface PluginRow {
  readonly plugin: string;
  readonly running: number;
  readonly probing: number;
  readonly quarantined: number;
  /** Lines of customers in its lanes. */
  readonly lines: number;
  /** Failures since the start. */
  readonly failures: number;
  /** Why it was quarantined last. */
  readonly reason?: string;
  /** When it is let out again. */
  readonly until?: number;
}

export interface OperationRow {
  readonly name: string;
  readonly outcomes: Readonly<Record<string, number>>;
  /** Milliseconds, of the latest. */
  readonly median?: number;
  readonly slowest?: number;
}

/** An operation that was not sent, or a problem. */
export interface Incident {
  readonly n: number;
  readonly at: number;
  readonly agent: string;
  readonly interaction?: string;
  readonly plugin?: string;
  readonly what: string;
  readonly why: string;
}

/** First all there is, then what has changed. */
export interface BoardMessage {
  readonly full?: true;
  readonly host?: HostRow;
  readonly agents?: readonly AgentRow[];
  readonly chats?: readonly ChatRow[];
  /** Keys of chats that are not kept any longer. */
  readonly gone?: readonly string[];
  readonly plugins?: readonly PluginRow[];
  readonly operations?: readonly OperationRow[];
  readonly incidents?: readonly Incident[];
}

export interface LineRow {
  readonly index: number;
  readonly at: number;
  readonly type: string;
  readonly from: string;
  readonly role: 'customer' | 'bot' | 'human' | 'other';
  readonly text: string;
  readonly history: boolean;
  /** Only the agents see it. */
  readonly hidden: boolean;
  /** The plugin that said it, and the line that it answers. */
  readonly plugin?: string;
  readonly answers?: number;
}

export interface TimelineRow {
  readonly n: number;
  readonly at: number;
  readonly kind: string;
  readonly title: string;
  readonly detail: string;
  readonly plugin?: string;
  /** How it went. */
  readonly tone: 'plain' | 'good' | 'held' | 'bad';
  /** Milliseconds from the request to the outcome. */
  readonly took?: number;
  /** It is only about signs of typing. */
  readonly typing?: true;
}

export interface ChatMessage {
  readonly full?: true;
  readonly lines?: readonly LineRow[];
  readonly timeline?: readonly TimelineRow[];
  readonly participants?: readonly { readonly name: string; readonly role: string }[];
  readonly userData?: Readonly<Record<string, string>>;
  readonly capabilities?: readonly string[];
}

export interface CustomerRow {
  readonly chatId: string;
  readonly name: string;
  readonly gone: boolean;
  readonly lines: readonly {
    readonly type: string;
    readonly from: string;
    readonly text: string;
    readonly own: boolean;
    readonly at: number;
  }[];
}

export interface PlaygroundMessage {
  readonly full?: true;
  readonly faults?: readonly { readonly name: string; readonly does: string }[];
  readonly customers?: readonly CustomerRow[];
}

export interface ExperimentRow {
  readonly report: ExperimentReport;
  readonly history: readonly DifferenceHistory[];
}

/** All experiments, each time. A figure that is not known, or an end that is open, is null in JSON. */
export interface ExperimentsMessage {
  readonly experiments: readonly ExperimentRow[];
  /** Why some are missing. */
  readonly problem?: string;
}

/** The workers, each time. */
export interface FleetMessage {
  /** As it was last seen; absent: it was not seen yet. */
  readonly state?: FleetState;
  /** Which of the workers the console belongs to, by their incarnations: one for each store. */
  readonly self?: readonly string[];
  /** When that was. */
  readonly at?: number;
  /** Why it is not seen now. */
  readonly problem?: string;
}

export interface AuditRow {
  readonly at: number;
  readonly who: string;
  readonly action: string;
  readonly on: string;
  readonly result: string;
}

/** What one may ask for by `POST /api/actions`. */
export type Action =
  | { readonly do: 'take-over' | 'give-back'; readonly agent: string; readonly interaction: string }
  | { readonly do: 'say'; readonly agent: string; readonly interaction: string; readonly text: string }
  | {
      readonly do: 'hand-off';
      readonly agent: string;
      readonly interaction: string;
      readonly summary?: string;
    }
  | { readonly do: 'quarantine' | 'release'; readonly plugin: string; readonly agent?: string }
  | {
      readonly do: 'stop-experiment' | 'resume-experiment';
      readonly experiment: string;
      readonly reason?: string;
    }
  | { readonly do: 'drain'; readonly within: number }
  | { readonly do: 'drain-worker'; readonly worker: string }
  | {
      readonly do: 'customer-arrives';
      readonly firstName: string;
      readonly lastName?: string;
      readonly subject?: string;
    }
  | { readonly do: 'customer-says'; readonly chatId: string; readonly text: string }
  | { readonly do: 'customer-types'; readonly chatId: string; readonly typing: boolean }
  | { readonly do: 'customer-leaves' | 'customer-again'; readonly chatId: string }
  | { readonly do: 'fault'; readonly fault: string; readonly times: number };

export interface ActionAnswer {
  readonly ok: boolean;
  readonly message: string;
  /** The chat that came of it. */
  readonly chatId?: string;
}
