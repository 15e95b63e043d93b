import { setTimeout as pause } from 'node:timers/promises';
import { openStore, type Store, type WorkerCensus } from 'usher-bots';
import { splitName } from '../../core/fleet/process-name.ts';
import { until } from '../faults/until.ts';
import { PostgresServer } from '../postgres/postgres-server.ts';
import { CentreProcess } from './centre-process.ts';
import { FleetWatch } from './fleet-watch.ts';
import { RunFolder } from './run-folder.ts';
import { SupervisorProcess } from './supervisor-process.ts';
import type { Verdict } from './transcripts.ts';

export interface FleetDemo {
  readonly workers: number;
  readonly agents: number;
  /** Customers at a time. */
  readonly customers: number;
  /** Seconds after which a worker is killed. Default: none is. */
  readonly killAfter: number | undefined;
  /** Seconds after which it ends. Default: at `stopped`. */
  readonly seconds: number | undefined;
  /** A store of one's own, that nothing else uses. Default: a new PostgreSQL server. */
  readonly store: string | undefined;
  readonly tell: (line: string) => void;
  /** Resolves when somebody wants it to end. */
  readonly stopped: Promise<unknown>;
}

export interface DemoOutcome {
  readonly verdict: Verdict;
  /** What went wrong for customers, and for the supervisor. */
  readonly failures: readonly string[];
  /** Milliseconds until every agent had an owner again, of each loss. */
  readonly gaps: readonly number[];
}

/** Milliseconds that the workers may take to have all agents, and the customers to get their last answers. */
const patience = 90_000;

/** Brings a fleet up, shows what goes on until it is to end, and tells what the customers heard. */
export async function fleetDemo(demo: FleetDemo): Promise<DemoOutcome> {
  const { workers, agents, customers, tell } = demo;
  const folder = new RunFolder(agents);
  const undo: (() => unknown)[] = [() => folder.remove()];
  // Where it has to end at once, nothing is left behind.
  const onExit = (): void => {
    for (const one of undo.toReversed()) one();
  };
  process.on('exit', onExit);
  try {
    const centre = new CentreProcess(folder.usernames, folder.password);
    undo.push(() => centre.kill());
    const place = demo.store ?? (await newServer(tell, undo));
    const store = await openStore(place);
    undo.push(() => store.close());
    const url = await centre.url;
    tell(`a contact centre with ${agents} agents on ${url}, in a process of its own`);
    const config = folder.write({ url, store: place });
    let consoles = 0;
    const supervisor = new SupervisorProcess(workers, config, (line) => {
      if (/ console on /.test(line)) consoles += 1;
      tell(`  ${line}`);
    });
    undo.push(() => supervisor.kill());
    const gaps: number[] = [];
    const watch = watchOf(store, agents, tell, gaps);
    const watching = watch.run();
    undo.push(() => watch.stop());
    const areOwned = (): boolean =>
      watch.now.workers.length >= workers && watch.now.orphans === 0 && watch.now.isFair;
    let failed: string | undefined;
    void supervisor.ended.then((how) => {
      failed = `the supervisor ended with ${how}`;
    });
    await until(() => (areOwned() && consoles >= workers) || failed !== undefined, patience);
    if (failed !== undefined || !areOwned()) throw new Error(failed ?? 'the workers did not get all agents');
    tell(whatToTry(config, folder.token, watch.now.workers));
    centre.open(customers);
    await show({ demo, watch, centre, hasFailed: () => failed !== undefined });
    const early = failed;
    tell('ending: the customers get their last answers');
    const { verdict, failures } = await centre.close(early === undefined ? patience : 0);
    watch.stop();
    await watching;
    await supervisor.stop();
    return { verdict, gaps, failures: [...failures, ...(early === undefined ? [] : [early])] };
  } finally {
    process.off('exit', onExit);
    for (const one of undo.toReversed()) await one();
  }
}

async function newServer(tell: FleetDemo['tell'], undo: (() => unknown)[]): Promise<string> {
  if (!PostgresServer.isInstalled)
    throw new Error(
      'PostgreSQL is missing: install it, by `apt-get install postgresql` on Debian, or name a database of your own by `--store postgres://…`',
    );
  const server = await PostgresServer.start();
  undo.push(() => server.removeAtOnce());
  tell(`a PostgreSQL server of its own on 127.0.0.1:${server.port}`);
  return server.url();
}

function watchOf(store: Store, agents: number, tell: FleetDemo['tell'], gaps: number[]): FleetWatch {
  return new FleetWatch({
    store,
    agents,
    onLost: (worker) => tell(`  process ${pidOf(worker)} is gone: ${worker.load} agents have no owner`),
    onOwned: (took) => {
      gaps.push(took);
      tell(`  every agent has an owner again after ${seconds(took)}`);
    },
  });
}

interface Scene {
  readonly demo: FleetDemo;
  readonly watch: FleetWatch;
  readonly centre: CentreProcess;
  readonly hasFailed: () => boolean;
}

/** A line a second, until it is to end. */
async function show({ demo, watch, centre, hasFailed }: Scene): Promise<void> {
  const { agents, killAfter, seconds: wanted = Number.POSITIVE_INFINITY, stopped, tell } = demo;
  let isOver = false;
  void stopped.then(() => {
    isOver = true;
  });
  let isKilled = killAfter === undefined;
  for (let second = 1; second <= wanted && !isOver && !hasFailed(); second += 1) {
    await Promise.race([pause(1_000), stopped]);
    const { workers } = watch.now;
    const loads = workers.map(({ load }) => load).join(' + ');
    const { open, ended, answers } = centre.tally;
    tell(
      `${String(second).padStart(4)} s  workers: ${workers.length}, with ${loads || 0} of ${agents} agents; ` +
        `chats: ${open} open, ${ended} over; answers: ${answers}`,
    );
    if (isKilled || second < (killAfter ?? 0)) continue;
    const [victim] = workers.toSorted((one, other) => other.load - one.load);
    const pid = victim && pidOf(victim);
    if (pid === undefined) continue;
    isKilled = true;
    tell(`  kill -9 ${pid}`);
    watch.killing();
    process.kill(pid, 'SIGKILL');
  }
}

function whatToTry(config: string, token: string, workers: readonly WorkerCensus[]): string {
  return [
    '',
    'Every agent has an owner; the customers come. Try, in another terminal:',
    `  npm run usher -- fleet --watch -c ${config}`,
    ...workers.slice(0, 1).map((worker) => `  kill -9 ${pidOf(worker)}`),
    ...workers
      .slice(-1)
      .map(({ incarnation }) => `  npm run usher -- fleet drain ${incarnation.slice(0, 8)} -c ${config}`),
    `or open one of the consoles above, at Fleet; the token is ${token}`,
    'Ctrl-C ends everything and sums up.',
    '',
  ].join('\n');
}

function pidOf({ name }: WorkerCensus): number | undefined {
  return splitName(name)[1];
}

export function seconds(milliseconds: number): string {
  return `${(milliseconds / 1_000).toFixed(1)} s`;
}
