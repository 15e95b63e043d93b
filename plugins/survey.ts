import { concat } from 'rxjs';
import { z } from 'zod';
import { definePlugin, fillTemplate, mentions, phrase } from '../core/index.ts';

const template = z.string().trim().min(1, 'must not be empty');

const options = z
  .strictObject({
    /** Phrases of the customer after which the question is asked, as a word of thanks. */
    on: z.array(phrase).min(1, 'is empty: give at least one phrase'),
    /** The question, which tells the scale. */
    ask: template,
    /** The lowest and the highest score. Default: 1 and 5. */
    lowest: z.number().int().default(1),
    highest: z.number().int().default(5),
    /** What is said to a score. */
    thanks: template,
    /** The key of the score in the user data. Default: 'SurveyScore'. */
    key: z.string().min(1).default('SurveyScore'),
  })
  .refine(({ lowest, highest }) => lowest < highest, {
    path: ['highest'],
    error: 'must be above `lowest`',
  });

const state = z.object({ asked: z.boolean().default(false), score: z.number().optional() });

/** Asks once in a chat how it was, and keeps the score in the user data and in the journal. */
export const survey = definePlugin({
  name: 'survey',
  options,
  state,
  message:
    ({ on, ask, lowest, highest, thanks, key }) =>
    ({ text }, { interaction, operations, state, note }) => {
      const { asked, score } = state.value;
      if (!asked && mentions(text, on)) {
        state.patch({ asked: true });
        return operations.sendMessage(fillTemplate(ask, interaction));
      }
      const given = asked && score === undefined ? scoreIn(text, lowest, highest) : undefined;
      if (given === undefined) return undefined;
      state.patch({ score: given });
      note('survey', { score: given });
      return concat(
        operations.attachUserData({ [key]: given }),
        operations.sendMessage(fillTemplate(thanks, interaction)),
      );
    },
});

/** The only number in a text, if it is on the scale. */
function scoreIn(text: string, lowest: number, highest: number): number | undefined {
  const numbers = text.match(/\d+/g) ?? [];
  const score = Number(numbers[0]);
  return numbers.length === 1 && score >= lowest && score <= highest ? score : undefined;
}
