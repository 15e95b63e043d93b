import type { ExperimentFacts } from '../bot/experiment/arm-tag.ts';
import type { Features } from '../model/experiment.ts';
import type { Decider, Decision } from './decider.ts';

/** A decider that is made when there is something to decide: most processes have no experiments. */
export class DeciderOnDemand implements Decider {
  readonly #make: () => Decider;
  #opened: Decider | undefined;

  constructor(make: () => Decider) {
    this.#make = make;
  }

  open(): Decider {
    this.#opened ??= this.#make();
    return this.#opened;
  }

  decide(experiment: ExperimentFacts, unit: string, features: Features): Promise<Decision | undefined> {
    return this.open().decide(experiment, unit, features);
  }

  close(): void {
    this.#opened?.close();
  }
}
