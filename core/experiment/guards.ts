import type { ExperimentFacts } from '../bot/experiment/arm-tag.ts';
import type { Guard } from '../bot/experiment/metric.ts';
import type { Difference } from '../model/estimate.ts';
import { contrast } from './contrast.ts';
import type { ChatRecord } from './records.ts';

/** Whether the difference is worse than the guard bears, for sure. */
export function isBreached({ metric, worse, margin }: Guard, { low, high }: Difference): boolean {
  if (metric.kind !== 'duration') return worse === 'higher' ? low > (margin ?? 0) : high < -(margin ?? 0);
  return worse === 'higher' ? low > (margin ?? 1) : high < 1 / (margin ?? 1);
}

/** How an arm stands by a guard: always valid, as it is looked at all the time. A guard has a level of its own. */
export function guardDifference(
  { metric }: Guard,
  experiment: ExperimentFacts,
  arm: string,
  chats: readonly ChatRecord[],
): Difference | undefined {
  // It looks to one side only.
  const alpha = 2 * experiment.plan.alpha;
  return contrast(experiment, metric, arm, chats, { kind: 'sequential', alpha });
}

/** Why the experiment is to be stopped, a sentence for each guard and arm; empty: it need not be. */
export function breachedGuards(experiment: ExperimentFacts, chats: readonly ChatRecord[]): readonly string[] {
  const { guards, arms, control } = experiment;
  return guards.flatMap((guard) =>
    arms.flatMap((arm) => {
      if (arm === control) return [];
      const difference = guardDifference(guard, experiment, arm, chats);
      const isWorse = difference !== undefined && isBreached(guard, difference);
      return isWorse ? [`guard: ${guard.metric.name} is ${guard.worse} in arm ${arm}`] : [];
    }),
  );
}
