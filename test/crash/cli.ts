import { parseArgs } from 'node:util';
import { type CrashRun, crashRun } from './crash-run.ts';

const help = `npm run crashes -- [options]

Kills a worker with SIGKILL at random moments, starts it again on the same store each time, and looks at what the
customers heard: every one greeted once, every line answered once.

  --dialect <name>   gws-8.5.0 (default), gws-8.5.1 or gws-8.5.2
  --kills <number>   default: 50

Exit codes: 0 nothing was lost or doubled; 1 something was; 2 wrong usage.`;

async function main(): Promise<number> {
  const { values } = parseArgs({
    options: {
      dialect: { type: 'string', default: 'gws-8.5.0' },
      kills: { type: 'string', default: '50' },
      help: { type: 'boolean', short: 'h', default: false },
    },
  });
  if (values.help) {
    process.stdout.write(`${help}\n`);
    return 0;
  }
  if (!/^\d{1,6}$/.test(values.kills))
    throw new TypeError(`--kills must be a whole number, not ${values.kills}`);
  const { kills, chats, failures } = await crashRun({
    dialect: values.dialect as CrashRun['dialect'],
    kills: Number(values.kills),
    random: Math.random,
  });
  for (const failure of failures) process.stdout.write(`${failure}\n`);
  process.stdout.write(`${values.dialect}: ${kills} kills, ${chats} chats, ${failures.length} failures\n`);
  return failures.length === 0 ? 0 : 1;
}

try {
  process.exitCode = await main();
} catch (thrown) {
  process.stderr.write(`${thrown instanceof Error ? thrown.message : String(thrown)}\n\n${help}\n`);
  process.exitCode = 2;
}
