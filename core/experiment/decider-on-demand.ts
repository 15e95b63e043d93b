import type { ExperimentFacts } from '../bot/experiment/arm-tag.ts';
import type { Features } from '../model/experiment.ts';
import type { Decider, Decision } from './decider.ts';

/** A decider that is made when the first arm is to be decided: few processes have experiments, and an SDK is large. */
export class DeciderOnDemand implements Decider {
  readonly #make: () => Decider | Promise<Decider>;
  #opened: Promise<Decider> | undefined;

  constructor(make: () => Decider | Promise<Decider>) {
    this.#make = make;
  }

  async decide(experiment: ExperimentFacts, unit: string, features: Features): Promise<Decision | undefined> {
    return (await this.open()).decide(experiment, unit, features);
  }

  /** Opens it now, so that no chat waits for it. */
  open(): Promise<Decider> {
    this.#opened ??= Promise.resolve(this.#make());
    return this.#opened;
  }

  close(): void {
    // One that could not be opened has been told of by whoever asked it.
    void this.#opened?.then((decider) => decider.close()).catch(() => undefined);
  }
}
