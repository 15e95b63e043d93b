import type { ExperimentFacts } from '../bot/experiment/arm-tag.ts';
import type { Count } from '../statistics/proportions.ts';
import { chancesOfBest, withFloor } from '../statistics/thompson.ts';
import { isSuccess } from './metric-values.ts';
import type { ChatRecord } from './records.ts';

/** How many units of each arm reached the goal, as far as the records tell. */
function countsOf({ arms, goal }: ExperimentFacts, chats: readonly ChatRecord[]): readonly Count[] {
  const metric = goal;
  if (metric === undefined) return arms.map(() => ({ n: 0, successes: 0 }));
  return arms.map((arm) => {
    const own = chats.filter((chat) => chat.isFirst && chat.arm === arm);
    return { n: own.length, successes: own.filter(({ measures }) => isSuccess(metric, measures)).length };
  });
}

/** The chances with which the arms are drawn next. */
export function banditChances(experiment: ExperimentFacts, chats: readonly ChatRecord[]): readonly number[] {
  return withFloor(chancesOfBest(countsOf(experiment, chats)), experiment.bandit?.floor ?? 0);
}
