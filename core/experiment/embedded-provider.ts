import {
  type EvaluationContext,
  type Provider,
  type ResolutionDetails,
  StandardResolutionReasons,
} from '@openfeature/server-sdk';
import type { ExperimentFacts } from '../bot/experiment/arm-tag.ts';
import type { Clock } from '../ports.ts';
import { split } from './split.ts';

/** The chances of an experiment's arms by what has been learnt; `undefined`: by the weights. */
type Chances = (experiment: ExperimentFacts) => readonly number[] | undefined;

/** What the embedded provider decides by. */
interface EmbeddedParts {
  readonly experiments: ReadonlyMap<string, ExperimentFacts>;
  readonly chances: Chances;
  readonly clock: Clock;
}

/** Decides arms by itself: where no flag system of the company's own does. */
export class EmbeddedProvider implements Provider {
  readonly metadata = { name: 'usher' };
  readonly runsOn = 'server';
  readonly #parts: EmbeddedParts;

  constructor(parts: EmbeddedParts) {
    this.#parts = parts;
  }

  async resolveStringEvaluation(
    key: string,
    control: string,
    { targetingKey: unit }: EvaluationContext,
  ): Promise<ResolutionDetails<string>> {
    const { experiments, chances, clock } = this.#parts;
    const experiment = experiments.get(key);
    const share =
      experiment && unit !== undefined
        ? split(experiment, unit, clock.now(), chances(experiment))
        : undefined;
    if (share === undefined) return { value: control, reason: StandardResolutionReasons.DEFAULT };
    const { arm, reason, propensity } = share;
    return {
      value: arm,
      variant: arm,
      reason: StandardResolutionReasons.SPLIT,
      flagMetadata: { reason, propensity },
    };
  }

  async resolveBooleanEvaluation(_key: string, value: boolean): Promise<ResolutionDetails<boolean>> {
    return { value, reason: StandardResolutionReasons.DEFAULT };
  }

  async resolveNumberEvaluation(_key: string, value: number): Promise<ResolutionDetails<number>> {
    return { value, reason: StandardResolutionReasons.DEFAULT };
  }

  async resolveObjectEvaluation<Value>(_key: string, value: Value): Promise<ResolutionDetails<Value>> {
    return { value, reason: StandardResolutionReasons.DEFAULT };
  }
}
