import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { NumberedEvent, Store } from 'usher-bots';
import { type CustomerResult, type Simulator, startSimulator } from 'usher-bots/simulator';
import { until } from '../faults/until.ts';
import { DoubtfulTarget } from './doubtful-target.ts';

export interface AnalyticsRun {
  /** Where the workers have their store, and the same opened here. */
  readonly place: string;
  readonly store: Store;
  readonly workers: number;
  readonly kills: number;
  /** Picks the moments of the kills, and the faults of the target. */
  readonly random: () => number;
}

export interface AnalyticsVerdict {
  readonly chats: number;
  readonly events: number;
  /** Batches that came more than once. */
  readonly repeated: number;
  readonly targetFailures: number;
  readonly failures: readonly string[];
}

const password = 'correct horse';
const agents = ['ada', 'bea'];
/** Milliseconds: a machine that is busy with other things starts a worker slowly. */
const patience = 120_000;

/**
 * Kills workers at random moments while customers chat and a doubtful target takes the events, and compares what the
 * target has in the end with what was said.
 */
export async function analyticsRun(run: AnalyticsRun): Promise<AnalyticsVerdict> {
  const { place, store, random } = run;
  const target = await DoubtfulTarget.opened(random);
  const simulator = await startSimulator({
    agents: agents.map((username) => ({ username, password, firstName: username, capacity: 3 })),
    invitationTimeout: 6_000,
    cometd: { timeout: 2_000, maxInterval: 2_000, maxSessionsPerBrowser: -1 },
  });
  const args = [simulator.url, place, agents.join(), target.url];
  const script = ['--conditions=usher-source', join(import.meta.dirname, 'analytics-worker.ts'), ...args];
  const workers: ChildProcess[] = [];
  const results: Promise<CustomerResult>[] = [];
  const start = async (): Promise<void> => {
    const worker = spawn(process.execPath, script, { stdio: ['ignore', 'pipe', 'inherit'] });
    workers.push(worker);
    await once(worker.stdout, 'data');
  };
  const arrive = (): void => {
    const open = [...simulator.chats.values()].filter(({ customerHere }) => customerHere).length;
    for (let nth = open; nth < 4; nth += 1) results.push(customer(simulator, results.length));
  };
  try {
    for (let nth = 0; nth < run.workers; nth += 1) await start();
    for (let killed = 0; killed < run.kills; killed += 1) {
      arrive();
      await pause(300 + random() * 1_500);
      const [victim] = workers.splice(0, 1);
      victim?.kill('SIGKILL');
      if (victim !== undefined) await once(victim, 'exit');
      await start();
    }
    const unserved = (await Promise.all(results)).filter(({ served }) => !served);
    const failures = unserved.map(({ name, failure }) => `${name} was not served: ${failure}`);
    if (!(await until(() => simulator.agents.every(({ parts }) => parts.size === 0), patience)))
      failures.push('work was left unfinished');
    // Nothing is published any more once all chats have ended.
    const ended = (): boolean => openAtEnd(target.events).length === 0;
    if (!(await until(ended, patience))) failures.push(`no end of ${openAtEnd(target.events).join()}`);
    let left = -1;
    for (const since = performance.now(); left !== 0 && performance.now() - since < patience; ) {
      left = (await store.waiting()).batches;
      await pause(50);
    }
    if (left !== 0) failures.push(`${left} batches are left in the outbox`);
    const keys = target.taken.map(({ key }) => key);
    return {
      chats: results.length,
      events: target.events.length,
      repeated: keys.length - new Set(keys).size,
      targetFailures: target.failures,
      failures: [...failures, ...target.contradictions, ...faultsIn(target.events, simulator)],
    };
  } finally {
    for (const worker of workers) worker.kill('SIGKILL');
    await Promise.all(
      workers.map(async (worker) => worker.exitCode ?? worker.signalCode ?? once(worker, 'exit')),
    );
    target.close();
    await simulator.close();
    await store.close();
  }
}

async function customer(simulator: Simulator, nth: number): Promise<CustomerResult> {
  const lines = [`first ${nth}`, `second ${nth}`, 'again', 'again'];
  const { done } = simulator.arrive({
    firstName: `Customer${nth}`,
    steps: [
      { expect: 'Hello', within: patience },
      ...lines.flatMap((say) => [{ say }, { expect: `re: ${say}`, within: patience }]),
      { leave: true },
    ],
  });
  return done;
}

/** Chats that have begun and not ended, by their events. */
function openAtEnd(events: readonly NumberedEvent[]): string[] {
  const last = new Map(events.map((event) => [`${event.agent} ${event.interactionId}`, event.kind]));
  return [...last].filter(([, kind]) => kind !== 'interaction-ended').map(([key]) => key);
}

/** What is missing, doubled or out of order, beside what was really said. */
function faultsIn(events: readonly NumberedEvent[], simulator: Simulator): string[] {
  const faults: string[] = [];
  const chats = Map.groupBy(events, ({ agent, interactionId }) => `${agent} ${interactionId}`);
  for (const [key, told] of chats) {
    let isOpen = false;
    let index = -1;
    for (const event of told) {
      if (isOpen === (event.kind === 'interaction-began'))
        faults.push(`${key}: ${event.kind} at a wrong place`);
      if (event.kind === 'interaction-began') isOpen = true;
      if (event.kind === 'interaction-ended') isOpen = false;
      if (event.kind !== 'message') continue;
      if (event.index <= index) faults.push(`${key}: line ${event.index} after line ${index}`);
      index = event.index;
    }
  }
  for (const { id, lines } of simulator.chats.values()) {
    const said = lines.flatMap(({ type, index }) => (type === 'Text' ? [index] : []));
    const told = events.flatMap((event) =>
      event.kind === 'message' && event.interactionId === id ? [event.index] : [],
    );
    const [missing, more] = [said.filter((one) => !told.includes(one)), told.length - new Set(told).size];
    if (missing.length > 0) faults.push(`${id}: lines ${missing.join()} of ${said.join()} were never told`);
    if (more > 0) faults.push(`${id}: ${more} lines were told twice`);
  }
  return faults;
}
