import {
  concat,
  EMPTY,
  exhaustMap,
  filter,
  map,
  merge,
  mergeMap,
  type Observable,
  take,
  takeUntil,
  timer,
} from 'rxjs';
import { z } from 'zod';
import {
  colleagueJoined,
  colleagueSpeaks,
  condition,
  customerMessages,
  definePlugin,
  fillTemplate,
  type Interaction,
  isAgent,
  meets,
  mentions,
  phrase,
  whenState,
} from '../core/index.ts';

const template = z.string().trim().min(1, 'must not be empty');

const options = z
  .strictObject({
    /** The colleague, by GWS user id. */
    to: z.strictObject({ agentId: z.string().min(1) }),
    /** Phrases of the customer that call for the colleague. Default: none. */
    on: z.array(phrase).default([]),
    /** Interactions that call for the colleague as soon as the agent has joined. Default: none. */
    when: condition.optional(),
    /** What becomes of the chat once the colleague is there. Default: 'transfer'. */
    completeAs: z.enum(['transfer', 'conference']).default('transfer'),
    /** Milliseconds to wait for the colleague. Default: 30,000. */
    within: z.number().positive().default(30_000),
    /** What the customer is told; templates over user data and agent. */
    texts: z.strictObject({
      /** While the colleague is asked. Default: nothing. */
      asking: template.optional(),
      /** When the colleague is there. Default: nothing. */
      joined: template.optional(),
      /** When no colleague comes. */
      fallback: template,
    }),
  })
  .refine(({ on, when }) => on.length > 0 || when !== undefined, {
    path: ['on'],
    error: 'or `when` must say what calls for the colleague',
  });

type Answer = 'joined' | 'refused' | 'late';

/**
 * Consults a colleague on a phrase or by rule, waits until the colleague has joined, and then hands the chat
 * over or brings the colleague in. If nobody comes in time, the customer is told so and may ask again.
 */
export const consult = definePlugin({
  name: 'consult',
  options,
  bot:
    ({ to, on, when, completeAs, within, texts }) =>
    (interaction, { operations }) => {
      const say = (text: string | undefined): Observable<unknown> =>
        text === undefined ? EMPTY : operations.sendMessage(fillTemplate(text, interaction));
      const complete = () =>
        completeAs === 'transfer' ? operations.completeTransfer() : operations.completeConference();

      const giveUp$ = concat(operations.leaveConsultation(), say(texts.fallback));

      const answer$: Observable<Answer> = merge(
        operations.startConsultation(to).pipe(
          // A request whose answer was lost may have been taken: the colleague may still come.
          filter(({ kind }) => kind !== 'sent' && kind !== 'unknown'),
          map(() => 'refused' as const),
        ),
        consultationFailed(interaction).pipe(map(() => 'refused' as const)),
        colleagueJoined(interaction).pipe(map(() => 'joined' as const)),
        timer(within).pipe(map(() => 'late' as const)),
      ).pipe(take(1));

      const consultation$ = concat(
        say(texts.asking),
        answer$.pipe(
          mergeMap((answer) => {
            if (answer === 'refused') return say(texts.fallback);
            if (answer === 'late') return giveUp$;
            return concat(
              say(texts.joined),
              complete().pipe(
                filter(({ kind }) => kind !== 'sent' && kind !== 'unknown'),
                mergeMap(() => giveUp$),
              ),
            );
          }),
        ),
      );

      const byRule$ = whenState(interaction, 'Chatting').pipe(
        filter(() => when !== undefined && meets(interaction, when)),
      );
      const byPhrase$ = customerMessages(interaction).pipe(filter(({ text }) => mentions(text, on)));
      return merge(byRule$, byPhrase$).pipe(
        takeUntil(colleagueSpeaks(interaction)),
        exhaustMap(() => (isAlone(interaction) ? consultation$ : EMPTY)),
      );
    },
});

/** No colleague is in the chat already, as after a conference. */
function isAlone({ agent, now }: Interaction): boolean {
  return now.participants.every((participant) => participant.type !== 'Agent' || isAgent(participant, agent));
}

/** GWS takes the request at once and reports later, as an Error notification, if it comes to nothing. */
function consultationFailed(interaction: Interaction): Observable<unknown> {
  return interaction.notifications$.pipe(
    filter((notification) => notification.kind === 'interaction' && notification.change === 'Error'),
  );
}
