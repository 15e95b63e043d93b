import type { ExperimentFacts } from '../bot/experiment/arm-tag.ts';
import type { Metric } from '../bot/experiment/metric.ts';
import type { Difference } from '../statistics/sample.ts';
import { armValues } from './arm-values.ts';
import { compare, type Test } from './comparison.ts';
import type { ChatRecord } from './records.ts';

/** How an arm of an experiment differs from its control by a metric; `undefined`: it is too early to say. */
export function contrast(
  experiment: ExperimentFacts,
  metric: Metric,
  arm: string,
  chats: readonly ChatRecord[],
  { kind, alpha }: Pick<Test, 'kind' | 'alpha'>,
): Difference | undefined {
  const { plan, arms, shares, control, bandit } = experiment;
  // A bandit's arms are told by all units, the others by their own.
  const share = bandit === undefined ? (shares[0] ?? 0) + (shares[arms.indexOf(arm)] ?? 0) : 1;
  return compare(
    metric.kind,
    armValues(experiment, metric, control, chats),
    armValues(experiment, metric, arm, chats),
    { kind, alpha, planned: plan.units * share },
  );
}
