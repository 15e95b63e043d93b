import { concatMap, delay, filter, take } from 'rxjs';
import { z } from 'zod';
import { definePlugin, target } from '../core/index.ts';

const options = z.strictObject({
  /** The colleague, the skill a colleague must have, or the queue. */
  to: target,
  /** Milliseconds from the agent's first message to the transfer. Default: 0. */
  delay: z.number().nonnegative().default(0),
});

/** Transfers the chat as soon as the agent has said its first message, usually the greeting. */
export const handOver = definePlugin({
  name: 'hand-over',
  options,
  bot:
    ({ to, delay: pause }) =>
    (interaction, { operations }) =>
      interaction.messages$.pipe(
        filter(({ own, type, history }) => own && type === 'Text' && !history),
        take(1),
        delay(pause),
        concatMap(() => operations.transfer(to, { once: 'hand-over' })),
      ),
});
