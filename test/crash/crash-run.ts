import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { type CustomerResult, type SimulatorOptions, startSimulator } from 'usher-bots/simulator';
import { until } from '../faults/until.ts';

export interface CrashRun {
  readonly dialect: NonNullable<SimulatorOptions['dialect']>;
  readonly kills: number;
  /** Picks the moments of the kills. */
  readonly random: () => number;
}

export interface CrashVerdict {
  readonly kills: number;
  readonly chats: number;
  readonly failures: readonly string[];
}

const password = 'correct horse';
/** Milliseconds: a machine that is busy with other things starts a worker slowly. */
const patience = 120_000;

/** Milliseconds between two kills, at least and at most: from the middle of the start to the middle of the work. */
const soonest = 30;
const latest = 1_500;

/**
 * Kills a worker without warning, again and again at random moments, starts it on the same store each time, and
 * looks at what the customers heard meanwhile.
 */
export async function crashRun({ dialect, kills, random }: CrashRun): Promise<CrashVerdict> {
  const folder = await mkdtemp(join(tmpdir(), 'usher-crash-'));
  const simulator = await startSimulator({
    agents: [{ username: 'ada', password, firstName: 'Ada', capacity: 4 }],
    dialect,
    invitationTimeout: 4_000,
    cometd: { timeout: 2_000, maxInterval: 2_000, maxSessionsPerBrowser: -1 },
  });
  const results: Promise<CustomerResult>[] = [];
  const arrive = (): void => {
    const at = results.length;
    const lines = [`first ${at}`, `second ${at}`, 'again', 'again'];
    const customer = simulator.arrive({
      firstName: `Customer${at}`,
      steps: [
        { expect: 'Hello', within: patience },
        ...lines.flatMap((say) => [{ say }, { expect: `re: ${say}`, within: patience }]),
        { leave: true },
      ],
    });
    results.push(customer.done);
  };

  let worker: ChildProcess | undefined;
  const start = (): ChildProcess => {
    const conditions = ['--conditions=usher-source', join(import.meta.dirname, 'worker.ts')];
    const child = spawn(process.execPath, [...conditions, simulator.url, dialect, join(folder, 'store.db')], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    return child;
  };
  try {
    for (let killed = 0; killed < kills; killed += 1) {
      worker = start();
      await once(worker.stdout as NodeJS.EventEmitter, 'data');
      // As many as the agent can take are always there.
      while (simulator.agents[0] !== undefined && simulator.agents[0].parts.size + waiting(results) < 3)
        arrive();
      await pause(soonest + random() * (latest - soonest));
      worker.kill('SIGKILL');
      await once(worker, 'exit');
    }
    worker = start();
    const failures = (await Promise.all(results)).flatMap(judge);
    const atRest = await until(() => simulator.agents[0]?.parts.size === 0, patience);
    if (!atRest) failures.push('work was left unfinished');
    for (const { id, lines } of simulator.chats.values()) {
      const signs = lines.filter(
        ({ type, from }) => from.type === 'Agent' && /^Typing|^ParticipantLeft$/.test(type),
      );
      if (signs.at(-1)?.type === 'TypingStarted') failures.push(`${id}: the sign of typing was left on`);
    }
    return { kills, chats: results.length, failures };
  } finally {
    worker?.kill('SIGTERM');
    if (worker !== undefined && worker.exitCode === null) await once(worker, 'exit');
    await simulator.close();
    await rm(folder, { recursive: true });
  }

  function waiting(all: readonly unknown[]): number {
    const open = [...simulator.chats.values()].filter(({ customerHere }) => customerHere).length;
    return all.length === 0 ? 0 : Math.max(0, open - (simulator.agents[0]?.parts.size ?? 0));
  }
}

function judge({ name, served, failure, heard }: CustomerResult): string[] {
  const number = name.replace('Customer', '');
  const wanted = [`Hello ${name}!`, `re: first ${number}`, `re: second ${number}`, 're: again', 're: again'];
  const got = heard.map(({ text }) => text);
  return [
    ...(served ? [] : [`${name} was not served: ${failure}`]),
    ...(JSON.stringify(got) === JSON.stringify(wanted) ? [] : [`${name} heard ${JSON.stringify(got)}`]),
  ];
}
