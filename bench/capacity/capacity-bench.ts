import { parseArgs } from 'node:util';
import { Usage, whole } from '../usage.ts';
import { type Assumptions, assumptions } from './assumptions.ts';
import { cellsOf, headings, sizeOf } from './size.ts';

const names = Object.keys(assumptions) as (keyof Assumptions)[];
const flagOf = (name: string): string => name.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);

export const help = `npm run bench -- capacity [options]

Reckons how large a fleet has to be. docs/operations/scale.md tells what each assumption means, and where it is from.

  --agents <list>  how many agents, a row for each (default: 100,2000,20000,100000)
${names.map((name) => `  --${flagOf(name)} <number>  (default: ${assumptions[name]})`).join('\n')}

Exit codes: 0 reckoned; 2 wrong usage.`;

/** The case `capacity` of the bench. */
export async function main(argv: readonly string[]): Promise<void> {
  const values = flags(argv);
  if (values['help'] === true) return void process.stdout.write(`${help}\n`);
  const agents = String(values['agents'])
    .split(',')
    .map((text) => whole(text.trim(), '--agents'));
  const given = Object.fromEntries(
    names.map((name) => [name, positive(values[flagOf(name)] ?? assumptions[name], flagOf(name))]),
  ) as Assumptions;
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  const rows = agents.map((count) => line(cellsOf(sizeOf(count, given))));
  process.stdout.write(`${[line(headings), `|${'---|'.repeat(headings.length)}`, ...rows].join('\n')}\n`);
}

function positive(text: unknown, flag: string): number {
  const value = Number(text);
  if (!(value > 0 && Number.isFinite(value)))
    throw new Usage(`--${flag} must be a number above 0, not ${text}`);
  return value;
}

function flags(argv: readonly string[]): Readonly<Record<string, string | boolean | undefined>> {
  try {
    return parseArgs({
      args: [...argv],
      options: {
        agents: { type: 'string', default: '100,2000,20000,100000' },
        help: { type: 'boolean', short: 'h', default: false },
        ...Object.fromEntries(names.map((name) => [flagOf(name), { type: 'string' as const }])),
      },
    }).values as Readonly<Record<string, string | boolean | undefined>>;
  } catch (thrown) {
    throw new Usage(thrown instanceof Error ? thrown.message : String(thrown));
  }
}
