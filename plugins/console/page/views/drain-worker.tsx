import type { RefObject } from 'preact';
import { act } from '../session.ts';
import { nameOf, type WorkerRow } from './worker.tsx';

interface DrainWorkerProps {
  readonly dialog: RefObject<HTMLDialogElement | null>;
  readonly workers: readonly WorkerRow[];
  /** `undefined`: none was chosen, or it has left in the meantime. */
  readonly worker: WorkerRow | undefined;
}

/** Asks whether a worker is to give its agents to the others and end. */
export function DrainWorker({ dialog, workers, worker }: DrainWorkerProps) {
  const others = workers.filter((one) => one !== worker && one.state === 'working').length;
  return (
    <dialog ref={dialog} aria-labelledby="drain-worker-title">
      <form
        method="dialog"
        onSubmit={() => {
          if (worker !== undefined) void act({ do: 'drain-worker', worker: worker.incarnation });
        }}
      >
        <h2 id="drain-worker-title">
          {worker === undefined ? 'The worker has left' : `Drain ${nameOf(worker)}?`}
        </h2>
        {worker !== undefined && (
          <p>
            {others === 0
              ? 'No other worker is there: its chats may end by themselves, and then nobody runs its agents.'
              : `${agentsOf(worker)} to the other ${others === 1 ? 'worker' : `${others} workers`}, who ${others === 1 ? 'goes' : 'go'} on with the chats.`}{' '}
            The process ends then; the supervisor of usher start --workers does not start it again.
          </p>
        )}
        <div class="buttons">
          <button type="button" onClick={() => dialog.current?.close()}>
            {worker === undefined ? 'Close' : 'Not now'}
          </button>
          {worker !== undefined && (
            <button type="submit" class="danger">
              Drain
            </button>
          )}
        </div>
      </form>
    </dialog>
  );
}

function agentsOf({ agents }: WorkerRow): string {
  return agents === 1 ? 'Its agent goes' : `Its ${agents.toLocaleString()} agents go`;
}
