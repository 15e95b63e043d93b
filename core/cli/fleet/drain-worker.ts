import { exitCodes, UsherError } from '../../errors.ts';
import { requestDrain } from '../../fleet/drain-request.ts';
import type { FleetState, WorkerRow } from '../../model/fleet-state.ts';
import type { Store } from '../../store/store.ts';
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
  await withFleet(config, async ({ stores, state }) => {
    const stop = stopSignal();
    const rows = chosen(await state(), name);
    await ask(rows, stores);
    const there = async (): Promise<readonly WorkerRow[]> =>
      (await state()).workers.filter((row) =>
        rows.some(({ incarnation }) => incarnation === row.incarnation),
      );
    let left = agentsOf(rows);
    let staying = rows;
    for (let looks = (within * 1_000) / between; staying.length > 0 && looks > 0; looks -= 1) {
      const agents = agentsOf(staying);
      if (!json && agents < left) process.stdout.write(`${agents} agents are left\n`);
      left = agents;
      if (!(await pause(between, stop))) break;
      staying = await there();
    }
    stop.release();
    const isGone = staying.every((row) => row.state === 'lost');
    const worker = rows[0]?.name ?? name;
    const outcome = { worker, drained: isGone, agents: agentsOf(staying) };
    const text = isGone
      ? `${worker} has left`
      : `${worker} is still there, with ${outcome.agents} agents: it goes on leaving`;
    process.stdout.write(json ? `${JSON.stringify(outcome)}\n` : `${text}\n`);
    process.exitCode = isGone ? exitCodes.ok : exitCodes.failed;
  });
}

/** By its name or the beginning of its id: what there is of it, in each shard. */
function chosen({ workers }: FleetState, name: string): readonly WorkerRow[] {
  const found = workers.filter((worker) => worker.name === name || worker.incarnation.startsWith(name));
  const [worker] = found;
  const isOne = found.every((one) => one.name === worker?.name) && !hasTwoInOneShard(found);
  if (worker !== undefined && isOne) {
    const elsewhere = workers.filter(
      (one) =>
        one.name === worker.name && one.state !== 'lost' && found.every(({ shard }) => shard !== one.shard),
    );
    return [...found, ...elsewhere];
  }
  const known = workers.map((one) => `${one.incarnation.slice(0, 8)} (${one.name})`).join(', ');
  const why = worker === undefined ? 'no worker is' : 'more than one worker is';
  throw new UsherError('USHER_NO_WORKER', `${why} "${name}"; there are ${known || 'none'}`);
}

function hasTwoInOneShard(rows: readonly WorkerRow[]): boolean {
  return new Set(rows.map(({ shard }) => shard)).size < rows.length;
}

/** One shard is enough for the process to hear of it: another may be away by now. */
async function ask(rows: readonly WorkerRow[], stores: readonly Store[]): Promise<void> {
  const asked = await Promise.allSettled(
    rows.map(({ shard = 0, incarnation }) => requestDrain(stores[shard] as Store, incarnation)),
  );
  const refused = asked.flatMap((one) => (one.status === 'rejected' ? [one.reason as unknown] : []));
  if (refused.length === rows.length) throw refused[0];
}

function agentsOf(rows: readonly WorkerRow[]): number {
  return rows.reduce((sum, { agents }) => sum + agents, 0);
}
