import { map, type Observable, Subscription } from 'rxjs';
import type { ExperimentFacts } from '../bot/experiment/arm-tag.ts';
import type { ExperimentDesk } from '../bot/host-plugin.ts';
import type { ArmChooser, Choice } from '../bot/running-plugin.ts';
import { holdoutArm } from '../model/experiment.ts';
import type { ExperimentReport } from '../model/experiment-report.ts';
import type { JournalEntry } from '../model/journal-entry.ts';
import type { Clock, Journal } from '../ports.ts';
import { Assigner } from './assigner.ts';
import { DeciderOnDemand } from './decider-on-demand.ts';
import { EmbeddedProvider } from './embedded-provider.ts';
import { Findings } from './findings.ts';
import { FlagDecider } from './flag-decider.ts';
import type { FlagProvider } from './flag-provider.ts';
import { Oversight } from './oversight.ts';
import type { Records } from './records.ts';
import { reportOf } from './report.ts';
import { type Entries, newTally, type Tally, tallyKey } from './tally.ts';
import { Trial } from './trial.ts';

export interface ExperimentServices {
  readonly experiments: readonly ExperimentFacts[];
  readonly records: Records;
  readonly journal: Journal;
  readonly clock: Clock;
  /** Decides the arms. Default: by the hash of the unit. */
  readonly provider?: FlagProvider | undefined;
}

/** The experiments of a process: which arms a chat is in, and what comes of it. */
export class ExperimentService implements ArmChooser {
  readonly #services: ExperimentServices;
  readonly #experiments: Map<string, ExperimentFacts>;
  readonly #oversight: Oversight;
  readonly #assigner: Assigner;
  readonly #decider: DeciderOnDemand;
  readonly #running = new Subscription();
  readonly #trials = new Map<string, Trial>();
  readonly #findings: Findings;

  constructor(services: ExperimentServices) {
    const { experiments, journal, clock, provider } = services;
    this.#services = services;
    this.#findings = new Findings(services.records, clock);
    this.#experiments = new Map(experiments.map((one) => [one.key, one]));
    const oversight = new Oversight(this.#experiments, services);
    this.#oversight = oversight;
    const embedded = new EmbeddedProvider({
      experiments: this.#experiments,
      chances: ({ key }) => oversight.chancesOf(key),
      clock,
    });
    const decider = new DeciderOnDemand(() => new FlagDecider(provider ?? embedded));
    this.#decider = decider;
    this.#assigner = new Assigner(services, decider, (key) => oversight.isStopped(key));
    this.#running.add(() => decider.close());
    this.#running.add(journal.entries$.subscribe((entry) => this.#hear(entry)));
  }

  /** Goes by what is switched and recorded from now on, also by others. */
  watch(): void {
    // Though there may be none yet: bots that are put in the place of others may bring some.
    this.#running.add(this.#oversight.looks$.subscribe());
    // So that a flag system has time until the first chat.
    if (this.#experiments.size > 0) this.#decider.open();
  }

  stop(): void {
    this.#running.unsubscribe();
  }

  get experiments(): readonly ExperimentFacts[] {
    return [...this.#experiments.values()];
  }

  /** The experiments for plugins of the process, who may ask as often as they like. */
  get desk(): ExperimentDesk {
    const experiments = this.#experiments;
    const findings = this.#findings;
    return {
      get keys() {
        return [...experiments.keys()];
      },
      report: async (key) => {
        const experiment = experiments.get(key);
        return experiment && findings.report(experiment);
      },
      history: async (key) => {
        const experiment = experiments.get(key);
        return experiment && findings.history(experiment);
      },
      turn: (key, stopped, reason) => this.turn(key, stopped, reason),
    };
  }

  /** What an experiment has come to by now; `undefined`: there is none of this key. */
  async report(key: string): Promise<ExperimentReport | undefined> {
    const experiment = this.#experiments.get(key);
    return experiment && reportOf(experiment, this.#services.records);
  }

  /** Stops an experiment, so that everybody gets the control, or lets it go on. */
  async turn(key: string, stopped: boolean, reason: string): Promise<void> {
    await this.#oversight.turn(key, stopped, reason);
  }

  /** Looks at the records at once. */
  async look(): Promise<void> {
    await this.#oversight.look();
  }

  choose(choice: Choice): Observable<ReadonlyMap<string, string>> {
    for (const one of choice.experiments) this.#experiments.set(one.key, one);
    return this.#assigner.entriesOf(choice).pipe(
      map((entries) => {
        this.#begin(choice, entries);
        return armsIn(choice.experiments, entries);
      }),
    );
  }

  #begin(choice: Choice, entries: Entries): void {
    const { interaction, experiments, dossier } = choice;
    if (Object.keys(entries).length === 0 || interaction.now.ended) return;
    const key = chatKey(interaction.agent.username, interaction.id);
    const going = this.#trials.get(key);
    if (going !== undefined) return going.enter(experiments, entries);
    const tally = (dossier.stateOf(tallyKey) as Tally | undefined) ?? newTally(entries);
    const trial = new Trial(choice, tally, this.#services);
    this.#trials.set(key, trial);
    trial.begin(() => this.#trials.delete(key));
  }

  #hear(entry: JournalEntry): void {
    const id =
      entry.kind === 'noted'
        ? entry.interactionId
        : entry.kind === 'outcome'
          ? entry.outcome.operation.interactionId
          : undefined;
    if (id !== undefined) this.#trials.get(chatKey(entry.agent, id))?.hear(entry);
  }
}

/** Whoever is in no arm is treated as the control is. */
export function armsIn(
  experiments: readonly ExperimentFacts[],
  entries: Readonly<Record<string, { readonly arm: string }>>,
): ReadonlyMap<string, string> {
  return new Map(
    experiments.map(({ key, control }) => {
      const arm = entries[key]?.arm;
      return [key, arm === undefined || arm === holdoutArm ? control : arm];
    }),
  );
}

function chatKey(agent: string, interactionId: string): string {
  return `${agent}\n${interactionId}`;
}
