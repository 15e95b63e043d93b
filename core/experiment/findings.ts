import type { ExperimentFacts } from '../bot/experiment/arm-tag.ts';
import type { DifferenceHistory, ExperimentReport } from '../model/experiment-report.ts';
import type { Clock } from '../ports.ts';
import { historyOf } from './history.ts';
import { type Records, recordsOf } from './records.ts';
import { reportFrom } from './report.ts';
import { switchesOf } from './switches.ts';

/** Milliseconds for which what was found is good at least. */
const goodFor = 5_000;
/** The records of a large experiment take a while to read: at most this share of the time goes into it. */
const mostOfTime = 0.05;

interface Found {
  readonly report: Omit<ExperimentReport, 'stopped'>;
  readonly history: readonly DifferenceHistory[];
  /** When it is to be found anew, in milliseconds since 1970. */
  readonly until: number;
}

/** What experiments have come to, for those who look again and again: all their records are read only now and then. */
export class Findings {
  readonly #records: Records;
  readonly #clock: Clock;
  readonly #found = new Map<string, Promise<Found>>();

  constructor(records: Records, clock: Clock) {
    this.#records = records;
    this.#clock = clock;
  }

  /** The report as of lately; whether the experiment is stopped, as of now. */
  async report(experiment: ExperimentFacts): Promise<ExperimentReport> {
    const { report } = await this.#lately(experiment);
    const last = (await switchesOf(this.#records, experiment.key)).at(-1);
    return { ...report, ...(last?.stopped === true && { stopped: last }) };
  }

  async history(experiment: ExperimentFacts): Promise<readonly DifferenceHistory[]> {
    return (await this.#lately(experiment)).history;
  }

  async #lately(experiment: ExperimentFacts): Promise<Found> {
    const { key } = experiment;
    // Whoever asks while it is being found waits for the same.
    const known = this.#found.get(key);
    const found = await known?.catch(() => undefined);
    if (found !== undefined && this.#clock.now() < found.until) return found;
    // Another one who waited may have begun already.
    const begun = this.#found.get(key);
    if (begun !== undefined && begun !== known) return begun;
    const next = this.#find(experiment);
    this.#found.set(key, next);
    return next;
  }

  async #find(experiment: ExperimentFacts): Promise<Found> {
    const began = this.#clock.now();
    const recorded = await recordsOf(this.#records, experiment.key);
    const report = reportFrom(experiment, recorded);
    const history = historyOf(experiment, recorded.chats);
    const now = this.#clock.now();
    return { report, history, until: now + Math.max(goodFor, (now - began) / mostOfTime) };
  }
}
