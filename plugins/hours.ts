import { concat, concatMap, EMPTY, filter } from 'rxjs';
import { z } from 'zod';
import { definePlugin, fillTemplate, target, whenState } from '../core/index.ts';
import { Schedule, scheduleOptions } from './hours/schedule.ts';

export { Schedule, type ScheduleOptions, scheduleOptions } from './hours/schedule.ts';

const options = z
  .strictObject({
    ...scheduleOptions.shape,
    /** What is said outside the hours; `{opening}` stands for the next opening. */
    closedText: z.string().trim().min(1, 'must not be empty'),
    /** How the opening is worded. Default: 'en-GB'. */
    locale: z.string().default('en-GB'),
    /** What becomes of the chat then: the bot goes on, finishes, or transfers it. Default: 'stay'. */
    do: z.union([z.enum(['stay', 'finish']), z.strictObject({ transfer: target })]).default('stay'),
  })
  .transform(({ closedText, locale, do: deed, ...schedule }, context) => {
    try {
      return { closedText, locale, deed, schedule: new Schedule(schedule) };
    } catch (thrown) {
      const message = thrown instanceof Error ? thrown.message : String(thrown);
      context.addIssue({ code: 'custom', path: ['holidays'], message });
      return z.NEVER;
    }
  });

/** Tells customers who come outside the hours when it opens, once in a chat, and deals with the chat. */
export const hours = definePlugin({
  name: 'hours',
  options,
  bot:
    ({ schedule, closedText, locale, deed }) =>
    (interaction, { operations, clock }) =>
      whenState(interaction, 'Chatting').pipe(
        filter(() => !interaction.resumed && !schedule.isOpen(clock.now())),
        concatMap(() => {
          const next = schedule.nextOpening(clock.now());
          const opening = next === undefined ? '' : schedule.worded(next, locale);
          const text = fillTemplate(closedText.replaceAll('{opening}', opening), interaction);
          return concat(
            operations.sendMessage(text, { once: 'hours' }),
            deed === 'stay'
              ? EMPTY
              : deed === 'finish'
                ? operations.stopProcessing({ once: 'hours:finish' })
                : operations.transfer(deed.transfer, { once: 'hours:transfer' }),
          );
        }),
      ),
});
