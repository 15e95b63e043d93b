import type { Difference, Estimate } from './estimate.ts';
import type { MetricKind } from './experiment.ts';

/** Somebody, or a guard, has stopped an experiment or let it go on. */
export interface Switch {
  readonly stopped: boolean;
  readonly reason: string;
  /** Milliseconds since 1970. */
  readonly at: number;
}

/** How many got an arm. */
export interface ArmReport {
  readonly arm: string;
  /** The share of units that it was to get. */
  readonly share: number;
  /** Units, and their chats, in which the arm came to matter. */
  readonly units: number;
  readonly chats: number;
  /** Chats that are over: what is measured is measured on these. */
  readonly ended: number;
}

/** What an arm came to by a metric; of a duration the geometric mean, in milliseconds. */
export interface ArmFigure extends Estimate {
  readonly arm: string;
  readonly n: number;
}

/** How an arm differs from the control; of a duration it is a factor. */
export interface ArmDifference extends Difference {
  readonly arm: string;
  /**
   * `p` times the number of comparisons (Bonferroni). The interval is wide enough for as many, so that the chance of even
   * one false alarm among all metrics and arms stays at `alpha`, and both say the same.
   */
  readonly correctedP: number;
  readonly verdict: 'higher' | 'lower' | 'undecided';
}

export interface MetricReport {
  readonly name: string;
  readonly kind: MetricKind;
  readonly isPrimary: boolean;
  /** Of each arm by itself, those who got no experiment last; intervals of one look, at the level of `alpha`. */
  readonly arms: readonly ArmFigure[];
  /** Beside the control. An arm is missing as long as it is too early to say. */
  readonly differences: readonly ArmDifference[];
}

export interface GuardReport {
  readonly name: string;
  readonly kind: MetricKind;
  readonly arm: string;
  readonly worse: 'higher' | 'lower';
  readonly margin?: number;
  /** `undefined`: too early to say. */
  readonly difference: Difference | undefined;
  readonly breached: boolean;
}

/** Whether the arms got the units that they were to get. */
export interface SplitReport {
  /** The chance of counts at least as far off, for one look. */
  readonly p: number;
  /** The same for any number of looks. */
  readonly anytimeP: number;
  readonly broken: boolean;
}

/** What an experiment has come to. Plain data. */
export interface ExperimentReport {
  readonly experiment: string;
  readonly control: string;
  /** The config lets it run; without, everybody gets the control. */
  readonly enabled: boolean;
  readonly stopped?: Switch;
  readonly test: 'sequential' | 'fixed';
  /** Units that were planned for, and that there are. */
  readonly planned: number;
  readonly units: number;
  readonly alpha: number;
  readonly arms: readonly ArmReport[];
  /** Those who got no experiment. */
  readonly holdout?: ArmReport;
  /** Absent where a bandit, or somebody else, decides. */
  readonly sampleRatio?: SplitReport;
  readonly metrics: readonly MetricReport[];
  readonly guards: readonly GuardReport[];
}

/** What was known of a difference at one moment. */
export interface DifferenceLook extends Estimate {
  /** When the latest chat that counts began to count: milliseconds since 1970. */
  readonly at: number;
  /** Units of both arms by then. */
  readonly units: number;
}

/** How a difference became sure as the chats came, the latest last. */
export interface DifferenceHistory {
  readonly metric: string;
  readonly arm: string;
  readonly looks: readonly DifferenceLook[];
}
