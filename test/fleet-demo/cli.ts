import { parseArgs } from 'node:util';
import { stopSignal } from '../../core/cli/stop-signals.ts';
import { type DemoOutcome, fleetDemo, seconds } from './fleet-demo.ts';
import { isClean } from './transcripts.ts';

const help = `npm run demo:fleet -- [options]

A fleet on this machine: a PostgreSQL server, a contact centre with customers who talk all the time, and workers that
share a hundred agents. Kill one, drain one, and see that the customers notice nothing but a pause.

  --workers <number>       default: 3
  --agents <number>        default: 100
  --customers <number>     how many talk at a time; default: 40
  --kill-after <seconds>   kills a worker by itself (SIGKILL)
  --seconds <number>       ends by itself; default: at Ctrl-C
  --store <url or file>    a database that nothing else uses; default: a PostgreSQL server of its own

Exit codes: 0 every customer was greeted once, and every line answered once and in order; 1 not so; 2 it could not begin.`;

async function main(): Promise<number> {
  const { values } = parseArgs({
    options: {
      workers: { type: 'string', default: '3' },
      agents: { type: 'string', default: '100' },
      customers: { type: 'string', default: '40' },
      'kill-after': { type: 'string' },
      seconds: { type: 'string' },
      store: { type: 'string' },
      help: { type: 'boolean', short: 'h', default: false },
    },
  });
  if (values.help) {
    process.stdout.write(`${help}\n`);
    return 0;
  }
  const number = (name: string, text: string): number => {
    if (!/^[1-9]\d{0,4}$/.test(text))
      throw new TypeError(`--${name} must be a whole number from 1, not ${text}`);
    return Number(text);
  };
  const optional = (name: string, text: string | undefined): number | undefined =>
    text === undefined ? undefined : number(name, text);
  const stop = stopSignal();
  const outcome = await fleetDemo({
    workers: number('workers', values.workers),
    agents: number('agents', values.agents),
    customers: number('customers', values.customers),
    killAfter: optional('kill-after', values['kill-after']),
    seconds: optional('seconds', values.seconds),
    store: values.store,
    tell: (line) => void process.stdout.write(`${line}\n`),
    stopped: stop.came,
  });
  stop.release();
  process.stdout.write(`${sum(outcome)}\n`);
  return isClean(outcome.verdict) && outcome.failures.length === 0 ? 0 : 1;
}

function sum({ verdict, failures, gaps }: DemoOutcome): string {
  const { chats, lines, answers, greetedTwice, lost, doubled, outOfOrder, longestWait } = verdict;
  return [
    '',
    `${chats} chats, ${lines} lines of customers, ${answers} answers`,
    `greeted twice ${greetedTwice}, lost ${lost}, doubled ${doubled}, out of order ${outOfOrder}`,
    `the longest wait for an answer: ${seconds(longestWait)}`,
    ...(gaps.length === 0 ? [] : [`every agent had an owner again after: ${gaps.map(seconds).join(', ')}`]),
    ...failures,
  ].join('\n');
}

try {
  process.exitCode = await main();
} catch (thrown) {
  process.stderr.write(`${thrown instanceof Error ? thrown.message : String(thrown)}\n`);
  process.exitCode = 2;
}
