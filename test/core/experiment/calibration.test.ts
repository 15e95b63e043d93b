import { describe, expect, it } from 'vitest';
import { type ArmValues, valuesOf } from '../../../core/experiment/arm-values.ts';
import { compare, estimate, type Test } from '../../../core/experiment/comparison.ts';
import type { ChatRecord } from '../../../core/experiment/records.ts';
import type { MetricKind } from '../../../core/model/experiment.ts';
import {
  changeOfProportion,
  smallestDifference,
  unitsForFixed,
  unitsForSequential,
} from '../../../core/statistics/power.ts';
import { sampleRatio } from '../../../core/statistics/sample-ratio.ts';
import { normal, seeded } from './random.ts';

const days = 14;
const perDay = 50;
const planned = 2 * days * perDay;
/** Milliseconds that a simulation may take on a busy machine. */
const patience = 180_000;

/** The figures are worth reading also where they are as they should be. */
function tell(line: string): void {
  process.stdout.write(`${line}\n`);
}

type Chats = (random: () => number) => readonly ChatRecord['measures'][];

/** What one unit of an arm comes to; skewed where it is in life. */
const worlds: readonly { readonly kind: MetricKind; readonly truth: number; readonly chats: Chats }[] = [
  { kind: 'proportion', truth: 0.12, chats: (random) => [{ value: Number(random() < 0.12) }] },
  {
    kind: 'mean',
    truth: 2,
    chats: (random) => [{ value: Math.floor(-3 * Math.log(1 - random())) + 0.0001 }],
  },
  { kind: 'duration', truth: 20_000, chats: (random) => [{ value: 20_000 * Math.exp(normal(random)) }] },
  {
    kind: 'ratio',
    truth: 0.25,
    chats: (random) =>
      Array.from({ length: 1 + Math.floor(3 * random() ** 2) }, () => ({ value: Number(random() < 0.25) })),
  },
];

/** The same worlds with an effect, and how large it is: of a duration a factor of 1.5. */
const changed: Readonly<Record<MetricKind, Chats>> = {
  proportion: (random) => [{ value: Number(random() < 0.18) }],
  mean: (random) => [{ value: Math.floor(-3 * Math.log(1 - random())) + 0.5001 }],
  duration: (random) => [{ value: 30_000 * Math.exp(normal(random)) }],
  ratio: (random) =>
    Array.from({ length: 1 + Math.floor(3 * random() ** 2) }, () => ({ value: Number(random() < 0.31) })),
};
const differenceOf = { proportion: 0.06, mean: 0.5, ratio: 0.06 };

const metricOf = (kind: MetricKind) => ({ name: 'value', kind, measure: 'value', per: 'chats' });

/** Units as they come, and what is known of them after each day. */
function unfold(kind: MetricKind, chats: Chats, random: () => number): readonly ArmValues[] {
  const records: ChatRecord[] = [];
  return Array.from({ length: days }, (_, day) => {
    records.push(...dayOf(day, chats, random));
    return valuesOf(metricOf(kind), records);
  });
}

/** What is known at the end only. */
function endOf(kind: MetricKind, chats: Chats, random: () => number): ArmValues {
  const all = Array.from({ length: days }, (_, day) => dayOf(day, chats, random));
  return valuesOf(metricOf(kind), all.flat());
}

function dayOf(day: number, chats: Chats, random: () => number): readonly ChatRecord[] {
  return Array.from({ length: perDay }, (_, nth) =>
    chats(random).map((measures, at) => recordOf(`${day}-${nth}`, measures, at === 0)),
  ).flat();
}

function recordOf(unit: string, measures: ChatRecord['measures'], isFirst = true): ChatRecord {
  return { unit, arm: 'any', reason: 'split', at: 0, agent: 'ada', interactionId: unit, isFirst, measures };
}

const none = (kind: MetricKind): number => (kind === 'duration' ? 1 : 0);

