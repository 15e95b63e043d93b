import { asapScheduler, filter, observeOn, Subscription, take } from 'rxjs';
import type { ExperimentFacts } from '../bot/experiment/arm-tag.ts';
import type { Exposure } from '../bot/experiment/definition.ts';
import type { Choice } from '../bot/running-plugin.ts';
import type { JournalEntry } from '../model/journal-entry.ts';
import type { Clock, Dossier, Interaction, Journal } from '../ports.ts';
import { customerLeft } from '../streams/operators/customer-left.ts';
import { type Exposed, keys } from './records.ts';
import { endsOf, type Tally, tallyKey, withLine, withNote } from './tally.ts';

export interface TrialServices {
  readonly clock: Clock;
  readonly journal: Journal;
}

/** One chat that is in experiments: when their arms came to matter, and what it came to. */
export class Trial {
  readonly #choice: Choice;
  readonly #interaction: Interaction;
  readonly #dossier: Dossier;
  readonly #services: TrialServices;
  readonly #experiments: Map<string, ExperimentFacts>;
  readonly #watching = new Subscription();
  #tally: Tally;

  constructor(choice: Choice, tally: Tally, services: TrialServices) {
    this.#choice = choice;
    this.#interaction = choice.interaction;
    this.#dossier = choice.dossier;
    this.#services = services;
    this.#experiments = new Map(choice.experiments.map((one) => [one.key, one]));
    this.#tally = tally;
    this.#keep(tally);
  }

  /** Watches the chat from now on; `onEnd`: nothing more is to come. */
  begin(onEnd: () => void): void {
    const { state$, ended$ } = this.#interaction;
    const { messages$ } = this.#choice;
    this.#expose('began');
    this.#watching.add(
      state$
        .pipe(
          filter((state) => state === 'Chatting'),
          take(1),
        )
        .subscribe(() => {
          this.#keep({ ...this.#tally, joinedAt: this.#tally.joinedAt ?? this.#now });
          this.#expose('joined');
        }),
    );
    this.#watching.add(
      messages$
        .pipe(filter(({ type, visibility, history }) => type === 'Text' && visibility === 'All' && !history))
        .subscribe(({ from, own }) => {
          const who = from.type === 'Customer' ? 'customer' : own ? 'us' : 'colleague';
          this.#keep(withLine(this.#tally, who, this.#now));
          if (who === 'customer') this.#expose('asked');
        }),
    );
    this.#watching.add(
      customerLeft(this.#interaction).subscribe(() =>
        this.#keep({ ...this.#tally, left: this.#tally.left ?? 'told' }),
      ),
    );
    // After a time away the participants are known before the lines that were missed: what the customer had heard by
    // then is in the transcript alone.
    this.#watching.add(
      messages$
        .pipe(
          filter(
            ({ type, from, history }) => type === 'ParticipantLeft' && from.type === 'Customer' && !history,
          ),
        )
        .subscribe(() => this.#keep({ ...this.#tally, left: 'written' })),
    );
    // What ends the chat may be noted in the same moment.
    ended$.pipe(observeOn(asapScheduler)).subscribe(({ reason }) => {
      this.#watching.unsubscribe();
      if (reason !== 'session-ended') this.#end();
      onEnd();
    });
  }

  /** More experiments of the same chat, decided later. */
  enter(experiments: readonly ExperimentFacts[], entries: Tally['entries']): void {
    for (const one of experiments) this.#experiments.set(one.key, one);
    this.#keep({ ...this.#tally, entries: { ...entries, ...this.#tally.entries } });
    this.#expose('began');
    if (this.#tally.joinedAt !== undefined) this.#expose('joined');
  }

  /** What the journal tells of the chat. */
  hear(entry: JournalEntry): void {
    if (entry.kind === 'noted') {
      this.#keep(withNote(this.#tally, entry.what, entry.facts));
      if (entry.what === 'hand-off') this.#expose('hand-off');
    } else if (entry.kind === 'outcome') {
      const { kind, operation } = entry.outcome;
      if (operation.name === 'setDisposition' && kind === 'sent') {
        this.#keep({ ...this.#tally, disposition: operation.disposition });
      }
    }
  }

  get #now(): number {
    return this.#services.clock.now();
  }

  #keep(tally: Tally): void {
    this.#tally = tally;
    if (!this.#interaction.now.ended) this.#dossier.setState(tallyKey, tally);
  }

  /** An arm matters from the first time on that its moment has come. */
  #expose(moment: Exposure): void {
    const { journal } = this.#services;
    const { id: interactionId, agent } = this.#interaction;
    for (const [key, entry] of Object.entries(this.#tally.entries)) {
      if (entry.exposedAt !== undefined || this.#experiments.get(key)?.exposure !== moment) continue;
      const { features, ...assignment } = entry;
      const { arm } = entry;
      const at = this.#now;
      this.#keep({
        ...this.#tally,
        entries: { ...this.#tally.entries, [key]: { ...entry, exposedAt: at } },
      });
      const exposed: Exposed = { ...assignment, at, agent: agent.username, ...(features && { features }) };
      this.#dossier.keep(keys.chat(key, interactionId), exposed);
      journal.record(agent.username, { kind: 'exposed', interactionId, experiment: key, arm });
    }
  }

  #end(): void {
    const { journal } = this.#services;
    const { id: interactionId, agent } = this.#interaction;
    for (const { key, body } of endsOf(this.#tally, this.#now)) {
      this.#dossier.keep(keys.end(key, interactionId), body);
      journal.record(agent.username, {
        kind: 'measured',
        interactionId,
        experiment: key,
        arm: this.#tally.entries[key]?.arm ?? '',
        measures: body.measures,
      });
    }
  }
}
