import { describe, expect, it } from 'vitest';
import { again, playAll } from './faults.ts';
import { scenarioOf } from './scenario.ts';

/** A few of the scenarios that `npm run faults` plays by the hundred. */
const runs = 24;

describe('under faults every customer is greeted once, answered in order, and nobody is lost', () => {
  it.each(['gws-8.5.0', 'gws-8.5.2'])('%s', { timeout: 300_000 }, async (dialect) => {
    const verdicts = await playAll({ dialect, first: 1, runs, processes: 3 });
    const failed = verdicts.filter(({ failures }) => failures.length > 0);
    expect(
      failed.map(({ seed, failures }) => `${failures.join('; ')}\n  again: ${again(dialect, seed)}`),
    ).toEqual([]);
    expect(verdicts.map(({ seed }) => seed)).toEqual(Array.from({ length: runs }, (_, at) => at + 1));
  });
});

describe('a scenario', () => {
  it('follows from its seed alone', () => {
    expect(scenarioOf(7, 'gws-8.5.2')).toEqual(scenarioOf(7, 'gws-8.5.2'));
    expect(scenarioOf(7, 'gws-8.5.2')).not.toEqual(scenarioOf(8, 'gws-8.5.2'));
  });
});
