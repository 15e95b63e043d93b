import type { ExperimentFacts } from '../bot/experiment/arm-tag.ts';
import type { AssignmentReason, Features } from '../model/experiment.ts';

/** What was decided of a unit. */
export interface Decision {
  readonly arm: string;
  readonly reason: AssignmentReason;
  /** The chance that the arm had; absent where nobody knows it. */
  readonly propensity?: number;
}

/** Decides which arm a unit is in. */
export interface Decider {
  /** `undefined`: the unit is not in the experiment. */
  decide(experiment: ExperimentFacts, unit: string, features: Features): Promise<Decision | undefined>;
  close(): void;
}
