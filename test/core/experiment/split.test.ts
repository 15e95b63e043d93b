import { describe, expect, it } from 'vitest';
import { fraction } from '../../../core/experiment/hashing.ts';
import { split } from '../../../core/experiment/split.ts';
import { type ExperimentDefinition, experiment, UsherError } from '../../../core/index.ts';
import { chiSquareTail } from '../../../core/statistics/distributions.ts';

const of = (more: Partial<ExperimentDefinition<{ a: number; b: number; c: number }>> = {}) =>
  experiment({ key: 'tested', arms: { a: 1, b: 2, c: 3 }, ...more });

const armOf = (one: ReturnType<typeof of>, unit: number, now = 0): string =>
  split(one, `customer-${unit}`, now)?.arm ?? 'out';

function countsOf(one: ReturnType<typeof of>, units: number, now = 0): Record<string, number> {
  const counts: Record<string, number> = {};
  for (let unit = 0; unit < units; unit += 1) {
    const arm = armOf(one, unit, now);
    counts[arm] = (counts[arm] ?? 0) + 1;
  }
  return counts;
}

describe('the split', () => {
  it('gives a million units to the arms by their weights', () => {
    const counts = countsOf(of({ weights: { a: 5, b: 3, c: 2 } }), 1_000_000);
    const expected = { a: 500_000, b: 300_000, c: 200_000 };
    const chiSquare = Object.entries(expected).reduce(
      (sum, [arm, n]) => sum + ((counts[arm] ?? 0) - n) ** 2 / n,
      0,
    );
    process.stdout.write(
      `a million units, 5:3:2: ${JSON.stringify(counts)}, chi-square p ${chiSquareTail(chiSquare, 2).toFixed(3)}\n`,
    );
    expect(chiSquareTail(chiSquare, 2)).toBeGreaterThan(0.01);
    expect(counts['out']).toBeUndefined();
  });

  it('is the same for the same unit, and another with another salt', () => {
    expect(armOf(of(), 7)).toBe(armOf(of(), 7));
    const moved = Array.from(
      { length: 3_000 },
      (_, unit) => armOf(of(), unit) !== armOf(of({ salt: 'again' }), unit),
    );
    const share = moved.filter(Boolean).length / moved.length;
    expect(Math.abs(share - 2 / 3)).toBeLessThan(0.03);
  });

  it('of one experiment says nothing about that of another', () => {
    const [one, other] = [of(), of({ key: 'another' })];
    const table = new Map<string, number>();
    const n = 90_000;
    for (let unit = 0; unit < n; unit += 1) {
      const cell = `${armOf(one, unit)}${armOf(other, unit)}`;
      table.set(cell, (table.get(cell) ?? 0) + 1);
    }
    const chiSquare = [...table.values()].reduce((sum, count) => sum + (count - n / 9) ** 2 / (n / 9), 0);
    expect(table.size).toBe(9);
    expect(chiSquareTail(chiSquare, 8)).toBeGreaterThan(0.001);
  });

  it('of two experiments of a layer never has a unit in common, and takes what it was given', () => {
    const one = of({ layer: { name: 'greeting', from: 0, to: 0.3 } });
    const other = of({ key: 'another', layer: { name: 'greeting', from: 0.3, to: 1 } });
    let [both, first] = [0, 0];
    for (let unit = 0; unit < 50_000; unit += 1) {
      const [isIn, isToo] = [armOf(one, unit) !== 'out', armOf(other, unit) !== 'out'];
      if (isIn && isToo) both += 1;
      if (isIn) first += 1;
      expect(isIn || isToo).toBe(true);
    }
    expect(both).toBe(0);
    expect(Math.abs(first / 50_000 - 0.3)).toBeLessThan(0.01);
  });

  it('lets more in as the ramp goes on, and nobody out or into another arm', () => {
    const one = of({
      ramp: [
        { from: '2026-12-01', share: 0.1 },
        { from: '2026-12-08', share: 0.6 },
      ],
    });
    const [before, first, second] = ['2026-11-30', '2026-12-02', '2026-12-09'].map((day) =>
      Date.parse(day),
    ) as [number, number, number];
    for (let unit = 0; unit < 5_000; unit += 1) {
      expect(armOf(one, unit, before)).toBe('out');
      const early = armOf(one, unit, first);
      if (early !== 'out') expect(armOf(one, unit, second)).toBe(early);
    }
    expect(Math.abs((countsOf(one, 5_000, first)['out'] ?? 0) / 5_000 - 0.9)).toBeLessThan(0.02);
    expect(Math.abs((countsOf(one, 5_000, second)['out'] ?? 0) / 5_000 - 0.4)).toBeLessThan(0.03);
  });

  it('holds the same units out of all experiments', () => {
    const [one, other] = [of({ holdout: 0.1 }), of({ key: 'another', holdout: 0.1 })];
    for (let unit = 0; unit < 5_000; unit += 1) {
      expect(armOf(one, unit) === 'holdout').toBe(armOf(other, unit) === 'holdout');
    }
    expect(Math.abs((countsOf(one, 20_000)['holdout'] ?? 0) / 20_000 - 0.1)).toBeLessThan(0.01);
  });

  it('spreads evenly from 0 to 1', () => {
    const tenths = new Array<number>(10).fill(0);
    for (let n = 0; n < 100_000; n += 1) {
      const tenth = Math.floor(fraction('salt', String(n)) * 10);
      tenths[tenth] = (tenths[tenth] ?? 0) + 1;
    }
    const chiSquare = tenths.reduce((sum, count) => sum + (count - 10_000) ** 2 / 10_000, 0);
    expect(chiSquareTail(chiSquare, 9)).toBeGreaterThan(0.001);
  });
});

describe('an experiment that is written wrongly', () => {
  it.each([
    [{ key: 'Warm Greeting' }, 'key: must be kebab-case, such as warm-greeting'],
    [{ arms: { a: 1 } }, 'arms: needs two arms at least'],
    [{ weights: { d: 1 } }, 'weights.d: is no arm; there are a, b, c'],
    [{ weights: { a: 0 } }, 'weights.a: must be above 0'],
    [{ holdout: 2 }, 'holdout: must be from 0 to 1'],
    [{ layer: { name: 'x', from: 0.5, to: 0.2 } }, 'layer: `from` must be below `to`'],
    [{ ramp: [{ from: 'tomorrow', share: 1 }] }, 'ramp.0.from: must be a date, such as 2026-12-01'],
    [
      {
        ramp: [
          { from: '2026-12-01', share: 0.5 },
          { from: '2026-12-02', share: 0.2 },
        ],
      },
      'ramp: must go on in time and never down: who is in stays in',
    ],
    [{ metrics: ['answerd'] }, 'metrics.0: "answerd" is no metric; there are greeted, engaged, answered'],
    [{ metrics: [{ name: 'sales' }] }, 'metrics.0: needs one of `note`, `disposition` and `of`'],
    [{ metrics: ['answered', 'answered'] }, 'metrics: names answered twice'],
    [{ bandit: { metric: 'turns' } }, 'bandit.metric: must be one of the metrics, and a proportion'],
    [{ plan: { units: 10 } }, 'plan.units: must be 60 at least'],
    [{ unit: 'ContactId' }, 'unit: must be a function of the interaction that returns a text'],
  ])('%j', (wrong, fault) => {
    const make = () => of(wrong as never);
    expect(make).toThrow(UsherError);
    expect(make).toThrow(fault);
  });
});
