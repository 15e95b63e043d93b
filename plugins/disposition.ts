import { concatMap, filter, merge, scan, startWith, switchMap, take } from 'rxjs';
import { z } from 'zod';
import { condition, customerLeft, definePlugin, meets, mentions, phrase, whenState } from '../core/index.ts';

const options = z.strictObject({
  /** The first rule that fits when the customer has left gives the code. */
  rules: z
    .array(
      z.strictObject({
        code: z.string().min(1),
        /** Kinds of interaction and user data. Default: any. */
        when: condition.default({}),
        /** Something that the customer has written. Default: anything, or nothing. */
        said: z.array(phrase).default([]),
        /** Whether the agent has answered the customer. Default: either. */
        answered: z.boolean().optional(),
      }),
    )
    .default([]),
  /** The code where none fits. Default: none is set. */
  otherwise: z.string().min(1).optional(),
  /** The key of the code. Default: the server's. */
  key: z.string().min(1).optional(),
});

/** What was said in a chat, as far as the rules ask. */
interface Course {
  readonly customer: readonly string[];
  readonly answered: boolean;
}

/**
 * Says how a chat went, by a code of the contact centre, when the customer has left. List it before `wrap-up`: both are
 * asked for at the same moment, and the operations of a chat go out in the order of the bot's list.
 */
export const disposition = definePlugin({
  name: 'disposition',
  options,
  bot:
    ({ rules, otherwise, key }) =>
    (interaction, { operations }) => {
      const course$ = interaction.messages$.pipe(
        filter(({ type, visibility }) => type === 'Text' && visibility === 'All'),
        scan<{ own: boolean; from: { type: string }; text: string }, Course>(
          ({ customer, answered }, { own, from, text }) =>
            from.type === 'Customer'
              ? { customer: [...customer, text], answered }
              : { customer, answered: answered || (own && customer.length > 0) },
          { customer: [], answered: false },
        ),
        startWith<Course>({ customer: [], answered: false }),
      );
      const over$ = merge(customerLeft(interaction), whenState(interaction, 'LeftChat')).pipe(take(1));
      let latest: Course = { customer: [], answered: false };
      return merge(
        course$.pipe(
          switchMap((course) => {
            latest = course;
            return [];
          }),
        ),
        over$.pipe(
          concatMap(() => {
            const code =
              rules.find(
                ({ when, said, answered }) =>
                  meets(interaction, when) &&
                  (said.length === 0 || latest.customer.some((text) => mentions(text, said))) &&
                  (answered === undefined || answered === latest.answered),
              )?.code ?? otherwise;
            if (code === undefined) return [];
            return operations.setDisposition(code, {
              once: 'disposition',
              ...(key !== undefined && { key }),
            });
          }),
        ),
      );
    },
});
