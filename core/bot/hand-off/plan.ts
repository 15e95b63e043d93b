import { z } from 'zod';
import { target } from '../target.ts';

const template = z.string().trim().min(1, 'must not be empty');
const userData = z.record(z.string(), template);

/**
 * How a chat is handed over, for the options of a plugin. Texts are templates over user data and agent; what is left out
 * is not said.
 */
export const handOffPlan = z.strictObject({
  /** Whom to ask, one after the other until somebody takes the chat. */
  to: z
    .union([target, z.array(target).min(1, 'is empty: name at least one')])
    .transform((one) => (Array.isArray(one) ? one : [one])),
  /**
   * - `consult`: the colleague is asked behind the customer's back, and gets the chat when there. Default.
   * - `conference`: the same, and the bot leaves when the colleague has been brought in; where the dialect knows no
   *   leaving, it stays, silent.
   * - `transfer`: in one step; whether somebody takes the chat is the contact centre's business from then on.
   */
  mode: z.enum(['consult', 'conference', 'transfer']).default('consult'),
  /** Milliseconds that each of them may take to come. Default: 30,000. */
  within: z.number().positive().default(30_000),
  /** What the customer is told on the way. */
  texts: z
    .strictObject({
      /** When it begins. */
      requested: template.optional(),
      /** When the next one is asked because one refused or did not come. */
      next: template.optional(),
      /** When the colleague is there. */
      accepted: template.optional(),
    })
    .default({}),
  /** What the colleague should know. */
  context: z
    .strictObject({
      /** Said to the agents only, when the colleague is there; `{reason}` and `{summary}` stand for the request's. */
      note: template.optional(),
      /** Put into the user data before anybody is asked; the same places. */
      userData: userData.optional(),
    })
    .default({}),
  /** Whether the bot stays in a conference, silent. Default: false. */
  stays: z.boolean().default(false),
  /** What becomes of the chat if nobody comes. */
  fallback: z.strictObject({
    /** What the customer is told then. */
    text: template,
    /**
     * - `stay`: the bot goes on. Default.
     * - `{ transfer }`: in one step to a queue, a skill or a colleague.
     * - `{ callBack }`: a note in the user data, for whoever calls back.
     * - `leave`: the bot ends its part.
     */
    does: z
      .union([
        z.enum(['stay', 'leave']),
        z.strictObject({ transfer: target }),
        z.strictObject({ callBack: userData }),
      ])
      .default('stay'),
  }),
});

/** How a chat is handed over, as it is written. */
export type HandOffPlanInput = z.input<typeof handOffPlan>;
export type HandOffPlan = z.output<typeof handOffPlan>;
