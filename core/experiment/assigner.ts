import { from, type Observable, of } from 'rxjs';
import type { ExperimentFacts } from '../bot/experiment/arm-tag.ts';
import type { Choice } from '../bot/running-plugin.ts';
import { asUsherError, messageOf } from '../errors.ts';
import { type Assignment, type Features, holdoutArm } from '../model/experiment.ts';
import type { Clock, Interaction, Journal } from '../ports.ts';
import type { Json } from '../store/store.ts';
import type { Decider } from './decider.ts';
import { pseudonym } from './hashing.ts';
import { keys, type Records } from './records.ts';
import { type Entries, type Tally, tallyKey } from './tally.ts';

export interface AssignerServices {
  readonly records: Records;
  readonly journal: Journal;
  readonly clock: Clock;
}

/** Gives chats their arms: as decided first for the unit, by whichever process. */
export class Assigner {
  readonly #services: AssignerServices;
  readonly #decider: Decider;
  readonly #isStopped: (key: string) => boolean;

  constructor(services: AssignerServices, decider: Decider, isStopped: (key: string) => boolean) {
    this.#services = services;
    this.#decider = decider;
    this.#isStopped = isStopped;
  }

  /** The experiments that the chat is in. Emits once, and never fails: what does is told, and the chat takes no part. */
  entriesOf(choice: Choice): Observable<Entries> {
    const before = (choice.dossier.stateOf(tallyKey) as Tally | undefined)?.entries;
    // A chat that the agent is in already would be counted for what was said before it had an arm: it was found open, or
    // the experiment has come in its middle. It is told at once, so that no line falls between two bots.
    const { resumed, now } = choice.interaction;
    if (choice.isLate || (resumed && now.state !== 'Invited')) return of(before ?? {});
    return from(this.#decide(choice, before));
  }

  async #decide({ interaction, experiments }: Choice, before: Entries | undefined): Promise<Entries> {
    const asked = experiments.filter(
      (one) => before?.[one.key] === undefined && this.#takesPart(one, interaction),
    );
    const given = await Promise.all(
      asked.map(async (one): Promise<Entries> => {
        try {
          return await this.#assign(one, interaction);
        } catch (thrown) {
          const { code, message, cause } = asUsherError(thrown, 'USHER_STORE_UNAVAILABLE');
          this.#report(code, message, interaction, cause);
          return {};
        }
      }),
    );
    return Object.assign({}, ...given, before) as Entries;
  }

  #takesPart({ key, enabled, eligible }: ExperimentFacts, interaction: Interaction): boolean {
    if (!enabled || this.#isStopped(key)) return false;
    const isInbound = interaction.kind !== 'consultation';
    return this.#asked(key, 'eligible', interaction, () => eligible?.(interaction) ?? isInbound) ?? false;
  }

  async #assign(experiment: ExperimentFacts, interaction: Interaction): Promise<Entries> {
    const { key, arms, features } = experiment;
    const { records, clock, journal } = this.#services;
    const name = this.#unitOf(experiment, interaction);
    if (name === undefined) return {};
    const unit = pseudonym(name);
    const known = this.#asked(key, 'features', interaction, () => features?.(interaction));
    const at = keys.unit(key, unit);
    let kept = (await records.recorded([at])).get(at);
    if (kept === undefined) {
      const decision = await this.#decider.decide(experiment, name, known ?? {});
      if (decision === undefined) return {};
      const body = { ...decision, unit, at: clock.now() };
      // Whoever was first is right: another worker may have met the same customer.
      kept = (await records.keep([{ key: at, body }])).get(at);
    }
    const given = assignmentIn(kept);
    if (given === undefined || (given.arm !== holdoutArm && !arms.includes(given.arm))) return {};
    const { id: interactionId, agent } = interaction;
    const entry = { ...given, ...(known && { features: known }) };
    journal.record(agent.username, { kind: 'assigned', interactionId, experiment: key, ...entry });
    return { [key]: entry };
  }

  #unitOf({ key, unit }: ExperimentFacts, interaction: Interaction): string | undefined {
    const { ContactId: contact } = interaction.now.userData;
    if (unit === undefined) return contact ? String(contact) : interaction.id;
    return this.#asked(key, 'unit', interaction, () => unit(interaction) ?? interaction.id);
  }

  /** What a function of the experiment says; `undefined` if it throws. */
  #asked<Value>(key: string, what: string, interaction: Interaction, ask: () => Value): Value | undefined {
    try {
      return ask();
    } catch (thrown) {
      const message = `experiment ${key}: ${what} threw: ${messageOf(thrown)}`;
      this.#report('USHER_EXPERIMENT_FAILED', message, interaction, thrown);
      return undefined;
    }
  }

  #report(code: string, message: string, { id: interactionId, agent }: Interaction, cause: unknown): void {
    this.#services.journal.record(agent.username, { kind: 'problem', code, message, interactionId, cause });
  }
}

function assignmentIn(body: Json | undefined): Assignment | undefined {
  if (typeof body !== 'object' || body === null || !('arm' in body)) return undefined;
  const { arm, unit, reason, propensity } = body as unknown as Assignment & Features;
  return { arm, unit, reason, ...(propensity !== undefined && { propensity }) };
}
