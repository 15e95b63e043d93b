import type { ExperimentFacts } from '../bot/experiment/arm-tag.ts';
import type { Metric } from '../bot/experiment/metric.ts';
import type { Difference } from '../model/estimate.ts';
import { armValues } from './arm-values.ts';
import { compare, type Test } from './comparison.ts';
import type { ChatRecord } from './records.ts';

/** How an arm of an experiment differs from its control by a metric; `undefined`: it is too early to say. */
export function contrast(
  experiment: ExperimentFacts,
  metric: Metric,
  arm: string,
  chats: readonly ChatRecord[],
  test: Pick<Test, 'kind' | 'alpha'>,
): Difference | undefined {
  return compare(
    metric.kind,
    armValues(experiment, metric, experiment.control, chats),
    armValues(experiment, metric, arm, chats),
    { ...test, planned: plannedFor(experiment, arm) },
  );
}

/** How many comparisons the report makes: each metric of each arm beside the control. */
export function comparisonsIn({ metrics, arms }: ExperimentFacts): number {
  return metrics.length * (arms.length - 1);
}

/** How the report compares an arm: each interval by itself is so much wider that all hold at once. */
export function testOf(experiment: ExperimentFacts, arm: string): Test {
  const { test: kind, alpha } = experiment.plan;
  return { kind, alpha: alpha / comparisonsIn(experiment), planned: plannedFor(experiment, arm) };
}

/** A bandit's arms are told by all units, the others by their own. */
function plannedFor({ plan, arms, shares, bandit }: ExperimentFacts, arm: string): number {
  const share = (shares[0] ?? 0) + (shares[arms.indexOf(arm)] ?? 0);
  return plan.units * (bandit === undefined ? share : 1);
}
