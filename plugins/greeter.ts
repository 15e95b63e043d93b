import { concatMap, delay } from 'rxjs';
import { z } from 'zod';
import { condition, definePlugin, fillTemplate, meets, whenState } from '../core/index.ts';

const options = z.strictObject({
  /** A template over user data and agent: `Hello {FirstName|there}, I am {agent.nickname}.` */
  text: z.string().trim().min(1, 'must not be empty'),
  /** Milliseconds from joining the chat to the greeting. Default: 0. */
  delay: z.number().nonnegative().default(0),
  /** Which interactions are greeted. Default: those with a customer, not consultations. */
  when: condition.default({ kind: ['inbound', 'transfer', 'conference'] }),
});

/** Greets the customer once the agent has joined the chat, once per interaction; not in a chat that goes on. */
export const greeter = definePlugin({
  name: 'greeter',
  options,
  bot:
    ({ text, delay: pause, when }) =>
    (interaction, { operations }) =>
      whenState(interaction, 'Chatting').pipe(
        delay(pause),
        concatMap(() =>
          meets(interaction, when) && !interaction.resumed
            ? operations.sendMessage(fillTemplate(text, interaction), { once: 'greeting' })
            : [],
        ),
      ),
});
