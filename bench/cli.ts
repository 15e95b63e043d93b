import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { circumstancesNow } from './circumstances.ts';
import { compare } from './compare.ts';
import { type Contender, contenders } from './protocol.ts';
import { reportText } from './report.ts';
import { parsed, Usage, whole } from './usage.ts';

let help = `npm run bench -- [options]

Measures what Usher's promises cost: operations, CPU, latency and memory beside a hand-written loop without any,
against a load server in a process of its own. Prints ratios, and writes them to bench/results/.
Other cases: npm run bench -- store --help, what the stores do in a second; npm run bench -- fleet --help, what more
agents and more workers do; npm run bench -- capacity --help, how large a fleet has to be.

  --sessions <list>   agent sessions, one setting after the other (default: 1,100,1000)
  --only <list>       contenders: ${contenders.join(', ')} (default: all)
  --rounds <number>   turns of each contender; medians are reported (default: 3)
  --duration <ms>     how long one load is measured (default: 4000)
  --quick             one round of one second with 1 and 100 sessions
  --out <folder>      where the results go (default: bench/results)

Exit codes: 0 measured; 1 a contender failed; 2 wrong usage.`;

interface Case {
  readonly help: string;
  main(argv: readonly string[]): Promise<void>;
}

const cases: Readonly<Record<string, () => Promise<Case>>> = {
  store: () => import('./store/store-bench.ts'),
  fleet: () => import('./fleet/fleet-bench.ts'),
  capacity: () => import('./capacity/capacity-bench.ts'),
};

async function main(): Promise<void> {
  const another = cases[process.argv[2] ?? ''];
  if (another !== undefined) {
    const loaded = await another();
    help = loaded.help;
    return loaded.main(process.argv.slice(3));
  }
  const values = flags();
  if (values.help) return void process.stdout.write(`${help}\n`);
  const only = values.only.split(',').map((name) => name.trim());
  const strange = only.find((name) => !contenders.includes(name as Contender));
  if (strange !== undefined) throw new Usage(`--only: ${strange} is none of ${contenders.join(', ')}`);
  const sessions = (values.quick ? '1,100' : values.sessions)
    .split(',')
    .map((text) => whole(text.trim(), '--sessions'));
  const compared = await compare({
    sessions,
    only: only as Contender[],
    rounds: values.quick ? 1 : whole(values.rounds, '--rounds'),
    duration: values.quick ? 1_000 : whole(values.duration, '--duration'),
    onProgress: (text) => process.stderr.write(`${text}\n`),
  });
  const circumstances = circumstancesNow();
  const text = reportText(compared, circumstances);
  process.stdout.write(`${text}\n`);
  mkdirSync(values.out, { recursive: true });
  const name = join(values.out, circumstances.date.slice(0, 10));
  writeFileSync(`${name}.json`, `${JSON.stringify({ ...circumstances, ...compared }, null, 1)}\n`);
  writeFileSync(`${name}.md`, `${text}\n`);
  process.stderr.write(`written to ${name}.json and ${name}.md\n`);
}

function flags() {
  return parsed(
    () =>
      parseArgs({
        options: {
          sessions: { type: 'string', default: '1,100,1000' },
          only: { type: 'string', default: contenders.join(',') },
          rounds: { type: 'string', default: '3' },
          duration: { type: 'string', default: '4000' },
          out: { type: 'string', default: join(import.meta.dirname, 'results') },
          quick: { type: 'boolean', default: false },
          help: { type: 'boolean', short: 'h', default: false },
        },
      }).values,
  );
}

try {
  await main();
} catch (thrown) {
  const message = thrown instanceof Error ? thrown.message : String(thrown);
  process.stderr.write(
    thrown instanceof Usage ? `${message}\n\n${help}\n` : `the bench failed: ${message}\n`,
  );
  process.exitCode = thrown instanceof Usage ? 2 : 1;
}