describe('A/A: two arms that are the same, looked at every day', { timeout: patience }, () => {
  const experiments = 2_000;
  const sequential: Test = { kind: 'sequential', alpha: 0.05, planned };
  const naive: Test = { kind: 'fixed', alpha: 0.05, planned: 0 };

  it.each(worlds)('$kind: false alarms stay at the level; naive peeking does not', ({ kind, chats }) => {
    const alarms = { sequential: 0, atTheEnd: 0, peeking: 0 };
    for (let seed = 0; seed < experiments; seed += 1) {
      const random = seeded(seed);
      const [control, arm] = [unfold(kind, chats, random), unfold(kind, chats, random)];
      const excludes = (test: Test, day: number): boolean => {
        const found = compare(kind, control[day] as ArmValues, arm[day] as ArmValues, test);
        return found !== undefined && (found.low > none(kind) || found.high < none(kind));
      };
      const looks = Array.from({ length: days }, (_, day) => day);
      if (looks.some((day) => excludes(sequential, day))) alarms.sequential += 1;
      if (looks.some((day) => excludes(naive, day))) alarms.peeking += 1;
      if (excludes(naive, days - 1)) alarms.atTheEnd += 1;
    }
    tell(`A/A ${kind}, ${experiments} experiments of ${days} looks: ${JSON.stringify(alarms)}`);
    expect(alarms.sequential / experiments).toBeLessThanOrEqual(0.05);
    expect(Math.abs(alarms.atTheEnd / experiments - 0.05)).toBeLessThan(0.015);
    expect(alarms.peeking / experiments).toBeGreaterThan(0.15);
  });

  it.each(worlds)(
    '$kind: an arm’s interval holds its truth as often as it says',
    ({ kind, chats, truth }) => {
      let held = 0;
      for (let seed = 0; seed < experiments; seed += 1) {
        const values = endOf(kind, chats, seeded(seed));
        const { low, high } = estimate(kind, values, 0.95);
        const is = kind === 'mean' ? meanOfFloors : truth;
        if (low <= is && is <= high) held += 1;
      }
      tell(`coverage of the 95 % interval, ${kind}: ${((100 * held) / experiments).toFixed(1)} %`);
      expect(Math.abs(held / experiments - 0.95)).toBeLessThan(0.015);
    },
  );

  it.each(worlds)(
    '$kind: the interval of one look holds the true difference as often as it says',
    (world) => {
      const { kind } = world;
      const truth = kind === 'duration' ? 1.5 : differenceOf[kind];
      let held = 0;
      for (let seed = 0; seed < experiments; seed += 1) {
        const random = seeded(seed + 50_000);
        const control = endOf(kind, world.chats, random);
        const arm = endOf(kind, changed[kind], random);
        const found = compare(kind, control, arm, naive);
        if (found !== undefined && found.low <= truth && truth <= found.high) held += 1;
      }
      tell(
        `coverage of the 95 % interval of a difference, ${kind}: ${((100 * held) / experiments).toFixed(1)} %`,
      );
      expect(Math.abs(held / experiments - 0.95)).toBeLessThan(0.015);
    },
  );

  it.each(worlds)('$kind: the sequential interval holds the true difference at every look', (world) => {
    const { kind } = world;
    const truth = kind === 'duration' ? 1.5 : differenceOf[kind];
    let missed = 0;
    for (let seed = 0; seed < 500; seed += 1) {
      const random = seeded(seed + 10_000);
      const [control, arm] = [unfold(kind, world.chats, random), unfold(kind, changed[kind], random)];
      const isMissed = control.some((values, day) => {
        const found = compare(kind, values, arm[day] as ArmValues, sequential);
        return found !== undefined && (truth < found.low || found.high < truth);
      });
      if (isMissed) missed += 1;
    }
    tell(
      `sequential interval of a difference, ${kind}: ${missed} of 500 missed the truth at one of ${days} looks`,
    );
    expect(missed / 500).toBeLessThanOrEqual(0.05);
  });
});

