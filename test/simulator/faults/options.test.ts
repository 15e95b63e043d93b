import {
  type FaultDescription,
  faultCatalogue,
  faultIssues,
  faultKinds,
  startSimulator,
} from 'usher-bots/simulator';
import { describe, expect, it } from 'vitest';

describe('the options of faults', () => {
  it('may be rates, or rates with tunables', () => {
    const every = Object.fromEntries(faultKinds.map((kind) => [kind, 0.5]));
    const tuned = Object.entries(faultCatalogue).map(([kind, description]) => {
      const { tunables = {} }: FaultDescription = description;
      return [kind, { rate: 0, ...tunables }];
    });
    expect(faultIssues({})).toEqual([]);
    expect(faultIssues({ ...every, seed: 3, scope: ['session'] })).toEqual([]);
    expect(faultIssues(Object.fromEntries(tuned))).toEqual([]);
  });

  it.each([
    [7, 'faults must be an object'],
    [{ dorp: 0.1 }, /^dorp is not a kind of fault; the kinds are drop, duplicate, /],
    [{ drop: 2 }, 'drop must be a number from 0 to 1, is 2'],
    [{ drop: '0.1' }, 'drop must be a number from 0 to 1, is "0.1"'],
    [{ delay: { ms: [1, 2] } }, 'delay.rate is missing'],
    [{ drop: { rate: 1, ms: [1, 2] } }, 'drop.ms is not known; drop has rate'],
    [{ delay: { rate: -1 } }, 'delay.rate must be a number from 0 to 1, is -1'],
    [{ delay: { rate: 1, ms: 5 } }, 'delay.ms must be [lowest, highest] in whole numbers, is 5'],
    [{ delay: { rate: 1, ms: [5, 1] } }, 'delay.ms must be [lowest, highest] in whole numbers, is [5,1]'],
    [{ hang: { rate: 1, effect: 3 } }, 'hang.effect must be a number from 0 to 1, is 3'],
    [{ seed: 1.5 }, 'seed must be a whole number, is 1.5'],
    [{ scope: 'all' }, /^scope must be a list of operations, /],
    [{ scope: ['all'] }, /^scope\[0\] must be one of operations, .*, is "all"$/],
  ])('%j is told to be wrong', (options, issue) => {
    expect(faultIssues(options)).toEqual([typeof issue === 'string' ? issue : expect.stringMatching(issue)]);
  });

  it('stop the simulator from starting when they are wrong', async () => {
    await expect(startSimulator({ faults: { drop: 3 } })).rejects.toThrow(
      'faults: drop must be a number from 0 to 1, is 3',
    );
  });
});
