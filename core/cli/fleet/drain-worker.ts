import { exitCodes, UsherError } from '../../errors.ts';
import { requestDrain } from '../../fleet/drain-request.ts';
import type { FleetState, WorkerRow } from '../../model/fleet-state.ts';
import { pause, stopSignal } from '../stop-signals.ts';
import { withFleet } from './with-fleet.ts';

export interface DrainWorkerFlags {
  readonly config: string;
  /** Seconds. */
  readonly within: number;
  readonly json: boolean;
}

/** Milliseconds from one look to the next. */
const between = 250;

/** `usher fleet drain`: has a worker give its agents to the others and end, wherever it runs, and waits until it has. */
export async function drainWorker(name: string, { config, within, json }: DrainWorkerFlags): Promise<void> {
  await withFleet(config, async ({ store, state }) => {
    const stop = stopSignal();
    const worker = chosen(await state(), name);
    await requestDrain(store, worker.incarnation);
    let left = worker.agents;
    let there: WorkerRow | undefined = worker;
    for (let looks = (within * 1_000) / between; there !== undefined && looks > 0; looks -= 1) {
      if (!json && there.agents < left) process.stdout.write(`${there.agents} agents are left\n`);
      left = there.agents;
      if (!(await pause(between, stop))) break;
      there = (await state()).workers.find(({ incarnation }) => incarnation === worker.incarnation);
    }
    stop.release();
    const isGone = there === undefined || there.state === 'lost';
    const outcome = { worker: worker.name, drained: isGone, agents: there?.agents ?? 0 };
    const text = isGone
      ? `${worker.name} has left`
      : `${worker.name} is still there, with ${outcome.agents} agents: it goes on leaving`;
    process.stdout.write(json ? `${JSON.stringify(outcome)}\n` : `${text}\n`);
    process.exitCode = isGone ? exitCodes.ok : exitCodes.failed;
  });
}

/** By its name or the beginning of its id. */
function chosen({ workers }: FleetState, name: string): WorkerRow {
  const found = workers.filter((worker) => worker.name === name || worker.incarnation.startsWith(name));
  const [worker] = found;
  if (worker !== undefined && found.length === 1) return worker;
  const known = workers.map((one) => `${one.incarnation.slice(0, 8)} (${one.name})`).join(', ');
  const why = worker === undefined ? 'no worker is' : 'more than one worker is';
  throw new UsherError('USHER_NO_WORKER', `${why} "${name}"; there are ${known || 'none'}`);
}