/** The mean of the floor of an exponential value with mean 3. */
const meanOfFloors = 1 / (Math.exp(1 / 3) - 1) + 0.0001;

describe('power: what the plan says comes true', { timeout: patience }, () => {
  const [low, high] = [0.3, 0.36];
  const design = { alpha: 0.05, power: 0.8, share: 0.5 };
  const chats =
    (share: number): Chats =>
    (random) => [{ value: Number(random() < share) }];

  it.each(['fixed', 'sequential'] as const)('%s', (kind) => {
    const effect = changeOfProportion(low, high);
    const units = kind === 'fixed' ? unitsForFixed(effect, design) : unitsForSequential(effect, design, days);
    const perArm = Math.ceil(units / 2);
    const rounds = 1_000;
    let found = 0;
    for (let seed = 0; seed < rounds; seed += 1) {
      const random = seeded(seed);
      const arms = [chats(low), chats(high)].map((of) =>
        Array.from({ length: perArm }, (_, nth) => recordOf(`${nth}`, of(random)[0] ?? {})),
      );
      const looks =
        kind === 'fixed'
          ? [perArm]
          : Array.from({ length: days }, (_, day) => Math.round((perArm * (day + 1)) / days));
      const isFound = looks.some((n) => {
        const [control, arm] = arms.map((records) =>
          valuesOf(metricOf('proportion'), records.slice(0, n)),
        ) as [ArmValues, ArmValues];
        const difference = compare('proportion', control, arm, {
          kind,
          alpha: 0.05,
          planned: kind === 'fixed' ? 0 : 2 * perArm,
        });
        return difference !== undefined && (difference.low > 0 || difference.high < 0);
      });
      if (isFound) found += 1;
    }
    tell(`power, ${kind}: ${Math.round(units)} units, planned 80 %, found ${(100 * found) / rounds} %`);
    expect(Math.abs(found / rounds - 0.8)).toBeLessThan(0.04);
  });

  it('the smallest difference is that which needs so many units', () => {
    const units = unitsForSequential({ difference: 0.7, variances: [4, 4] }, design, days);
    expect(smallestDifference(units, 4, design, days)).toBeCloseTo(0.7, 9);
  });
});

describe('the split', { timeout: patience }, () => {
  const counts = (random: () => number, n: number, lost: number): readonly [number, number] => {
    let [control, arm] = [0, 0];
    for (let unit = 0; unit < n; unit += 1) {
      if (random() < 0.5) control += 1;
      else if (random() >= lost) arm += 1;
    }
    return [control, arm];
  };

  it('is found broken when an arm loses units on the way, and hardly ever when none does', () => {
    let [alarms, caught] = [0, 0];
    for (let seed = 0; seed < 300; seed += 1) {
      const random = seeded(seed);
      if (sampleRatio(counts(random, 20_000, 0), [1, 1]).anytimeP < 0.001) alarms += 1;
      if (sampleRatio(counts(random, 20_000, 0.1), [1, 1]).anytimeP < 0.001) caught += 1;
    }
    tell(`broken splits: ${caught} of 300 caught, ${alarms} false alarms in 300`);
    expect(alarms).toBeLessThanOrEqual(1);
    expect(caught).toBeGreaterThanOrEqual(297);
  });

  it('may be looked at after every unit', () => {
    let alarms = 0;
    for (let seed = 0; seed < 300; seed += 1) {
      const random = seeded(seed);
      const arms: [number, number] = [0, 0];
      let isBroken = false;
      for (let unit = 0; unit < 500; unit += 1) {
        arms[random() < 0.5 ? 0 : 1] += 1;
        isBroken ||= sampleRatio(arms, [1, 1]).anytimeP < 0.05;
      }
      if (isBroken) alarms += 1;
    }
    expect(alarms / 300).toBeLessThanOrEqual(0.05);
  });
});
