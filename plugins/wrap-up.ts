import { concatMap, delay, merge } from 'rxjs';
import { z } from 'zod';
import { customerLeft, definePlugin, whenState } from '../core/index.ts';

const options = z.strictObject({
  /** Milliseconds from the end of the chat to the end of the work on it. Default: 0. */
  delay: z.number().nonnegative().default(0),
});

/** Finishes the agent's work, once, when the chat is over: GWS keeps the agent busy with it until then. */
export const wrapUp = definePlugin({
  name: 'wrap-up',
  options,
  bot:
    ({ delay: pause }) =>
    (interaction, { operations }) =>
      merge(
        customerLeft(interaction),
        whenState(interaction, 'LeftChat'),
        whenState(interaction, 'JoinFailed'),
      ).pipe(
        delay(pause),
        concatMap(() => operations.stopProcessing({ once: 'wrap-up' })),
      ),
});
