import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { compare } from './compare.ts';
import { type Contender, contenders } from './protocol.ts';
import { type Circumstances, reportText } from './report.ts';

const help = `npm run bench -- [options]

Measures what Usher's promises cost: operations, CPU, latency and memory beside a hand-written loop without any,
against a load server in a process of its own. Prints ratios, and writes them to bench/results/.

  --sessions <list>   agent sessions, one setting after the other (default: 1,100,1000)
  --only <list>       contenders: ${contenders.join(', ')} (default: all)
  --rounds <number>   turns of each contender; medians are reported (default: 3)
  --duration <ms>     how long one load is measured (default: 4000)
  --quick             one round of one second with 1 and 100 sessions
  --out <folder>      where the results go (default: bench/results)

Exit codes: 0 measured; 1 a contender failed; 2 wrong usage.`;

class Usage extends Error {}

async function main(): Promise<void> {
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
  try {
    return parseArgs({
      options: {
        sessions: { type: 'string', default: '1,100,1000' },
        only: { type: 'string', default: contenders.join(',') },
        rounds: { type: 'string', default: '3' },
        duration: { type: 'string', default: '4000' },
        out: { type: 'string', default: join(import.meta.dirname, 'results') },
        quick: { type: 'boolean', default: false },
        help: { type: 'boolean', short: 'h', default: false },
      },
    }).values;
  } catch (thrown) {
    throw new Usage(thrown instanceof Error ? thrown.message : String(thrown));
  }
}

function whole(text: string, flag: string): number {
  if (!/^[1-9]\d{0,6}$/.test(text)) throw new Usage(`${flag} must be a whole number above 0, not ${text}`);
  return Number(text);
}

function circumstancesNow(): Circumstances {
  const [first] = cpus();
  return {
    date: new Date().toISOString(),
    node: process.versions.node,
    cpu: first?.model.trim() ?? 'unknown',
    cores: cpus().length,
    commit: commit(),
  };
}

function commit(): string {
  try {
    return execFileSync('git', ['rev-parse', '--short', 'HEAD'], { encoding: 'utf8' }).trim();
  } catch {
    return 'unknown';
  }
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
