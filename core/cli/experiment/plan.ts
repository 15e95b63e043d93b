import { UsherError } from '../../errors.ts';
import type { MetricKind } from '../../model/experiment.ts';
import { difference, percent, whole } from '../../model/experiment-figures.ts';
import {
  changeOfProportion,
  type Design,
  type Effect,
  smallestDifference,
  unitsForFixed,
  unitsForSequential,
} from '../../statistics/power.ts';
import { dim } from '../show/colours.ts';

export interface PlanFlags {
  readonly kind: MetricKind;
  readonly baseline?: number;
  readonly effect?: number;
  readonly sd?: number;
  readonly units?: number;
  readonly perDay?: number;
  readonly alpha: number;
  readonly power: number;
  readonly looks: number;
  readonly arms: number;
  readonly metrics: number;
  readonly json: boolean;
}

/** `usher experiment plan`: how many units an effect needs, or which effect so many units find. */
export function plan(flags: PlanFlags): void {
  const { kind, units, perDay, alpha, power, looks, arms, metrics } = flags;
  check(flags);
  // Each metric of each arm beside the control is a comparison; they share the chance of a false alarm.
  const design: Design = { alpha: alpha / (arms - 1) / metrics, power, share: 0.5 };
  const perPair = 2 / arms;
  const variance = varianceOf(flags);
  if (units !== undefined) {
    const smallest = (at?: number): number => {
      const found = smallestDifference(units * perPair, variance, design, at);
      return kind === 'duration' ? Math.exp(found) : found;
    };
    const found = { fixed: smallest(), sequential: smallest(looks) };
    const line = (name: string, value: number): string =>
      `${name}  ${difference(kind, value)} or more, with a chance of ${percent(power)}`;
    return print(flags, { units, ...found }, [
      `${whole(units)} units in ${arms} arms find a difference of`,
      line('once, at the end:   ', found.fixed),
      line(`at any of ${looks} looks:`.padEnd(20), found.sequential),
    ]);
  }
  const effect = effectOf(flags, variance);
  const needed = {
    fixed: Math.ceil(unitsForFixed(effect, design) / perPair),
    sequential: Math.ceil(unitsForSequential(effect, design, looks) / perPair),
  };
  const line = (name: string, value: number): string => {
    const days = perDay === undefined ? '' : `, ${whole(Math.ceil(value / perDay))} days`;
    return `${name}  ${whole(value)} units in all ${arms} arms${days}`;
  };
  print(flags, needed, [
    `to find a difference of ${difference(kind, flags.effect ?? 0)} with a chance of ${percent(power)}, at ${percent(alpha)} false alarms`,
    line('once, at the end:   ', needed.fixed),
    line(`at any of ${looks} looks:`.padEnd(20), needed.sequential),
    dim(
      `Give the experiment the number before it starts, as \`plan: { units: ${needed.sequential} }\`; it must not follow the figures.`,
    ),
  ]);
}

/** @throws UsherError USHER_USAGE for what makes no sense by itself. */
function check({
  kind,
  baseline,
  effect,
  units,
  perDay,
  alpha,
  power,
  looks,
  arms,
  metrics,
}: PlanFlags): void {
  for (const [name, value] of Object.entries({ alpha, power }))
    if (!(value > 0 && value < 1)) throw usage(`--${name} must be between 0 and 1`);
  if (arms < 2) throw usage('--arms must be 2 at least');
  if (metrics < 1) throw usage('--metrics must be 1 at least');
  if (looks < 1 || looks > 365) throw usage('--looks must be from 1 to 365');
  if (perDay !== undefined && perDay < 1) throw usage('--per-day must be 1 at least');
  if (units !== undefined && effect !== undefined) throw usage('--effect and --units: give one of them');
  if (units !== undefined && units < 2 * arms) throw usage(`--units must be ${2 * arms} at least`);
  if (kind !== 'proportion' && baseline !== undefined) throw usage('--baseline belongs to a proportion');
}

function print({ json }: PlanFlags, plain: object, lines: readonly string[]): void {
  process.stdout.write(json ? `${JSON.stringify(plain)}\n` : `${lines.join('\n')}\n`);
}

function effectOf({ kind, baseline = 0, effect }: PlanFlags, variance: number): Effect {
  if (effect === undefined) throw usage('needs --effect, or --units to learn which effect they find');
  if (kind === 'proportion') {
    const arm = baseline + effect;
    if (effect === 0 || arm <= 0 || arm >= 1)
      throw usage(`--effect leads from ${baseline} to ${arm}, which is no other proportion`);
    return changeOfProportion(baseline, arm);
  }
  if (kind === 'duration' && (effect <= 0 || effect === 1))
    throw usage('--effect of a duration is a factor, such as 0.9');
  if (effect === 0) throw usage(`--effect of a ${kind} must not be 0`);
  return { difference: kind === 'duration' ? Math.log(effect) : effect, variances: [variance, variance] };
}

function varianceOf({ kind, baseline, sd }: PlanFlags): number {
  if (kind === 'proportion') {
    if (baseline === undefined) throw usage('needs --baseline, the share in the control, such as 0.3');
    if (baseline <= 0 || baseline >= 1)
      throw usage(`--baseline is ${baseline}: it must be between 0 and 1, such as 0.3`);
    return baseline * (1 - baseline);
  }
  if (sd === undefined || sd <= 0) {
    throw usage(`needs --sd, the standard deviation${deviationOf[kind]}`);
  }
  return sd ** 2;
}

const deviationOf = {
  proportion: '',
  mean: '',
  duration: ' of the logarithms (1 for times as they are in chats)',
  ratio: ' of what a unit has above the line less the ratio times what it has below, over the mean below',
} as const satisfies Record<MetricKind, string>;

function usage(what: string): UsherError {
  return new UsherError('USHER_USAGE', what);
}
