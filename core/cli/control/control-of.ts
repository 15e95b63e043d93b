import { filter, type Observable, type Subscription } from 'rxjs';
import { messageOf } from '../../errors.ts';
import type { Host } from '../../host.ts';
import type { DrainReport } from '../../session/draining.ts';
import type { StopSignal } from '../stop-signals.ts';
import { controlPath } from './control-path.ts';
import { type ControlServer, controlServer, type OnDrain } from './control-server.ts';
import type { DrainAnswer } from './message.ts';

export interface Control {
  /** Tells those who asked for the stop what became of the chats. */
  close(report: DrainReport): Promise<void>;
}

/** The open chats of a process. */
export interface OpenChats {
  /** How many there are. */
  readonly open: () => number;
  /** Emits when that may have changed. */
  readonly changed$: Observable<unknown>;
}

export function openChatsOf(host: Host): OpenChats {
  return {
    open: () => host.sessions.reduce((sum, session) => sum + session.openInteractions, 0),
    changed$: host.journal$.pipe(filter(({ kind }) => kind === 'interaction-ended')),
  };
}

/** Lets other processes of the same user have this one stop. Where that cannot be, there are still the signals. */
export async function controlOf(
  { open, changed$ }: OpenChats,
  config: string,
  stop: StopSignal,
): Promise<Control> {
  const answers = new Set<(line: DrainAnswer) => void>();
  let following: Subscription | undefined;
  const tellOpen = (): void => {
    for (const answer of answers) answer({ open: open() });
  };
  const onDrain: OnDrain = ({ within }, answer) => {
    answers.add(answer);
    following ??= changed$.subscribe(() => queueMicrotask(tellOpen));
    tellOpen();
    stop.wish({ within });
  };
  const server = await listening(config, onDrain);
  return {
    close: async (report) => {
      following?.unsubscribe();
      for (const answer of answers) answer({ report });
      await server?.close();
    },
  };
}

async function listening(config: string, onDrain: OnDrain): Promise<ControlServer | undefined> {
  try {
    return await controlServer(controlPath(config), onDrain);
  } catch (thrown) {
    process.stderr.write(`usher: usher drain will not find this process: ${messageOf(thrown)}\n`);
    return undefined;
  }
}
