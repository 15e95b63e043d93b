import { parseArgs } from 'node:util';
import { again, playAll, struck } from './faults.ts';

const help = `npm run faults -- [options]

Plays seeded scenarios: several chats under a random mix of faults, over real sockets, and looks after each
whether every customer was greeted once, answered in order and lost nothing.

  --dialect <name>    gws-8.5.0 (default), gws-8.5.1 or gws-8.5.2
  --runs <number>     how many scenarios (default: 100)
  --seed <number>     the seed of the first (default: 1)
  --processes <n>     processes that share the work (default: 4)

Exit codes: 0 every promise was kept; 1 one was not; 2 wrong usage.`;

function wholeNumber(text: string, flag: string): number {
  if (!/^\d{1,9}$/.test(text)) throw new TypeError(`${flag} must be a whole number, not ${text}`);
  return Number(text);
}

async function main(): Promise<number> {
  const { values } = parseArgs({
    options: {
      dialect: { type: 'string', default: 'gws-8.5.0' },
      runs: { type: 'string', default: '100' },
      seed: { type: 'string', default: '1' },
      processes: { type: 'string', default: '4' },
      help: { type: 'boolean', short: 'h', default: false },
    },
  });
  if (values.help) {
    process.stdout.write(`${help}\n`);
    return 0;
  }
  const { dialect } = values;
  const runs = wholeNumber(values.runs, '--runs');
  const verdicts = await playAll({
    dialect,
    first: wholeNumber(values.seed, '--seed'),
    runs,
    processes: wholeNumber(values.processes, '--processes'),
    onVerdict: ({ seed, failures }, done) => {
      if (failures.length > 0) process.stdout.write(`seed ${seed}: ${failures.join('\n  ')}\n`);
      if (done % 50 === 0) process.stderr.write(`${done} of ${runs}\n`);
    },
  });
  const failed = verdicts.filter(({ failures }) => failures.length > 0);
  const chats = verdicts.reduce((sum, verdict) => sum + verdict.chats, 0);
  process.stdout.write(`faults that struck: ${JSON.stringify(struck(verdicts))}\n`);
  process.stdout.write(`${dialect}: ${verdicts.length} scenarios, ${chats} chats, ${failed.length} failed\n`);
  for (const { seed } of failed) process.stdout.write(`  again: ${again(dialect, seed)}\n`);
  return failed.length === 0 ? 0 : 1;
}

try {
  process.exitCode = await main();
} catch (thrown) {
  process.stderr.write(`${thrown instanceof Error ? thrown.message : String(thrown)}\n\n${help}\n`);
  process.exitCode = 2;
}
