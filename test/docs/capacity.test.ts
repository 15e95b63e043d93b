import { globSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { type Assumptions, assumptions } from '../../bench/capacity/assumptions.ts';
import { cellsOf, headings, sizeOf } from '../../bench/capacity/size.ts';
import { code, table } from './markdown.ts';

const page = readFileSync('docs/operations/scale.md', 'utf8');
const names = Object.keys(assumptions) as (keyof Assumptions)[];
const numberOf = (cell: string | undefined): number => Number((cell ?? '').replaceAll(',', ''));

/** The newest results of a case of the bench. */
function results<Found>(name: string): Found {
  const file = globSync(`bench/results/*-${name}.json`).sort().at(-1) ?? '';
  return JSON.parse(readFileSync(file, 'utf8')) as Found;
}

describe('the sizes in docs/operations/scale.md', () => {
  const [assumed, sized] = page
    .split(/^### Sizes$/m)
    .map((part, at) => (at === 0 ? table('How large', part) : part));

  it('follow from the assumptions that stand beside them', () => {
    const told = Object.fromEntries(
      (assumed as string[][]).map(([name, value]) => [code(name)[0], numberOf(value)]),
    );
    expect(told).toEqual(assumptions);
    const rows = String(sized).match(/^\|.*$/gm) ?? [];
    const cells = (row: string): string[] =>
      row
        .slice(1, -1)
        .split('|')
        .map((cell) => cell.trim());
    expect(cells(rows[0] ?? '')).toEqual(headings);
    const sizes = [100, 2_000, 20_000, 100_000].map((agents) => cellsOf(sizeOf(agents, assumptions)));
    expect(rows.slice(2, 6).map(cells)).toEqual(sizes);
  });

  it('name the source of each assumption', () => {
    for (const [name, , meaning, source] of assumed as string[][])
      expect([name, meaning, source]).not.toContain('');
    const files = [...page.matchAll(/`(bench\/results\/[\w-]+\.md)`/g)].map(([, file = '']) => file);
    expect(files.length).toBeGreaterThan(1);
    for (const file of files) expect(globSync(file)).toEqual([file]);
  });

  it('assume of a worker no less than was measured', () => {
    interface Measured {
      readonly slope: readonly { contender: string; agents: number; rssPerAgent: number }[];
      readonly sharing: readonly {
        contender: string;
        workers: number;
        cpuPerOperation: number;
        commitsPerOperation: number;
      }[];
    }
    const { slope, sharing } = JSON.parse(
      readFileSync('bench/results/2026-11-29-fleet.json', 'utf8'),
    ) as Measured;
    const alone = sharing.find(({ contender, workers }) => contender === 'fleet' && workers === 1);
    expect(assumptions.workerMsPerAnswer * 1_000).toBeGreaterThan(alone?.cpuPerOperation ?? Number.NaN);
    for (const { contender, commitsPerOperation } of sharing)
      if (contender === 'fleet')
        expect(assumptions.commitsPerAnswer).toBeGreaterThan(commitsPerOperation * 0.95);
    const many = slope.filter(({ contender, agents }) => contender === 'fleet' && agents >= 1_000);
    expect(many.length).toBeGreaterThan(0);
    for (const { rssPerAgent } of many) expect(assumptions.kbPerAgent).toBeGreaterThan(rssPerAgent / 1_024);
  });

  it('assume of a core of the database a third of what was measured, at most', () => {
    interface Stores {
      readonly cores: number;
      readonly rows: readonly { readonly contender: string; readonly commits: number }[];
    }
    const { cores, rows } = results<Stores>('store');
    const measured = rows.find(({ contender }) => contender === 'PostgreSQL')?.commits ?? 0;
    expect(assumptions.commitsPerCore).toBeLessThanOrEqual(measured / cores / 3 + 50);
  });
});

it('takes a doubling of the chats as a doubling of the work, and rounds up', () => {
  const [once, twice] = [1, 2].map((factor) =>
    sizeOf(10_000, { ...assumptions, chatsPerAgent: 10 * factor }),
  );
  expect(twice?.commitsPerSecond).toBe((once?.commitsPerSecond ?? 0) * 2);
  expect(sizeOf(1, assumptions)).toMatchObject({ workers: 2, databaseCores: 1 });
  for (const name of names) expect(assumptions[name]).toBeGreaterThan(0);
});
