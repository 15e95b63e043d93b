/** Why a chat is in the arm that it is in. */
export type AssignmentReason =
  /** By the hash of its unit and the weights. */
  | 'split'
  /** By what has been learnt so far. */
  | 'bandit'
  /** By the company's own flag system. */
  | 'provider'
  /** The unit is kept out of experiments, to be compared with. */
  | 'holdout';

/** The arm of an experiment that a chat is in. */
export interface Assignment {
  /** An arm's name, or `holdout`. */
  readonly arm: string;
  /** Whom the arm was given to: a pseudonym of the customer, or of the chat, of 20 hexadecimal digits. */
  readonly unit: string;
  readonly reason: AssignmentReason;
  /** The probability with which the arm was given, above 0; absent where somebody else decided and does not tell. */
  readonly propensity?: number;
}

/**
 * How a metric is compared: a `proportion` by the difference of shares, a `mean` or a `ratio` of sums by its difference, a
 * `duration` by the factor between geometric means. docs/experiments.md has the method of each.
 */
export type MetricKind = 'proportion' | 'mean' | 'duration' | 'ratio';

/** The name of the group that gets no experiments. */
export const holdoutArm = 'holdout';

/** What is known of a chat when its arm is decided, as far as policies may go by it. */
export type Features = Readonly<Record<string, string | number | boolean>>;

/**
 * With which chances a policy would take the arms, by what is known of a chat: from 0 to 1 by the arms' names, with a sum
 * of 1; what it does not name has none. The default export of a file for `usher experiment evaluate`.
 */
export type Policy = (features: Features) => Readonly<Record<string, number>>;

/** What one chat came to, by the names of its measures: 1 and 0 for yes and no, milliseconds for times. */
export type Measures = Readonly<Record<string, number | string>>;
