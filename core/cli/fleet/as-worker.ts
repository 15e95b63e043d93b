import { debounceTime, filter, type Subscription } from 'rxjs';
import type { Host } from '../../host.ts';
import type { DrainReport } from '../../session/draining.ts';
import type { StopSignal } from '../stop-signals.ts';
import { supervisorMessage, type WorkerMessage } from './worker-message.ts';

/** Names, for its worker processes, the variable that makes them such. Its value is the number of the worker. */
export const workerVariable = 'USHER_WORKER';

/** This process is one of the workers of a supervisor. */
export function isWorker(): boolean {
  return process.env[workerVariable] !== undefined && process.send !== undefined;
}

export interface Supervised {
  /** The worker has joined. */
  joined(): void;
  /** Tells what became of the chats. */
  close(report: DrainReport): Promise<void>;
}

/** Milliseconds without a further change after which it is told how many chats are open. */
const rest = 50;

/** The line to the supervisor: it says when to stop, and when it is gone, that is a reason to stop as well. */
export function supervised(host: Host, stop: StopSignal): Supervised {
  const following: Subscription = host.journal$
    .pipe(
      filter(({ kind }) => kind === 'interaction-began' || kind === 'interaction-ended'),
      debounceTime(rest),
    )
    .subscribe(() =>
      tell({ open: host.sessions.reduce((sum, { openInteractions }) => sum + openInteractions, 0) }),
    );
  const onMessage = (message: unknown): void => {
    const wish = supervisorMessage.safeParse(message);
    if (wish.success) stop.wish({ within: wish.data.within, passOn: wish.data.passOn });
  };
  const onDisconnect = (): void => stop.wish({});
  process.on('message', onMessage);
  process.on('disconnect', onDisconnect);
  return {
    joined: () => void tell({ joined: true }),
    close: async (report) => {
      following.unsubscribe();
      process.off('message', onMessage);
      process.off('disconnect', onDisconnect);
      await tell({ report });
      if (process.connected) process.disconnect();
    },
  };
}

function tell(message: WorkerMessage): Promise<void> {
  return new Promise((resolve) => {
    if (process.send === undefined || !process.connected) return resolve();
    process.send(message, undefined, {}, () => resolve());
  });
}
