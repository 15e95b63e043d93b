import { readFileSync } from 'node:fs';
import { type FaultDescription, faultCatalogue, startSimulator } from 'usher-bots/simulator';
import { describe, expect, it } from 'vitest';
import { wireDefaults } from '../../simulator/options.ts';
import { dialects } from '../../simulator/wire/dialects.ts';

const page = readFileSync('docs/simulator.md', 'utf8');

/** The rows of the first table whose head begins with a word, cells without their backticks. */
function table(head: string): string[][] {
  const lines = page.split('\n');
  const start = lines.findIndex((line) => line.startsWith(`| ${head} |`));
  const rows = lines.slice(start + 2);
  const end = rows.findIndex((line) => !line.startsWith('|'));
  return rows.slice(0, end).map((row) =>
    row
      .slice(1, -1)
      .split('|')
      .map((cell) => cell.trim()),
  );
}

const bare = (cell: string | undefined): string => (cell ?? '').replaceAll('`', '');

describe('docs/simulator.md', () => {
  it('lists every fault as the catalogue has it', () => {
    const catalogue = Object.entries(faultCatalogue).map(([kind, description]) => {
      const { per, does, tunables = {} }: FaultDescription = description;
      const defaults = Object.entries(tunables).map(
        ([name, value]) => `${name}: ${JSON.stringify(value).replace(',', ', ')}`,
      );
      return [kind, per, bare(does), defaults.join('; ')];
    });
    expect(table('kind').map((row) => row.map(bare))).toEqual(catalogue);
  });

  it('lists every option of the wire with its default', () => {
    const options = table('option').map(([name, value]) => [bare(name), bare(value)]);
    expect(new Map(options as [string, string][])).toEqual(
      new Map(Object.entries(wireDefaults).map(([name, value]) => [name, String(value)])),
    );
  });

  it('lists every dialect', () => {
    expect(table('`dialect`').map(([name]) => bare(name))).toEqual(Object.keys(dialects));
  });

  it('lists every member of a simulator', async () => {
    const simulator = await startSimulator();
    await simulator.close();
    expect(new Set(table('member').map(([name]) => bare(name)))).toEqual(new Set(Object.keys(simulator)));
  });
});
