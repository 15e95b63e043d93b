import type { ExperimentFacts } from '../bot/experiment/arm-tag.ts';
import type { Difference } from '../model/estimate.ts';
import { holdoutArm, type MetricKind } from '../model/experiment.ts';
import type {
  ArmDifference,
  ArmFigure,
  ArmReport,
  ExperimentReport,
  GuardReport,
  MetricReport,
} from '../model/experiment-report.ts';
import { sampleRatio } from '../statistics/sample-ratio.ts';
import { type ArmValues, armValues, valuesOf } from './arm-values.ts';
import { estimate } from './comparison.ts';
import { comparisonsIn, contrast, testOf } from './contrast.ts';
import { guardDifference, isBreached } from './guards.ts';
import {
  type ChatRecord,
  type ExperimentRecords,
  type Exposed,
  ofFirstUnits,
  type Records,
  recordsOf,
} from './records.ts';
import { switchesOf } from './switches.ts';

/** A split that is this unlikely is broken. */
const brokenBelow = 0.001;

/** Reads the records of an experiment and makes what they say of them. */
export async function reportOf(
  experiment: ExperimentFacts,
  records: Pick<Records, 'kept'>,
): Promise<ExperimentReport> {
  const last = (await switchesOf(records, experiment.key)).at(-1);
  const read = await recordsOf(records, experiment.key);
  return { ...reportFrom(experiment, read), ...(last?.stopped === true && { stopped: last }) };
}

/** What the records of an experiment say of it, but for whether it is stopped. */
export function reportFrom(
  experiment: ExperimentFacts,
  read: ExperimentRecords,
): Omit<ExperimentReport, 'stopped'> {
  const { key, control, enabled, plan, arms, shares, holdout, guards, bandit } = experiment;
  const { exposed, chats } = read;
  const table = arms.map((arm, at) => armReport(arm, shares[at] ?? 0, exposed, chats));
  const isSplit = bandit === undefined && exposed.every(({ reason }) => reason !== 'provider');
  const ratio = sampleRatio(
    table.map(({ units }) => units),
    shares,
  );
  const treatments = arms.filter((arm) => arm !== control);
  return {
    experiment: key,
    control,
    enabled,
    test: plan.test,
    planned: plan.units,
    units: table.reduce((sum, { units }) => sum + units, 0),
    alpha: plan.alpha,
    arms: table,
    ...(holdout > 0 && { holdout: armReport(holdoutArm, holdout, exposed, chats) }),
    ...(isSplit && { sampleRatio: { ...ratio, broken: ratio.anytimeP < brokenBelow } }),
    metrics: metricReports(experiment, read),
    guards: guards.flatMap((guard) =>
      treatments.map((arm): GuardReport => {
        const difference = guardDifference(guard, experiment, arm, chats);
        const { metric, worse, margin } = guard;
        return {
          name: metric.name,
          kind: metric.kind,
          arm,
          worse,
          ...(margin !== undefined && { margin }),
          difference,
          breached: difference !== undefined && isBreached(guard, difference),
        };
      }),
    ),
  };
}

function armReport(
  arm: string,
  share: number,
  exposed: readonly Exposed[],
  chats: readonly ChatRecord[],
): ArmReport {
  const own = exposed.filter((one) => one.arm === arm);
  return {
    arm,
    share,
    units: unitsOf(own, () => true),
    chats: own.length,
    ended: chats.filter((chat) => chat.arm === arm).length,
  };
}

function metricReports(experiment: ExperimentFacts, read: ExperimentRecords): readonly MetricReport[] {
  const { metrics, arms, control, plan, holdout } = experiment;
  const isFixed = plan.test === 'fixed';
  const isDue = !isFixed || unitsOf(read.exposed, (arm) => arm !== holdoutArm) >= plan.units;
  const chats = isFixed ? ofFirstUnits(read, plan.units) : read.chats;
  const comparisons = comparisonsIn(experiment);
  const held = read.chats.filter(({ arm }) => arm === holdoutArm);
  return metrics.map((metric, nth) => {
    const figure = (arm: string, values: ArmValues): ArmFigure => ({
      arm,
      n: values.sample.n,
      ...estimate(metric.kind, values, 1 - plan.alpha),
    });
    return {
      name: metric.name,
      kind: metric.kind,
      isPrimary: nth === 0,
      arms: [
        ...arms.map((arm) => figure(arm, armValues(experiment, metric, arm, chats))),
        ...(holdout > 0 ? [figure(holdoutArm, valuesOf(metric, held))] : []),
      ],
      differences: arms.flatMap((arm): readonly ArmDifference[] => {
        if (arm === control || !isDue) return [];
        const difference = contrast(experiment, metric, arm, chats, testOf(experiment, arm));
        if (difference === undefined) return [];
        const correctedP = Math.min(1, comparisons * difference.p);
        return [{ arm, ...difference, correctedP, verdict: verdictOf(metric.kind, difference) }];
      }),
    };
  });
}

function unitsOf(exposed: readonly Exposed[], isCounted: (arm: string) => boolean): number {
  return new Set(exposed.filter(({ arm }) => isCounted(arm)).map(({ unit }) => unit)).size;
}

function verdictOf(kind: MetricKind, { low, high }: Difference): ArmDifference['verdict'] {
  const none = kind === 'duration' ? 1 : 0;
  if (low > none) return 'higher';
  return high < none ? 'lower' : 'undecided';
}
