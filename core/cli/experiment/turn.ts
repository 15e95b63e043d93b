import { switchesOf, turn as turnIt } from '../../experiment/switches.ts';
import { RxClock } from '../../session/rx-clock.ts';
import { withRecords } from './opened.ts';

export interface TurnFlags {
  readonly config: string;
  readonly reason: string;
}

/** `usher experiment stop` and `resume`: everybody gets the control from now on, or no longer. */
export async function turn(key: string, stopped: boolean, { config, reason }: TurnFlags): Promise<void> {
  await withRecords(
    config,
    key,
    async (_experiments, store) => {
      const last = (await switchesOf(store, key)).at(-1);
      if ((last?.stopped ?? false) === stopped) {
        const already = stopped ? `is stopped already: ${last?.reason}` : 'is not stopped';
        process.stdout.write(`experiment ${key} ${already}\n`);
        return;
      }
      await turnIt(store, key, { stopped, reason, at: new RxClock().now() });
      const what = stopped ? 'is stopped: new chats get the control' : 'goes on';
      process.stdout.write(`experiment ${key} ${what}; running processes see it within 5 seconds\n`);
    },
    // It may be stopped before its first chat.
    { isMade: true },
  );
}
