import { z } from 'zod';
import type { MetricKind } from '../../model/experiment.ts';

/** A figure that arms are compared by, made of what chats came to. */
export interface Metric {
  readonly name: string;
  readonly kind: MetricKind;
  /** The measure of a chat that it is made of. */
  readonly measure: string;
  /** The measure must be this, to count as a success of a proportion. Default: anything but 0. */
  readonly is?: string;
  /** The measure below the line of a ratio; `chats` counts the chats themselves. */
  readonly per?: string;
}

/** The measures that every chat of an experiment has, and the metrics of the same names. */
const builtIn = {
  greeted: 'proportion',
  engaged: 'proportion',
  answered: 'proportion',
  abandoned: 'proportion',
  handOff: 'proportion',
  handedOver: 'proportion',
  turns: 'mean',
  surveyScore: 'mean',
  duration: 'duration',
  timeToGreeting: 'duration',
  timeToFirstReply: 'duration',
} as const satisfies Record<string, MetricKind>;

/**
 * - `greeted`: something of ours was said to the customer. `engaged`: the customer wrote. `answered`: the customer wrote,
 *   and was answered, by a bot or a human. `abandoned`: the customer left without having been answered the last word.
 * - `handOff`: a hand-off was begun. `handedOver`: it was completed.
 * - `turns`: lines of the customer. `surveyScore`: what the customer gave.
 * - `duration`: of our part. `timeToGreeting`: from our joining. `timeToFirstReply`: from the customer's first line.
 */
export type MetricName = keyof typeof builtIn;

const names = Object.keys(builtIn) as [MetricName, ...MetricName[]];

const ownMetric = z
  .strictObject({
    name: z.string().regex(/^[A-Za-z][\w-]*$/, 'must be a word'),
    /** Default: 'proportion'. */
    kind: z.enum(['proportion', 'mean', 'duration', 'ratio']).default('proportion'),
    /** What a plugin notes by `note(…)`: how often, or the sum of one of its facts. */
    note: z.string().min(1).optional(),
    fact: z.string().min(1).optional(),
    /** The chat's disposition: the share of chats that have this one. */
    disposition: z.string().min(1).optional(),
    /** Above and below the line of a ratio: measures, `chats` below. */
    of: z.string().min(1).optional(),
    per: z.string().min(1).optional(),
  })
  .superRefine(({ kind, note, fact, disposition, of, per }, context) => {
    const fault = (message: string): void => context.addIssue({ code: 'custom', message });
    if ([note, disposition, of].filter((one) => one !== undefined).length !== 1)
      fault('needs one of `note`, `disposition` and `of`');
    if ((kind === 'ratio') !== (per !== undefined)) fault('`per` belongs to a ratio, and a ratio needs it');
    if (disposition !== undefined && kind !== 'proportion') fault('a disposition is a proportion');
    if (fact !== undefined && note === undefined) fault('`fact` belongs to a `note`');
  })
  .transform(({ name, kind, note, fact, disposition, of, per }): Metric => {
    const measure =
      note === undefined
        ? (of ?? 'disposition')
        : fact === undefined
          ? `note:${note}`
          : `note:${note}.${fact}`;
    return { name, kind, measure, ...(disposition && { is: disposition }), ...(per && { per }) };
  });

/** The name of a metric that is there, or one of one's own. */
export const metric = z.union(
  [z.enum(names).transform((name): Metric => ({ name, kind: builtIn[name], measure: name })), ownMetric],
  { error: (issue) => unionFault(issue.input) },
);

function unionFault(input: unknown): string | undefined {
  return typeof input === 'string' ? `"${input}" is no metric; there are ${names.join(', ')}` : undefined;
}

/** A metric that must not get worse. */
export const guard = z.strictObject({
  metric,
  /** Which way is worse. */
  worse: z.enum(['higher', 'lower']),
  /**
   * How much worse is still borne: a difference, in percentage points over 100 for proportions; for durations a factor
   * above 1. Default: none.
   */
  margin: z.number().nonnegative().optional(),
});

export type Guard = z.output<typeof guard>;
