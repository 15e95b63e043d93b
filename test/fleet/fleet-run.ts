import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { type Census, openSqliteStore, type Store } from 'usher-bots';
import { type CustomerResult, type Simulator, startSimulator } from 'usher-bots/simulator';
import { expireTheDead } from '../../core/fleet/the-dead.ts';
import { forwardProxy } from '../core/transport/forward-proxy.ts';
import { until } from '../faults/until.ts';
import { type CuttableWay, cuttableWay } from './cuttable-way.ts';

const password = 'correct horse';
/** Milliseconds: a machine that is busy with other things does everything slowly. */
const patience = 90_000;
const agents = ['ada', 'bea', 'cleo', 'dora', 'elsa', 'fay'];

export const ttl = 3_500;

export interface FleetRun {
  /** How many workers there are before anything happens. */
  readonly workers: number;
  /** Whether workers look at their leases, and at what was said before. Default: true. */
  readonly isProtected?: boolean;
  /** Milliseconds that a customer waits for an answer. Default: however long it may take. */
  readonly patience?: number;
  /** What happens while the customers chat. */
  readonly happens: (fleet: Fleet) => Promise<void>;
}

export interface FleetVerdict {
  readonly chats: number;
  readonly failures: readonly string[];
  /** What the workers that were stopped said of their chats. */
  readonly reports: readonly { readonly passedOn: number; readonly left: number }[];
}

/** What a test can do with the workers. */
export interface Fleet {
  readonly workers: ChildProcess[];
  start(way?: CuttableWay): Promise<ChildProcess>;
  /** A proxy on the way to the server, which can be cut off. */
  way(): Promise<CuttableWay>;
  /** Ends without warning; a supervisor would tell the store at once. */
  kill(worker: ChildProcess | undefined, isSupervised: boolean): Promise<void>;
  /** Stands still, though not with the lock of the store's file in its hand: nobody could write then. */
  freeze(worker: ChildProcess | undefined): Promise<void>;
  /** Ends in good order. */
  stop(worker: ChildProcess | undefined): Promise<void>;
  /** Waits for what the store shows. */
  sees(what: string, fits: (census: Census) => boolean): Promise<void>;
  /** Waits until so many more lines of agents have been heard. */
  heard(lines: number): Promise<void>;
}

/** Lets customers chat with the agents of some workers while something happens to these, and looks at what they heard. */
export async function fleetRun({
  workers: count,
  isProtected = true,
  patience: waiting = patience,
  happens,
}: FleetRun): Promise<FleetVerdict> {
  const folder = await mkdtemp(join(tmpdir(), 'usher-fleet-'));
  const file = join(folder, 'store.db');
  const store = openSqliteStore(file);
  const simulator = await startSimulator({
    agents: agents.map((username) => ({ username, password, firstName: username, capacity: 2 })),
    invitationTimeout: 6_000,
    cometd: { timeout: 2_000, maxInterval: 2_000, maxSessionsPerBrowser: -1 },
  });
  const reports: FleetVerdict['reports'][number][] = [];
  const workers: ChildProcess[] = [];
  const results: Promise<CustomerResult>[] = [];
  const fleet = fleetOf(workers, reports, simulator, store, [
    simulator.url,
    file,
    agents.join(),
    String(ttl),
    isProtected ? 'on' : 'off',
  ]);
  let going = true;
  try {
    for (let nth = 0; nth < count; nth += 1) await fleet.start();
    await fleet.sees('all agents owned', ({ agents: all, free }) => all === agents.length && free === 0);
    const arriving = (async () => {
      while (going) {
        const open = [...simulator.chats.values()].filter(({ customerHere }) => customerHere).length;
        if (open < 10) results.push(arrive(simulator, results.length, waiting));
        await until(() => !going, 100);
      }
    })();
    await fleet.heard(30);
    await happens(fleet);
    await fleet.heard(20);
    going = false;
    await arriving;
    const failures = (await Promise.all(results)).flatMap(judge);
    const isAtRest = await until(() => simulator.agents.every(({ parts }) => parts.size === 0), waiting);
    if (!isAtRest) failures.push('work was left unfinished');
    return { chats: results.length, failures, reports };
  } finally {
    going = false;
    for (const worker of workers) worker.kill('SIGKILL');
    await simulator.close();
    await store.close();
    await rm(folder, { recursive: true, force: true });
  }
}

