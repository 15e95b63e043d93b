import type { Assignment, Measures } from './experiment.ts';
import type { InteractionEnd, InteractionKind } from './interaction.ts';
import type { Facts } from './journal-entry.ts';
import type { OperationName, Target } from './operation.ts';
import type { OutcomeKind } from './outcome.ts';
import type { Owner } from './owner.ts';
import type { ParticipantType, Visibility } from './participant.ts';

/** The version of the events: it grows when a member changes its meaning or goes, not when one is added. */
export const analyticsVersion = 1;

/** What happened in a chat, by the names of the journal; docs/analytics.md has them all. */
export type AnalyticsFact =
  | {
      readonly kind: 'interaction-began';
      readonly type: InteractionKind;
      /** The bot that takes it; absent if none does. */
      readonly bot?: string;
      /** It was found open: it began before. */
      readonly resumed: boolean;
    }
  | {
      readonly kind: 'outcome';
      readonly operation: OperationName;
      readonly plugin: string;
      readonly once?: string;
      readonly outcome: OutcomeKind;
      readonly reason?: string;
      readonly reconciled?: boolean;
      /** Milliseconds from the request to the outcome. */
      readonly took: number;
      /** Whom a transfer, an invitation or a consultation goes to. */
      readonly to?: Target;
      readonly disposition?: string;
    }
  | {
      /** Somebody says something, or opens an address. */
      readonly kind: 'message';
      readonly type: 'Text' | 'PushUrl';
      /** The number of the line in the transcript. */
      readonly index: number;
      readonly from: ParticipantType;
      /** The agent itself wrote it. */
      readonly own: boolean;
      readonly visibility: Visibility;
      /** In UTF-16 code units. */
      readonly length: number;
      /** Only where it was asked for. */
      readonly text?: string;
    }
  | { readonly kind: 'owner'; readonly owner: Owner['kind']; readonly by?: string }
  | { readonly kind: 'noted'; readonly plugin: string; readonly what: string; readonly facts: Facts }
  | ({ readonly kind: 'assigned'; readonly experiment: string } & Assignment)
  | { readonly kind: 'exposed'; readonly experiment: string; readonly arm: string }
  | {
      readonly kind: 'measured';
      readonly experiment: string;
      readonly arm: string;
      readonly measures: Measures;
    }
  | {
      readonly kind: 'interaction-ended';
      readonly reason: InteractionEnd['reason'];
      readonly state?: InteractionEnd['state'];
      /** The last one that was set through Usher. */
      readonly disposition?: string;
      /** Milliseconds since `interaction-began`; absent where nobody was there when it ended. */
      readonly lasted?: number;
    };

/** What every event has. */
export interface AnalyticsEnvelope {
  readonly v: typeof analyticsVersion;
  /** Milliseconds since 1970, by the clock of the worker. */
  readonly at: number;
  /** The agent's username. */
  readonly agent: string;
  readonly interactionId: string;
  /** The event was too large, and members of it are missing. */
  readonly cut?: true;
}

/** One event as it is kept in the outbox. */
export type AnalyticsEvent = AnalyticsFact & AnalyticsEnvelope;

/** One event as a sink gets it: `id` is that of its batch and its place in it, and the same each time it comes. */
export type NumberedEvent = AnalyticsEvent & { readonly id: string };
