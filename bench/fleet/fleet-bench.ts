import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { PostgresServer } from '../../test/postgres/postgres-server.ts';
import { circumstancesNow } from '../circumstances.ts';
import type { Load } from '../protocol.ts';
import { parsed, whole } from '../usage.ts';
import { fleetReport, type SlopeRow, type WorkersRow } from './fleet-report.ts';
import { type Entrant, fleetTrial, type Result } from './fleet-trial.ts';

export const help = `npm run bench -- fleet [options]

Measures a fleet on PostgreSQL against a load server in a process of its own: what more agents in one worker cost, at a
fixed number of lines a second, beside a hand-written loop without any guarantee; and what more workers bring, at a fixed
number of agents, each customer writing again as soon as it is answered. Prints ratios, and writes them to bench/results/.

  --agents <list>    agents in one worker, one setting after the other (default: 10,100,500,1000,2000)
  --rate <number>    lines a second meanwhile, of all customers (default: 100)
  --workers <list>   workers that share the agents (default: 1,2,4)
  --shared <number>  how many agents they share (default: 200)
  --seconds <number> how long each setting is loaded; the first fifth is not measured (default: 15)
  --quick            10 and 50 agents, 1 and 2 workers, 20 shared agents, 2 seconds
  --out <folder>     where the results go (default: bench/results)

Exit codes: 0 measured; 1 a worker failed; 2 wrong usage.`;

/** So many chats are open at least where there are few agents: one chat at a time cannot keep the pace. */
const fewestChats = 100;
const hand: Entrant = { kind: 'hand-written' };

/** The case `fleet` of the bench. */
export async function main(argv: readonly string[]): Promise<void> {
  const values = flags(argv);
  if (values.help) return void process.stdout.write(`${help}\n`);
  const list = (text: string, flag: string): number[] =>
    text.split(',').map((each) => whole(each.trim(), flag));
  const agents = list(values.quick ? '10,50' : values.agents, '--agents');
  const workers = list(values.quick ? '1,2' : values.workers, '--workers');
  const shared = values.quick ? 20 : whole(values.shared, '--shared');
  const seconds = values.quick ? 2 : whole(values.seconds, '--seconds');
  const rate = whole(values.rate, '--rate');
  const duration = seconds * 800;
  const postgres = await PostgresServer.start({ settings: { shared_buffers: '256MB', max_wal_size: '4GB' } });
  const measured = async (entrant: Entrant, count: number, load: Load): Promise<Result> => {
    const who = entrant.kind === 'fleet' ? `${entrant.workers} of a fleet` : entrant.kind;
    process.stderr.write(`${who}, ${count} agents, ${load.kind}\n`);
    const chats = load.kind === 'paced' ? Math.max(1, Math.ceil(fewestChats / count)) : 1;
    return fleetTrial({ entrant, agents: count, chats, load }, postgres);
  };
  try {
    const slope: SlopeRow[] = [];
    for (const entrant of [hand, { kind: 'fleet', workers: 1 } as const]) {
      // What a process takes without agents, and how long it needs to begin, is in the figures of one with a single agent.
      const alone = await measured(entrant, 1, { kind: 'paced', rate: 1, duration: 500 });
      for (const count of agents) {
        const result = await measured(entrant, count, { kind: 'paced', rate, duration });
        slope.push({ contender: entrant.kind, agents: count, ...result, ...perAgent(result, alone, count) });
      }
    }
    const sharing: WorkersRow[] = [];
    const closed: Load = { kind: 'closed', rate: 0, duration };
    sharing.push({ contender: 'hand-written', workers: 1, ...(await measured(hand, shared, closed)) });
    for (const count of workers)
      sharing.push({
        contender: 'fleet',
        workers: count,
        ...(await measured({ kind: 'fleet', workers: count }, shared, closed)),
      });
    const circumstances = circumstancesNow();
    const settings = { rate, shared, seconds };
    const text = fleetReport({ slope, sharing, settings }, circumstances);
    process.stdout.write(`${text}\n`);
    mkdirSync(values.out, { recursive: true });
    const file = join(values.out, `${circumstances.date.slice(0, 10)}-fleet`);
    writeFileSync(
      `${file}.json`,
      `${JSON.stringify({ ...circumstances, ...settings, slope, sharing }, null, 1)}\n`,
    );
    writeFileSync(`${file}.md`, `${text}\n`);
    process.stderr.write(`written to ${file}.json and ${file}.md\n`);
  } finally {
    await postgres.remove();
  }
}

function perAgent(result: Result, alone: Result, agents: number) {
  const more = agents - 1;
  return {
    rssPerAgent: (result.rss - alone.rss) / more,
    heapPerAgent: (result.heap - alone.heap) / more,
    loginsPerSecond: (more / (result.upAfter - alone.upAfter)) * 1_000,
  };
}

function flags(argv: readonly string[]) {
  return parsed(
    () =>
      parseArgs({
        args: [...argv],
        options: {
          agents: { type: 'string', default: '10,100,500,1000,2000' },
          rate: { type: 'string', default: '100' },
          workers: { type: 'string', default: '1,2,4' },
          shared: { type: 'string', default: '200' },
          seconds: { type: 'string', default: '15' },
          out: { type: 'string', default: join(import.meta.dirname, '..', 'results') },
          quick: { type: 'boolean', default: false },
          help: { type: 'boolean', short: 'h', default: false },
        },
      }).values,
  );
}
