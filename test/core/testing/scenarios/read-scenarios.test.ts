import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { readScenarios } from '../../../../core/testing/scenarios/read-scenarios.ts';
import { scenarioJsonSchema } from '../../../../core/testing/scenarios/scenario.ts';

const read = (source: string) => readScenarios('x.yaml', source);

/** What is said of a file that cannot be used. */
function faults(source: string): string {
  try {
    read(source);
  } catch (thrown) {
    return thrown instanceof Error ? thrown.message : String(thrown);
  }
  return 'none';
}

describe('a scenario file', () => {
  it('holds scenarios, each step with its line', () => {
    const [one, two] = read(`
name: one
steps:
  - invite
  - customer: Hello   # a line to say

  - wait: 1.5s
---
name: two
customer: { name: Jonas, userData: { FirstName: Jonas, Age: 41 } }
steps: [invite]
`);
    expect(one).toMatchObject({
      lines: [4, 5, 7],
      scenario: { name: 'one', customer: { name: 'Mia', userData: {} }, problems: [] },
    });
    expect(one?.scenario.steps).toEqual(['invite', { customer: 'Hello' }, { wait: 1_500 }]);
    expect(two).toMatchObject({ lines: [11], scenario: { customer: { userData: { Age: 41 } } } });
  });

  it.each([
    ['no scenario', '', 'x.yaml: holds no scenario'],
    [
      'a missing name',
      'steps: [invite]',
      'x.yaml:1: name: Invalid input: expected string, received undefined',
    ],
    ['no steps', 'name: a\nsteps: []', 'x.yaml:2: steps: Too small: expected array to have >=1 items'],
    ['an unknown field', 'name: a\nstep: [invite]\nsteps: [invite]', 'x.yaml:1: step is not known here'],
    [
      'an unknown step',
      'name: a\nsteps:\n  - invite\n  - sing: loud',
      'x.yaml:4: steps[1]: is no step, or none of these',
    ],
    [
      'a wrong time',
      'name: a\nsteps:\n  - invite\n  - wait: soon',
      'x.yaml:4: steps[1].wait: write 300ms, 5s or 2m',
    ],
    [
      'an unknown member of an expectation',
      'name: a\nsteps:\n  - expect: { say: Hi, soon: true }',
      'x.yaml:3: steps[0].expect: soon is not known here',
    ],
    ['YAML that does not parse', 'name: [a\nsteps: x', 'x.yaml:2: '],
  ])('with %s is refused, with the line', (_what, source, fault) => {
    expect(faults(source)).toContain(fault);
  });

  it('has a schema for editors, which is the one in docs', () => {
    const written = JSON.parse(readFileSync('docs/scenario.schema.json', 'utf8'));
    // npm run -s usher -- test --schema > docs/scenario.schema.json
    expect(JSON.parse(JSON.stringify(scenarioJsonSchema()))).toEqual(written);
  });
});
