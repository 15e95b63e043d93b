import type { FleetMessage } from '../../wire.ts';
import { Pill, type Tone } from '../parts/pill.tsx';

export type WorkerRow = NonNullable<FleetMessage['state']>['workers'][number];

const tones: Readonly<Record<WorkerRow['state'], Tone>> = { working: 'good', leaving: 'held', lost: 'bad' };

/** Milliseconds by which a renewal may be late with nothing being wrong: a worker looks every 200. */
const tolerated = 1_000;

interface WorkerProps {
  readonly worker: WorkerRow;
  /** The console is that worker's. */
  readonly isSelf: boolean;
  /** Absent: whoever looks may not. */
  readonly drain: ((incarnation: string) => void) | undefined;
}

export function Worker({ worker, isSelf, drain }: WorkerProps) {
  const { incarnation, shard, state, agents, share, capacity, lease, lag } = worker;
  const most = Math.max(share, agents, 1);
  return (
    <tr class={isSelf ? 'is-self' : undefined}>
      <th scope="row">
        {nameOf(worker)}
        {isSelf && <span class="tag">this one</span>}
        <span class="faint worker-id">
          {incarnation.slice(0, 8)}
          {shard !== undefined && `, shard ${shard}`}
        </span>
      </th>
      <td>
        <Pill tone={tones[state]}>{state}</Pill>
      </td>
      <td class="worker-load">
        <span class="strong">{agents.toLocaleString()}</span> of {share.toLocaleString()}
        <meter min={0} max={most} value={agents} aria-label={`agents of ${nameOf(worker)}`} />
      </td>
      <td class="number">{capacity.toLocaleString()}</td>
      <td class={`number ${lease === 0 ? 'is-bad' : ''}`}>{lease === 0 ? 'over' : seconds(lease)}</td>
      <td class={`number ${lag > tolerated ? 'is-bad' : ''}`}>{seconds(lag)}</td>
      {drain !== undefined && (
        <td>
          {state === 'working' && (
            <button type="button" aria-label={`Drain ${nameOf(worker)} …`} onClick={() => drain(incarnation)}>
              Drain …
            </button>
          )}
        </td>
      )}
    </tr>
  );
}

/** On one host there are several: the process tells them apart. */
export function nameOf({ host, pid, name }: WorkerRow): string {
  return host === undefined ? name : `${host}, process ${pid}`;
}

function seconds(milliseconds: number): string {
  return `${(milliseconds / 1_000).toFixed(1)} s`;
}
