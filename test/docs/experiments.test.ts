import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { keys } from '../../core/experiment/records.ts';
import { type ExperimentDefinition, experiment, type MetricName, UsherError } from '../../core/index.ts';
import { literalsIn, membersOf, membersWithin, typeIn } from './declarations.ts';
import { code, table } from './markdown.ts';

type Written = ExperimentDefinition<Record<string, number>>;

const text = readFileSync('docs/experiments.md', 'utf8');
const firsts = (rows: readonly (readonly string[])[]): string[] => rows.flatMap(([cell]) => code(cell));

const of = (more: Partial<Written> = {}) => experiment({ key: 'told', arms: { a: 1, b: 2 }, ...more });

/** What an experiment says that is written wrongly. */
function faultOf(more: object): string {
  try {
    of(more);
  } catch (thrown) {
    if (thrown instanceof UsherError) return thrown.message;
  }
  throw new Error(`${JSON.stringify(more)} is taken`);
}

describe('docs/experiments.md', () => {
  it('names every option, also of those within another', () => {
    const file = 'core/bot/experiment/experiment.ts';
    const told = firsts(table('Options', text));
    const options = told.filter((name) => !name.includes('.'));
    expect(options).toEqual(membersOf(file, 'ExperimentDefinition'));
    for (const outer of ['plan', 'bandit']) {
      const within = told.filter((name) => name.startsWith(`${outer}.`)).sort();
      const real = membersWithin(file, 'ExperimentDefinition', outer).map((name) => `${outer}.${name}`);
      expect(within).toEqual(real.sort());
    }
    const layer = table('Options', text).find(([name]) => name === '`layer`');
    expect(code(layer?.[2])).toEqual(membersWithin(file, 'ExperimentDefinition', 'layer'));
  });

  it('tells the defaults there are', () => {
    const { metrics, shares, ...rest } = of({ bandit: {} });
    const { holdout, enabled, exposure, guards, plan, bandit, salt } = rest;
    expect(shares).toEqual([0.5, 0.5]);
    expect(salt).toBe('told');
    const real: Record<string, unknown> = {
      weights: {},
      holdout,
      enabled,
      exposure,
      metrics: metrics.map(({ name }) => name),
      guards,
      ...Object.fromEntries(Object.entries(plan).map(([name, value]) => [`plan.${name}`, value])),
      ...Object.fromEntries(Object.entries(bandit ?? {}).map(([name, value]) => [`bandit.${name}`, value])),
    };
    const inCode = table('Options', text).flatMap(([name, value = '']) =>
      /^`[^`]+`$/.test(value) ? [[code(name)[0], JSON.parse(code(value)[0] ?? '')]] : [],
    );
    expect(Object.fromEntries(inCode)).toEqual(real);
  });

  it('names every exposure', () => {
    const real = faultOf({ exposure: 'never' }).matchAll(/"([\w-]+)"/g);
    expect(firsts(table('When a chat counts', text))).toEqual([...real].map(([, name]) => name));
  });

  it('names every metric with its kind, and every kind with its method', () => {
    const [, list = ''] = /there are (.+)$/.exec(faultOf({ metrics: ['?'] })) ?? [];
    const names = list.split(', ') as MetricName[];
    const real = of({ metrics: names }).metrics.map(({ name, kind }) => [name, kind]);
    const told = table('Metrics', text).map(([name, kind]) => [code(name)[0], kind]);
    expect(told).toEqual(real);
    const kinds = literalsIn(typeIn('core/model/experiment.ts', 'MetricKind'));
    expect(table('How figures are judged', text).map(([kind]) => kind)).toEqual(kinds);
  });

  it('names every column of the export', () => {
    const records = 'core/experiment/records.ts';
    const real = [
      ...membersOf('core/model/experiment.ts', 'Assignment'),
      ...membersOf(records, 'Exposed').filter((name) => name !== 'features'),
      ...membersOf(records, 'ChatRecord'),
    ];
    const told = firsts(table('Afterwards', text));
    expect(told.slice(0, real.length)).toEqual(real);
    expect(told.slice(real.length)).toEqual(['feature.…', 'greeted', 'turns', 'note:…', 'disposition']);
  });

  it('names every key that is kept', () => {
    const real = [
      keys.unit('KEY', 'UNIT'),
      keys.chat('KEY', 'INTERACTION'),
      keys.end('KEY', 'INTERACTION'),
      `${keys.switches('KEY')}NUMBER`,
    ];
    expect(firsts(table('What is kept', text))).toEqual(real);
  });
});
