import type { Assignment, Features, Measures } from './experiment.ts';
import type { InteractionEnd, InteractionKind, UserData } from './interaction.ts';
import type { Notification } from './notification.ts';
import type { Operation } from './operation.ts';
import type { Outcome, OutcomeKind } from './outcome.ts';
import type { Owner } from './owner.ts';

/** Where an agent's session stands. */
export type SessionStatus = 'starting' | 'ready' | 'recovering' | 'stopping' | 'stopped' | 'failed';

/** What was missed while the connection was lost. */
export interface Missed {
  /** Interactions that ended meanwhile. */
  readonly ended: number;
  /** Interactions that began meanwhile. */
  readonly began: number;
  /** Transcript lines that came meanwhile, as far as the server answers with them. */
  readonly lines: number;
}

/** What a plugin tells of what happened: nothing that the customer wrote. */
export type Facts = Readonly<Record<string, string | number | boolean>>;

/** What happened, without when and for whom. */
export type JournalEvent =
  | { readonly kind: 'session'; readonly status: SessionStatus; readonly detail?: string }
  | {
      /** The session stands again, and what was missed has been read. */
      readonly kind: 'resynchronised';
      /** Milliseconds without a connection. */
      readonly away: number;
      readonly missed: Missed;
    }
  | {
      /** What the server listed as open, when it was asked. */
      readonly kind: 'snapshot';
      readonly listed: readonly Notification[];
      /** Interactions that were told of while the list was on its way: of these it may be out of date. */
      readonly told: readonly string[];
    }
  | { readonly kind: 'notification'; readonly topic: string; readonly notification: Notification }
  | {
      readonly kind: 'interaction-began';
      readonly interactionId: string;
      readonly type: InteractionKind;
      readonly userData: UserData;
      /** The bot that takes it; absent if none does. */
      readonly bot?: string;
    }
  | { readonly kind: 'interaction-ended'; readonly interactionId: string; readonly end: InteractionEnd }
  | {
      /** A plugin is kept away from the chats, because it failed too often or somebody said so. */
      readonly kind: 'plugin-quarantined';
      readonly plugin: string;
      readonly reason: string;
      /** When it is tried again, in milliseconds since 1970; absent: when somebody releases it. */
      readonly until?: number;
    }
  | { readonly kind: 'plugin-released'; readonly plugin: string }
  | {
      /** Somebody else has the word with the customer. */
      readonly kind: 'owner';
      readonly interactionId: string;
      readonly owner: Owner;
    }
  | {
      /** A plugin notes what happened in a chat, for reports and metrics. */
      readonly kind: 'noted';
      readonly interactionId: string;
      readonly plugin: string;
      readonly what: string;
      readonly facts: Facts;
    }
  | ({
      /** A chat was given an arm of an experiment. */
      readonly kind: 'assigned';
      readonly interactionId: string;
      readonly experiment: string;
      readonly features?: Features;
    } & Assignment)
  | {
      /** The arm came to matter to the chat, which counts from now on. */
      readonly kind: 'exposed';
      readonly interactionId: string;
      readonly experiment: string;
      readonly arm: string;
    }
  | {
      /** A chat that counts is over: what it came to. */
      readonly kind: 'measured';
      readonly interactionId: string;
      readonly experiment: string;
      readonly arm: string;
      readonly measures: Measures;
    }
  | {
      /** Everybody gets the control of an experiment from now on, or no longer. */
      readonly kind: 'experiment-switched';
      readonly experiment: string;
      readonly stopped: boolean;
      readonly reason: string;
    }
  | {
      /** A batch of analytics events has reached its target. */
      readonly kind: 'relayed';
      readonly sink: string;
      readonly batch: string;
      /** How many events it has. */
      readonly events: number;
    }
  | { readonly kind: 'operation'; readonly operation: Operation }
  | {
      readonly kind: 'outcome';
      readonly outcome: Outcome;
      /** Milliseconds from the request to the outcome. */
      readonly took: number;
    }
  | {
      /** A shadow bot sees a chat, beside the bot that does the work. */
      readonly kind: 'shadow-began';
      readonly interactionId: string;
      readonly bot: string;
    }
  | {
      /** What a shadow bot, or anybody in a dry run, would have done: nothing of it has left the process. */
      readonly kind: 'would-have';
      readonly interactionId: string;
      /** Absent where no bot asked for it, but a human in a dry run. */
      readonly bot?: string;
      readonly operation: Operation;
      /** Why it would not have left either. */
      readonly withheld?: { readonly kind: OutcomeKind; readonly reason?: string };
    }
  | Problem;

/** Something was dropped, malformed, refused or broken: it has a code, a counter and a log line. */
export interface Problem {
  readonly kind: 'problem';
  /** See docs/errors.md. */
  readonly code: string;
  readonly message: string;
  readonly interactionId?: string;
  readonly plugin?: string;
  /** The thrown value, for the log at level debug. */
  readonly cause?: unknown;
}

/** One entry of the record of everything an agent's session saw and did. */
export type JournalEntry = JournalEvent & {
  /** Milliseconds since 1970. */
  readonly at: number;
  /** The agent's username. */
  readonly agent: string;
};
