import type { Checked } from './definition.ts';
import type { Metric } from './metric.ts';

/** An experiment, as the runner and the reports need it. */
export interface ExperimentFacts extends Omit<Checked, 'arms' | 'weights' | 'salt'> {
  readonly kind: 'experiment';
  readonly arms: readonly string[];
  /** In the order of the arms; they sum up to 1. */
  readonly shares: readonly number[];
  /** The arm of everybody who is not in the experiment. */
  readonly control: string;
  readonly salt: string;
  /** What the bandit goes by. */
  readonly goal: Metric | undefined;
}

/** What an arm of an experiment is to a plugin: it works in the chats of this arm only. */
export interface ArmTag {
  readonly experiment: ExperimentFacts;
  readonly arm: string;
}