function fleetOf(
  workers: ChildProcess[],
  reports: FleetVerdict['reports'][number][],
  simulator: Simulator,
  store: Store,
  args: readonly string[],
): Fleet {
  const forget = (worker: ChildProcess): void => void workers.splice(workers.indexOf(worker), 1);
  const sees = async (what: string, fits: (census: Census) => boolean): Promise<void> => {
    let last: Census | undefined;
    const look = async (): Promise<boolean> => {
      last = await store.census();
      return fits(last);
    };
    const end = performance.now() + patience;
    while (!(await look())) {
      if (performance.now() > end) throw new Error(`never seen: ${what}, but ${JSON.stringify(last)}`);
      await until(() => false, 50);
    }
  };
  const isLocked = async (): Promise<boolean> => {
    const [, file = ''] = args;
    const database = new DatabaseSync(file, { timeout: 0 });
    try {
      // Others may be writing: only one who stands still is in the way again and again.
      for (let tries = 0; tries < 50; tries += 1) {
        if (canWrite(database)) return false;
        await until(() => false, 10);
      }
      return true;
    } finally {
      database.close();
    }
  };
  const lines = (): number =>
    [...simulator.chats.values()].reduce(
      (sum, chat) =>
        sum + chat.lines.filter(({ type, from }) => type === 'Text' && from.type === 'Agent').length,
      0,
    );
  return {
    workers,
    sees,
    way: async () => cuttableWay(`http://${(await forwardProxy()).host}`),
    start: async (way) => {
      const given = way === undefined ? args : [...args, way.url];
      const script = ['--conditions=usher-source', join(import.meta.dirname, 'worker.ts'), ...given];
      const worker = spawn(process.execPath, script, { stdio: ['ignore', 'pipe', 'ignore'] });
      workers.push(worker);
      await once(worker.stdout, 'data');
      return worker;
    },
    kill: async (worker, isSupervised) => {
      if (worker === undefined) return;
      forget(worker);
      worker.kill('SIGKILL');
      await once(worker, 'exit');
      if (isSupervised) await expireTheDead(store);
    },
    freeze: async (worker) => {
      do {
        worker?.kill('SIGCONT');
        await until(() => false, 20);
        worker?.kill('SIGSTOP');
        await until(() => false, 20);
      } while (await isLocked());
    },
    stop: async (worker) => {
      if (worker === undefined) return;
      forget(worker);
      worker.stdout?.on('data', (said) => reports.push(JSON.parse(String(said))));
      worker.kill('SIGTERM');
      await once(worker, 'close');
    },
    heard: async (more) => {
      const wanted = lines() + more;
      if (!(await until(() => lines() >= wanted, patience))) throw new Error('the agents have fallen silent');
    },
  };
}

function canWrite(database: DatabaseSync): boolean {
  try {
    database.exec('begin immediate; rollback');
    return true;
  } catch {
    return false;
  }
}

function arrive(simulator: Simulator, at: number, within: number): Promise<CustomerResult> {
  const says = [...linesOf(at), 'again', 'again'];
  return simulator.arrive({
    firstName: `Customer${at}`,
    steps: [
      { expect: 'Hello', within },
      ...says.flatMap((say) => [{ pause: 250 }, { say }, { expect: `re: ${say}`, within }]),
      { leave: true },
    ],
  }).done;
}

const linesOf = (at: number | string): string[] =>
  ['first', 'second', 'third'].map((word) => `${word} ${at}`);

function judge({ name, served, failure, heard }: CustomerResult): string[] {
  const says = [...linesOf(name.replace('Customer', '')), 'again', 'again'];
  const wanted = [`Hello ${name}!`, ...says.map((say) => `re: ${say}`)];
  const got = heard.map(({ text }) => text);
  return [
    ...(served ? [] : [`${name} was not served: ${failure}`]),
    ...(JSON.stringify(got) === JSON.stringify(wanted) ? [] : [`${name} heard ${JSON.stringify(got)}`]),
  ];
}
