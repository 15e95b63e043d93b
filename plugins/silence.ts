import {
  concat,
  concatMap,
  defer,
  EMPTY,
  filter,
  ignoreElements,
  map,
  merge,
  type Observable,
  switchMap,
  takeUntil,
  tap,
} from 'rxjs';
import { z } from 'zod';
import {
  type BotContext,
  customerLeft,
  customerMessages,
  definePlugin,
  fillTemplate,
  type Interaction,
  whenState,
} from '../core/index.ts';

const template = z.string().trim().min(1, 'must not be empty');
const wait = z.number().positive();

const options = z.strictObject({
  /** What is said to a customer who is silent, one after the other, each so many milliseconds after the last word. */
  warnings: z.array(z.strictObject({ after: wait, say: template })).default([]),
  /**
   * What comes when the last warning was of no use, after so many milliseconds more: the chat is closed, with a farewell
   * if there is one, or a human is asked for. Default: nothing.
   */
  finally: z
    .strictObject({ after: wait, do: z.enum(['close', 'hand-off']), say: template.optional() })
    .optional(),
  /** The longest that a chat may last, from the agent's joining. Default: as long as it likes. */
  longest: z
    .strictObject({ after: wait, do: z.enum(['close', 'hand-off']), say: template.optional() })
    .optional(),
  /**
   * A colleague who has the word leaves the customer without an answer for so long: the bot takes the word back and says
   * this. Default: never.
   */
  colleague: z.strictObject({ after: wait, say: template }).optional(),
});

const state = z.object({
  /** How many warnings have been given since the customer was heard last. */
  stage: z.number().default(0),
  /** How often the customer has been heard. */
  round: z.number().default(0),
  /** It is the customer's turn. */
  waiting: z.boolean().default(true),
});

type Options = z.output<typeof options>;
type Context = BotContext<z.output<typeof state>>;
type End = NonNullable<Options['finally']>;

/**
 * Looks after silence: reminds a customer who does not answer, and then closes or hands over; ends chats that last too
 * long; and steps in for a colleague who has gone. The clocks go on over a restart. A customer is reminded as often as
 * there are warnings, and not again before having been heard.
 */
export const silence = definePlugin({
  name: 'silence',
  options,
  state,
  bot:
    ({ warnings, finally: last, longest, colleague }) =>
    (interaction, context) => {
      const { operations, timer, state: kept, takeBack } = context;
      let isEnding = false;
      const end = (which: string, { do: deed, say }: End): Observable<unknown> =>
        concat(
          say === undefined
            ? EMPTY
            : operations.sendMessage(fillTemplate(say, interaction), { once: `silence:${which}` }),
          deed === 'close'
            ? operations.stopProcessing({ once: 'silence:close' })
            : askForHuman(context, which),
        );
      const next = (): Observable<unknown> => {
        const { stage, round } = kept.value;
        const warning = warnings[stage];
        if (warning === undefined)
          return last === undefined
            ? EMPTY
            : timer('silence', last.after).pipe(
                tap(() => {
                  isEnding = true;
                }),
                concatMap(() => end('finally', last)),
              );
        return timer('silence', warning.after).pipe(
          concatMap(() => {
            kept.patch({ stage: stage + 1 });
            const once = `silence:${round}:${stage}`;
            return operations.sendMessage(fillTemplate(warning.say, interaction), { once });
          }),
        );
      };
      const heard$ = merge(
        customerMessages(interaction),
        interaction.typing$.pipe(filter(({ from, typing }) => typing && from.type === 'Customer')),
      ).pipe(map(() => 'heard' as const));
      const spoken$ = merge(
        whenState(interaction, 'Chatting').pipe(filter(() => kept.value.waiting)),
        interaction.messages$.pipe(filter(({ type, own, history }) => type === 'Text' && own && !history)),
      ).pipe(map(() => 'spoken' as const));
      const owned$ = interaction.owner$.pipe(
        filter(({ kind }) => kind !== 'bot'),
        map(() => 'owned' as const),
      );
      const silence$ = merge(heard$, spoken$, owned$).pipe(
        // Its own farewell is nothing to wait for an answer to.
        filter(() => !isEnding),
        switchMap((cause) => {
          if (cause === 'spoken' && interaction.now.owner.kind === 'bot') {
            kept.patch({ waiting: true });
            return next();
          }
          kept.patch({ waiting: false, stage: 0, round: kept.value.round + (cause === 'heard' ? 1 : 0) });
          return EMPTY;
        }),
      );
      const longest$ =
        longest === undefined
          ? EMPTY
          : whenState(interaction, 'Chatting').pipe(
              switchMap(() => timer('longest', longest.after)),
              concatMap(() => end('longest', longest)),
            );
      const colleague$ =
        colleague === undefined
          ? EMPTY
          : colleagueIdle(interaction, () => timer('colleague', colleague.after)).pipe(
              concatMap(() => {
                takeBack();
                return operations.sendMessage(fillTemplate(colleague.say, interaction));
              }),
            );
      return merge(silence$, longest$, colleague$).pipe(takeUntil(customerLeft(interaction)));
    },
});

function askForHuman({ requestHandOff }: Context, reason: string): Observable<never> {
  return defer(() => {
    requestHandOff({ reason: reason === 'finally' ? 'silence' : reason });
    return EMPTY;
  }).pipe(ignoreElements());
}

/** The customer has said something to a human who has the word, and nobody has answered for so long. */
function colleagueIdle(interaction: Interaction, wait$: () => Observable<unknown>): Observable<unknown> {
  const asked$ = customerMessages(interaction).pipe(map(() => interaction.now.owner.kind === 'human'));
  const answered$ = interaction.messages$.pipe(
    filter(({ type, from, history }) => type === 'Text' && from.type === 'Agent' && !history),
    map(() => false),
  );
  const givenBack$ = interaction.owner$.pipe(
    filter(({ kind }) => kind !== 'human'),
    map(() => false),
  );
  return merge(asked$, answered$, givenBack$).pipe(switchMap((isOpen) => (isOpen ? wait$() : EMPTY)));
}
