import { z } from 'zod';
import type { AnalyticsSink } from '../ports.ts';
import { type TextPolicy, textPolicies } from '../recording/recording.ts';

/** What becomes known of chats outside of Usher, and where it goes. See docs/analytics.md. */
export interface AnalyticsOptions {
  /** Where events go: `jsonLinesSink(…)`, `httpSink(…)`, `natsSink(…)`, or one of your own. */
  readonly sink: AnalyticsSink;
  /**
   * Whether messages carry their text: `true` is 'redacted', as of recordings; 'own' leaves the agent's readable, and
   * 'all' everybody's. Default: false.
   */
  readonly text?: boolean | TextPolicy | undefined;
  /** Milliseconds from one look at the outbox to the next; up to eight times as long while it is empty. Default: 1,000. */
  readonly every?: number | undefined;
}

/** The part `analytics` of a config. */
export const analyticsSchema = z
  .strictObject({
    sink: z.custom<AnalyticsSink>(isSink, {
      error: ({ input }) =>
        typeof input === 'function'
          ? "is a function: call it, as in jsonLinesSink({ file: 'events.jsonl' })"
          : 'must be a sink, with a name and a publish function',
    }),
    text: z
      .union([z.boolean(), z.enum(textPolicies)], {
        error: `must be true, false, ${textPolicies.map((policy) => `'${policy}'`).join(', ')}`,
      })
      .optional(),
    every: z.number().positive().optional(),
  })
  .optional();

/** What of `analytics` does not go with the rest of the config. */
export function analyticsFaults(analytics: unknown, stores: readonly unknown[]): readonly string[] {
  return analytics === undefined || stores.length > 0
    ? []
    : [
        "analytics needs a store, whose outbox events go through: set store to a file, such as 'usher.db', or to the URL of a database",
      ];
}

function isSink(value: unknown): value is AnalyticsSink {
  if (typeof value !== 'object' || value === null) return false;
  const { name, publish } = value as Partial<AnalyticsSink>;
  return typeof name === 'string' && typeof publish === 'function';
}
