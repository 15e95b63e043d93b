import type { ExperimentFacts } from '../bot/experiment/arm-tag.ts';
import type { Metric } from '../bot/experiment/metric.ts';
import type { DifferenceHistory, DifferenceLook } from '../model/experiment-report.ts';
import { type Observations, observationsOf } from './arm-values.ts';
import { compare } from './comparison.ts';
import { testOf } from './contrast.ts';
import type { ChatRecord } from './records.ts';

/** Moments between the first chat and the last at which one looks. */
const mostLooks = 30;

/**
 * How each difference stood after the first chats, after some more, and so on to all of them: what the report would have
 * said. Always valid intervals hold at all these moments at once, so they may be looked at together. None where the test
 * has a fixed end: what stands before it says nothing.
 *
 * @param chats In the order in which their arms came to matter.
 */
export function historyOf(
  experiment: ExperimentFacts,
  chats: readonly ChatRecord[],
): readonly DifferenceHistory[] {
  if (experiment.plan.test === 'fixed') return [];
  const { metrics, arms, control } = experiment;
  const growths = metrics.map((metric) => new Growth(experiment, metric));
  const histories = metrics.flatMap(({ name }, nth) =>
    arms
      .filter((arm) => arm !== control)
      .map((arm) => ({ metric: name, arm, growth: growths[nth] as Growth, looks: [] as DifferenceLook[] })),
  );
  const moments = Math.min(mostLooks, chats.length);
  for (let moment = 1, from = 0; moment <= moments; moment += 1) {
    const to = Math.round((moment * chats.length) / moments);
    for (const chat of chats.slice(from, to)) for (const growth of growths) growth.add(chat);
    from = to;
    const at = chats[to - 1]?.at ?? 0;
    for (const { arm, growth, looks } of histories) {
      const look = growth.lookAt(arm, at);
      if (look !== undefined) looks.push(look);
    }
  }
  return histories.map(({ metric, arm, looks }) => ({ metric, arm, looks }));
}

/** What the arms come to by one metric, as the chats are told. */
class Growth {
  readonly #experiment: ExperimentFacts;
  readonly #metric: Metric;
  readonly #arms: ReadonlyMap<string, Observations>;

  constructor(experiment: ExperimentFacts, metric: Metric) {
    this.#experiment = experiment;
    this.#metric = metric;
    this.#arms = new Map(experiment.arms.map((arm) => [arm, observationsOf(experiment, metric, arm)]));
  }

  add(chat: ChatRecord): void {
    for (const observations of this.#arms.values()) observations.add(chat);
  }

  lookAt(arm: string, at: number): DifferenceLook | undefined {
    const { control } = this.#experiment;
    const before = this.#arms.get(control)?.values();
    const beside = this.#arms.get(arm)?.values();
    if (before === undefined || beside === undefined) return undefined;
    const found = compare(this.#metric.kind, before, beside, testOf(this.#experiment, arm));
    if (found === undefined) return undefined;
    const { value, low, high } = found;
    return { at, units: before.sample.n + beside.sample.n, value, low, high };
  }
}
