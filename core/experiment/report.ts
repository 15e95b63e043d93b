import type { ExperimentFacts } from '../bot/experiment/arm-tag.ts';
import type { MetricKind } from '../bot/experiment/metric.ts';
import { holdoutArm } from '../model/experiment.ts';
import type { Difference, Estimate } from '../statistics/sample.ts';
import { type SampleRatio, sampleRatio } from '../statistics/sample-ratio.ts';
import { type ArmValues, armValues, valuesOf } from './arm-values.ts';
import { estimate } from './comparison.ts';
import { contrast } from './contrast.ts';
import { guardDifference, isBreached } from './guards.ts';
import {
  type ChatRecord,
  type ExperimentRecords,
  type Exposed,
  ofFirstUnits,
  type Records,
  recordsOf,
} from './records.ts';
import { type Switch, switchesOf } from './switches.ts';

/** A split that is this unlikely is broken. */
const brokenBelow = 0.001;

interface ArmReport {
  readonly arm: string;
  /** The share of units that it was to get. */
  readonly share: number;
  /** Units, and their chats, in which the arm came to matter. */
  readonly units: number;
  readonly chats: number;
  /** Chats that are over: what is measured is measured on these. */
  readonly ended: number;
}

interface ArmFigure extends Estimate {
  readonly arm: string;
  readonly n: number;
}

interface ArmDifference extends Difference {
  readonly arm: string;
  /**
   * `p` times the number of comparisons (Bonferroni). The interval is wide enough for as many, so that the chance of even
   * one false alarm among all metrics and arms stays at `alpha`, and both say the same.
   */
  readonly correctedP: number;
  readonly verdict: 'higher' | 'lower' | 'undecided';
}

export interface MetricReport {
  readonly name: string;
  readonly kind: MetricKind;
  readonly isPrimary: boolean;
  /** Of each arm by itself, those who got no experiment last; intervals of one look, at the level of `alpha`. */
  readonly arms: readonly ArmFigure[];
  /** Beside the control. An arm is missing as long as it is too early to say. */
  readonly differences: readonly ArmDifference[];
}

export interface GuardReport {
  readonly name: string;
  readonly arm: string;
  readonly worse: 'higher' | 'lower';
  readonly margin?: number;
  /** `undefined`: too early to say. */
  readonly difference: Difference | undefined;
  readonly breached: boolean;
}

/** What an experiment has come to. Plain data. */
export interface ExperimentReport {
  readonly experiment: string;
  readonly control: string;
  readonly stopped?: Switch;
  readonly test: 'sequential' | 'fixed';
  /** Units that were planned for, and that there are. */
  readonly planned: number;
  readonly units: number;
  readonly alpha: number;
  readonly arms: readonly ArmReport[];
  /** Those who got no experiment. */
  readonly holdout?: ArmReport;
  /** Absent where a bandit, or somebody else, decides. */
  readonly sampleRatio?: SampleRatio & { readonly broken: boolean };
  readonly metrics: readonly MetricReport[];
  readonly guards: readonly GuardReport[];
}

/** Reads the records of an experiment and makes what they say of them. */
export async function reportOf(
  experiment: ExperimentFacts,
  records: Pick<Records, 'kept'>,
): Promise<ExperimentReport> {
  const { key, control, plan, arms, shares, holdout, guards, bandit } = experiment;
  const read = await recordsOf(records, key);
  const { exposed, chats } = read;
  const last = (await switchesOf(records, key)).at(-1);
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
    ...(last?.stopped === true && { stopped: last }),
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
  const comparisons = metrics.length * (arms.length - 1);
  const test = { kind: plan.test, alpha: plan.alpha / comparisons };
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
        const difference = contrast(experiment, metric, arm, chats, test);
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
