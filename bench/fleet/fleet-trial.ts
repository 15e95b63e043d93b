import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { PostgresServer } from '../../test/postgres/postgres-server.ts';
import { type Child, startChild } from '../child.ts';
import { quantile } from '../measure.ts';
import type { FromContender, FromServer, Load, ToContender, ToServer } from '../protocol.ts';
import { freshDatabase } from '../store/fresh-database.ts';
import { cpuTime } from './cpu-time.ts';
import { noStore, storeMeter } from './store-meter.ts';
import type { FromWorker, ToWorker } from './worker-protocol.ts';

/** Who answers the customers. */
export type Entrant =
  | { readonly kind: 'hand-written' }
  | { readonly kind: 'fleet'; readonly workers: number };

export interface Trial {
  readonly entrant: Entrant;
  readonly agents: number;
  /** How many chats each agent has. */
  readonly chats: number;
  readonly load: Load;
}

export interface Result {
  readonly operationsPerSecond: number;
  /** Microseconds of CPU of all workers for each operation, notification included. */
  readonly cpuPerOperation: number;
  /** Milliseconds from the customer's line to the arrival of its answer. */
  readonly p50: number;
  readonly p99: number;
  /** Milliseconds from the start of the processes until every agent is Ready. */
  readonly upAfter: number;
  /** Bytes of all workers, agents logged in and without chats. */
  readonly rss: number;
  readonly heap: number;
  /** Commits of interactions, and bytes of write-ahead log, for each operation; 0 without a store. */
  readonly commitsPerOperation: number;
  readonly logPerOperation: number;
  /** Parts of one core that each was busy while it was measured. */
  readonly busy: { readonly workers: number; readonly server: number; readonly store: number };
}

/** Milliseconds until all agents have to be Ready; on a machine that does other things, too. */
const patience = 120_000;

type Process = Child<ToWorker, FromWorker>;

/** Starts everything anew, and measures it under one load. */
export async function fleetTrial(
  { entrant, agents, chats, load }: Trial,
  postgres: PostgresServer,
): Promise<Result> {
  const server = startChild<ToServer, FromServer>('load-server.ts', []);
  const processes: Process[] = [];
  try {
    const { url } = await server.hear('listening');
    const store = entrant.kind === 'fleet' ? await freshDatabase(postgres) : '';
    const begin = performance.now();
    processes.push(...entrants(entrant, url, store, agents));
    for (const process of processes) await process.hear('ready');
    if (entrant.kind === 'fleet') await seated(processes, agents);
    const upAfter = performance.now() - begin;
    const memory = await Promise.all(processes.map(memoryOf));
    server.say({ ask: 'chats', perAgent: chats });
    await server.hear('chatting');
    const postmaster = Number(readFileSync(join(postgres.data, 'postmaster.pid'), 'utf8').split('\n')[0]);
    const written = entrant.kind === 'fleet' ? await storeMeter(postgres.url('bench')) : noStore;
    const spent = () => ({
      workers: processes.reduce((sum, { pid }) => sum + cpuTime(pid), 0),
      server: cpuTime(server.pid),
      store: cpuTime(postmaster),
    });
    server.say({ ask: 'load', load });
    await server.hear('measuring');
    const [before, unwritten] = [spent(), await written.read()];
    const { operations, seconds, latencies } = await server.hear('measured');
    const after = spent();
    const { commits, log } = await written.read();
    await written.end();
    const busy = (who: keyof typeof before): number => (after[who] - before[who]) / seconds;
    const sorted = [...latencies].sort((a, b) => a - b);
    return {
      operationsPerSecond: operations / seconds,
      cpuPerOperation: ((after.workers - before.workers) * 1e6) / operations,
      p50: quantile(sorted, 0.5),
      p99: quantile(sorted, 0.99),
      upAfter,
      rss: memory.reduce((sum, { rss }) => sum + rss, 0),
      heap: memory.reduce((sum, { heap }) => sum + heap, 0),
      commitsPerOperation: (commits - unwritten.commits) / operations,
      logPerOperation: (log - unwritten.log) / operations,
      busy: { workers: busy('workers'), server: busy('server'), store: busy('store') },
    };
  } finally {
    for (const process of processes) process.end();
    server.end();
  }
}

function entrants(entrant: Entrant, url: string, store: string, agents: number): Process[] {
  if (entrant.kind === 'hand-written')
    return [
      startChild<ToContender, FromContender>('contenders/hand-written.ts', [url, String(agents)]) as never,
    ];
  return Array.from({ length: entrant.workers }, () =>
    startChild<ToWorker, FromWorker>('fleet/worker.ts', [url, store, String(agents)]),
  );
}

/** Waits until every agent is Ready, and each worker has its share. */
async function seated(workers: readonly Process[], agents: number): Promise<void> {
  const share = Math.floor(agents / workers.length);
  const end = performance.now() + patience;
  for (;;) {
    const ready = await Promise.all(workers.map(readyOf));
    if (ready.reduce((sum, each) => sum + each, 0) === agents && ready.every((each) => each >= share)) return;
    if (performance.now() > end)
      throw new Error(`after ${patience / 1_000} s, ${ready.join(', ')} of ${agents} agents are Ready`);
    await pause(20);
  }
}

async function readyOf(worker: Process): Promise<number> {
  worker.say({ ask: 'seats' });
  return (await worker.hear('seats')).ready;
}

async function memoryOf(worker: Process): Promise<Extract<FromContender, { told: 'memory' }>> {
  worker.say({ ask: 'memory' });
  return worker.hear('memory');
}
