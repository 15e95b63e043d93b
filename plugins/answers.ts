import { z } from 'zod';
import { colleagueSpeaks, definePlugin, fillTemplate, mentions, phrase } from '../core/index.ts';

const options = z.strictObject({
  /** The first entry of which a phrase occurs in the customer's message gives the reply. */
  answers: z
    .array(
      z.strictObject({
        when: z.union([phrase.transform((one) => [one]), z.array(phrase).min(1)]),
        /** A template over user data and agent; `false` leaves the message to other plugins. */
        reply: z.union([z.string().trim().min(1, 'must not be empty'), z.literal(false)]),
      }),
    )
    .min(1, 'is empty: give at least one answer'),
  /** The reply to everything else. Default: none. */
  otherwise: z.string().trim().min(1, 'must not be empty').optional(),
  /** Whether what the customer wrote before the agent joined is answered too. Default: false. */
  history: z.boolean().default(false),
});

/**
 * Answers the customer's messages by phrase, in order, until a colleague speaks to the customer: a reply that is
 * still being typed is withdrawn then.
 */
export const answers = definePlugin({
  name: 'answers',
  options,
  history: ({ history }) => history,
  until: colleagueSpeaks,
  message:
    ({ answers, otherwise }) =>
    ({ text }, { interaction, operations }) => {
      const reply = answers.find(({ when }) => mentions(text, when))?.reply ?? otherwise;
      return reply ? operations.sendMessage(fillTemplate(reply, interaction)) : undefined;
    },
});
