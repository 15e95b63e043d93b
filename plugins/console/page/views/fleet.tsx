import { useEffect, useRef, useState } from 'preact/hooks';
import type { FleetMessage } from '../../wire.ts';
import { fleet, followFleet } from '../fleet.ts';
import { host } from '../live.ts';
import { Empty } from '../parts/empty.tsx';
import { session } from '../session.ts';
import { timeOf } from '../times.ts';
import { DrainWorker } from './drain-worker.tsx';
import { Worker } from './worker.tsx';

type State = NonNullable<FleetMessage['state']>;

export function Fleet() {
  const isThere = host.value?.fleet;
  useEffect(() => (isThere ? followFleet() : undefined), [isThere]);
  if (isThere === false)
    return (
      <Empty
        title="No fleet"
        hint="This process runs all of its agents by itself: the config has no fleet."
      />
    );
  const told = fleet.value;
  if (told === undefined) return <p class="waiting">Asking the store …</p>;
  const { state, self = [], at, problem } = told;
  return (
    <section class="panel" aria-label="Fleet">
      {problem !== undefined && (
        <p class="banner banner-bad" role="alert">
          {at === undefined ? 'Nothing is shown' : `Shown as it was at ${timeOf(at)}`}: {problem}.
        </p>
      )}
      {state !== undefined && <Shown state={state} self={self} />}
    </section>
  );
}

interface ShownProps {
  readonly state: State;
  readonly self: readonly string[];
}

function Shown({ state, self }: ShownProps) {
  const { workers, shards = [] } = state;
  const dialog = useRef<HTMLDialogElement>(null);
  const [chosen, choose] = useState<string>();
  const mayAct = session.value?.authority === 'act';
  const drain = (incarnation: string): void => {
    choose(incarnation);
    dialog.current?.showModal();
  };
  return (
    <>
      <Totals state={state} />
      {shards
        .filter(({ answers }) => !answers)
        .map(({ shard, store, agents }) => (
          <p key={shard} class="banner banner-bad" role="alert">
            Shard {shard}, {store}, does not answer: nobody runs its {agents.toLocaleString()} agents for
            longer than a lease.
          </p>
        ))}
      {workers.length === 0 ? (
        <Empty title="No worker has joined" hint="They appear as soon as they hold a lease." />
      ) : (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what can be scrolled has to be reached by keys as well
        <section class="scrolls fleet-workers" aria-label="Workers" tabIndex={0}>
          <table>
            <thead>
              <tr>
                <th scope="col">Worker</th>
                <th scope="col">State</th>
                <th scope="col">Agents of its share</th>
                <th scope="col" class="number">
                  Capacity
                </th>
                <th scope="col" class="number">
                  Lease left
                </th>
                <th scope="col" class="number">
                  Renewal late by
                </th>
                {mayAct && <th scope="col">Drain</th>}
              </tr>
            </thead>
            <tbody>
              {workers.map((worker) => (
                <Worker
                  key={worker.incarnation}
                  worker={worker}
                  isSelf={self.includes(worker.incarnation)}
                  drain={mayAct ? drain : undefined}
                />
              ))}
            </tbody>
          </table>
        </section>
      )}
      <DrainWorker
        dialog={dialog}
        workers={workers}
        worker={workers.find(({ incarnation }) => incarnation === chosen)}
      />
    </>
  );
}

function Totals({ state }: { readonly state: State }) {
  const { agents, free, workers } = state;
  const working = workers.filter(({ state: one }) => one === 'working');
  const room = working.reduce((sum, { capacity }) => sum + capacity, 0);
  const figures: readonly (readonly [name: string, figure: number, isBad?: boolean])[] = [
    ['Agents', agents],
    ['Run by nobody', free, free > 0],
    ['Workers at work', new Set(working.map(({ name }) => name)).size],
    ['Capacity of these', room],
  ];
  return (
    <div class="fleet-totals">
      <dl>
        {figures.map(([name, figure, isBad]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd class={isBad ? 'is-bad' : undefined}>{figure.toLocaleString()}</dd>
          </div>
        ))}
      </dl>
      {room < agents && (
        <p class="is-bad">
          The workers have room for {room.toLocaleString()} of {agents.toLocaleString()} agents: start more of
          them, or raise fleet.capacity.
        </p>
      )}
    </div>
  );
}
