import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { PostgresServer } from '../postgres/postgres-server.ts';
import { fileGround, type Ground, replicatedGround, serverGround } from './ground.ts';
import { type Outcome, play } from './play.ts';
import { type Scenario, scenarios } from './scenarios.ts';
import { type Row, tableOf } from './table.ts';

const list = Object.entries(scenarios).map(
  ([name, { what, needs }]) => `  ${name.padEnd(18)}${what}${needs === undefined ? '' : ` (needs ${needs})`}`,
);

const help = `npm run fleet -- [options]

Runs a fleet of real processes on a real server and a store, lets customers chat all the time, has something happen to
the fleet, and reads the server's own transcripts: every customer greeted once, every line answered once, in order.

  --scenario <name>    one of those below, several by commas, or all that the store can play (default: all)
  --runs <number>      of each scenario (default: 1)
  --seed <number>      of the first run; it picks the victim, the moment and what is said (default: 1)
  --workers <number>   at least 2 (default: 4)
  --agents <number>    at least as many as workers (default: 24)
  --store <kind>       postgres (default) or sqlite
  --protections <how>  on (default); off: workers do not look at their leases, at who has the agent, and at what was
                       said before. Violations are to be found then

Scenarios:
${list.join('\n')}

Exit codes: 0 no violation; 1 a violation, or a run that could not be played to its end; 2 wrong usage.`;

interface Options {
  readonly chosen: readonly (readonly [string, Scenario])[];
  readonly runs: number;
  readonly seed: number;
  readonly workers: number;
  readonly agents: number;
  readonly store: 'postgres' | 'sqlite';
  readonly isProtected: boolean;
}

function optionsOf(args: readonly string[]): Options | undefined {
  const text = (value: string) => ({ type: 'string', default: value }) as const;
  const { values } = parseArgs({
    args: [...args],
    options: {
      scenario: text('all'),
      runs: text('1'),
      seed: text('1'),
      workers: text('4'),
      agents: text('24'),
      store: text('postgres'),
      protections: text('on'),
      help: { type: 'boolean', short: 'h', default: false },
    },
  });
  if (values.help) return undefined;
  const whole = (name: 'runs' | 'seed' | 'workers' | 'agents', least: number): number => {
    const value = Number(values[name]);
    if (!/^\d{1,9}$/.test(values[name]) || value < least)
      throw new TypeError(`--${name} must be a whole number from ${least}, not ${values[name]}`);
    return value;
  };
  const store = oneOf('store', values.store, ['postgres', 'sqlite'] as const);
  const workers = whole('workers', 2);
  return {
    chosen: chosen(values.scenario, store),
    runs: whole('runs', 1),
    seed: whole('seed', 0),
    workers,
    agents: whole('agents', workers),
    store,
    isProtected: oneOf('protections', values.protections, ['on', 'off'] as const) === 'on',
  };
}

function oneOf<Word extends string>(name: string, value: string, words: readonly Word[]): Word {
  const word = words.find((one) => one === value);
  if (word === undefined) throw new TypeError(`--${name} must be ${words.join(' or ')}, not ${value}`);
  return word;
}

function chosen(names: string, store: Options['store']): Options['chosen'] {
  const playable = ({ needs }: Scenario): boolean => store === 'postgres' || needs === undefined;
  if (names === 'all') return Object.entries(scenarios).filter(([, scenario]) => playable(scenario));
  return names.split(',').map((name) => {
    const scenario = scenarios[name];
    if (scenario === undefined)
      throw new TypeError(`--scenario: there is no ${name}, but ${Object.keys(scenarios).join(', ')}`);
    if (!playable(scenario))
      throw new TypeError(`--scenario: ${name} needs ${scenario.needs}: use --store postgres`);
    return [name, scenario] as const;
  });
}

async function playAll(options: Options): Promise<number> {
  const { runs, seed } = options;
  const rows: Row[] = [];
  const failed: string[] = [];
  const server = options.store === 'postgres' ? await PostgresServer.start() : undefined;
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => void breakOff(server));
  try {
    for (const [name, scenario] of options.chosen) {
      const outcomes: Outcome[] = [];
      let broken = 0;
      for (let nth = seed; nth < seed + runs; nth += 1) {
        const began = performance.now();
        const outcome = await oneRun(options, scenario, nth, server);
        const took = Math.round((performance.now() - began) / 1_000);
        if (typeof outcome === 'string') broken += 1;
        else outcomes.push(outcome);
        process.stderr.write(`${name}, seed ${nth}, ${took} s: ${progress(outcome)}\n`);
        if (typeof outcome === 'string' || outcome.failures.length > 0)
          failed.push(again(options, name, nth));
      }
      rows.push({ scenario: name, outcomes, broken });
    }
  } finally {
    await server?.remove();
  }
  process.stdout.write(`${tableOf(rows)}\n`);
  for (const command of failed) process.stdout.write(`again: ${command}\n`);
  return failed.length === 0 ? 0 : 1;
}

let standing: Ground | undefined;

/** Servers do not end with the process that has started them. */
async function breakOff(server: PostgresServer | undefined): Promise<void> {
  await standing?.close().catch(() => {});
  await server?.remove();
  process.exit(1);
}

/** In words, if it could not be played to its end. */
async function oneRun(
  { workers, agents, isProtected }: Options,
  scenario: Scenario,
  seed: number,
  server: PostgresServer | undefined,
): Promise<Outcome | string> {
  const groundIn = async (folder: string): Promise<Ground> => {
    if (server === undefined) return fileGround(join(folder, 'store.db'));
    standing = await (scenario.needs === 'a standby' ? replicatedGround() : serverGround(server));
    return standing;
  };
  try {
    return await play({ scenario, groundIn, seed, workers, agents, isProtected });
  } catch (thrown) {
    return thrown instanceof Error ? (thrown.stack ?? thrown.message) : String(thrown);
  }
}

function progress(outcome: Outcome | string): string {
  if (typeof outcome === 'string') return `broken off: ${outcome}`;
  const { chats, lines, failures, ownedAfter, folder } = outcome;
  const owned = ownedAfter === undefined ? '' : `, every agent owned after ${Math.round(ownedAfter)} ms`;
  const wrong = failures.length === 0 ? '' : `; see ${folder}\n  ${failures.slice(0, 20).join('\n  ')}`;
  return `${chats} chats, ${lines} lines${owned}, ${failures.length} violations${wrong}`;
}

function again({ workers, agents, store, isProtected }: Options, name: string, seed: number): string {
  const size = `--workers ${workers} --agents ${agents} --store ${store}`;
  return `npm run fleet -- --scenario ${name} --seed ${seed} ${size}${isProtected ? '' : ' --protections off'}`;
}

try {
  const options = optionsOf(process.argv.slice(2));
  if (options === undefined) process.stdout.write(`${help}\n`);
  else process.exitCode = await playAll(options);
} catch (thrown) {
  process.stderr.write(`${thrown instanceof Error ? thrown.message : String(thrown)}\n\n${help}\n`);
  process.exitCode = 2;
}
