import { concatMap, defer, interval, type Observable, startWith } from 'rxjs';
import type { ExperimentFacts } from '../bot/experiment/arm-tag.ts';
import { asUsherError, type UsherError } from '../errors.ts';
import type { Clock, Journal } from '../ports.ts';
import { banditChances } from './bandit.ts';
import { breachedGuards } from './guards.ts';
import { type Records, recordsOf } from './records.ts';
import { switchesOf, turn } from './switches.ts';

export interface OversightServices {
  readonly records: Records;
  readonly journal: Journal;
  readonly clock: Clock;
}

/** Milliseconds between two looks at what was switched, by whomever. */
const lookEvery = 5_000;
/** Milliseconds between two looks at what chats came to, for the guards: it is all read. */
const guardEvery = 60_000;

/** Whether experiments are stopped, and what their bandits have learnt: by the records, which other processes write too. */
export class Oversight {
  readonly #services: OversightServices;
  readonly #experiments: ReadonlyMap<string, ExperimentFacts>;
  readonly #stopped = new Set<string>();
  readonly #chances = new Map<string, readonly number[]>();
  readonly #readAt = new Map<string, number>();

  constructor(experiments: ReadonlyMap<string, ExperimentFacts>, services: OversightServices) {
    this.#experiments = experiments;
    this.#services = services;
  }

  /** Looks again and again. Never fails. */
  get looks$(): Observable<void> {
    return interval(lookEvery).pipe(
      startWith(0),
      concatMap(() => defer(() => this.look())),
    );
  }

  /** Whether an experiment gives everybody the control. */
  isStopped(key: string): boolean {
    return this.#stopped.has(key);
  }

  /** With which chances a bandit draws its arms next; `undefined`: by their weights. */
  chancesOf(key: string): readonly number[] | undefined {
    return this.#chances.get(key);
  }

  /** Stops an experiment, or lets it go on. */
  async turn(key: string, stopped: boolean, reason: string): Promise<void> {
    await turn(this.#services.records, key, { stopped, reason, at: this.#services.clock.now() });
    this.#show(key, stopped, reason);
  }

  /** One look at all experiments. Never fails. */
  async look(): Promise<void> {
    for (const experiment of this.#experiments.values()) {
      try {
        await this.#lookAt(experiment);
      } catch (thrown) {
        this.#report(asUsherError(thrown, 'USHER_STORE_UNAVAILABLE'));
      }
    }
  }

  async #lookAt(experiment: ExperimentFacts): Promise<void> {
    const { key, bandit, guards } = experiment;
    const { records, clock } = this.#services;
    const switches = await switchesOf(records, key);
    const last = switches.at(-1);
    this.#show(key, last?.stopped ?? false, last?.reason ?? '');
    if (bandit === undefined && guards.length === 0) return;
    const every = Math.min(
      bandit?.updateEvery ?? Number.POSITIVE_INFINITY,
      guards.length > 0 ? guardEvery : Number.POSITIVE_INFINITY,
    );
    if (clock.now() - (this.#readAt.get(key) ?? Number.NEGATIVE_INFINITY) < every) return;
    this.#readAt.set(key, clock.now());
    const { chats } = await recordsOf(records, key);
    if (bandit !== undefined) this.#chances.set(key, banditChances(experiment, chats));
    if (last?.stopped === true) return;
    // Whoever lets a stopped experiment go on has seen why it was stopped.
    const breach = breachedGuards(experiment, chats).find(
      (why) => !switches.some(({ stopped, reason }) => stopped && reason === why),
    );
    if (breach !== undefined) await this.turn(key, true, breach);
  }

  #show(experiment: string, stopped: boolean, reason: string): void {
    if (this.#stopped.has(experiment) === stopped) return;
    if (stopped) this.#stopped.add(experiment);
    else this.#stopped.delete(experiment);
    this.#services.journal.record('-', { kind: 'experiment-switched', experiment, stopped, reason });
  }

  #report({ code, message, cause }: UsherError): void {
    this.#services.journal.record('-', { kind: 'problem', code, message, cause });
  }
}
