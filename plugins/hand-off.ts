import {
  concatMap,
  defer,
  delay,
  EMPTY,
  exhaustMap,
  filter,
  map,
  merge,
  type Observable,
  of,
  tap,
} from 'rxjs';
import { z } from 'zod';
import {
  condition,
  customerLeft,
  customerMessages,
  definePlugin,
  type HandOffRequest,
  handOffPlan,
  handOff as handOver,
  type Interaction,
  isAgent,
  meets,
  mentions,
  phrase,
  whenState,
} from '../core/index.ts';

const options = z.strictObject({
  ...handOffPlan.shape,
  /** Phrases of the customer that call for a human. Default: none; other plugins may still ask for one. */
  on: z.array(phrase).default([]),
  /** Chats that are handed over as soon as the agent has joined. Default: none. */
  when: condition.optional(),
  /** Whether chats are handed over when the session is being stopped. Default: false. */
  onDrain: z.boolean().default(false),
});

/** Milliseconds from the beginning of a stop to the hand-over. */
const aMoment = 1_000;

const state = z.object({
  /** How many hand-offs there have been in the chat, this one included. */
  count: z.number().default(0),
  /** The one that is under way, and who is being asked. */
  running: z
    .object({
      request: z.custom<HandOffRequest>((value) => typeof value === 'object' && value !== null),
      nth: z.number(),
    })
    .optional(),
});

/**
 * Hands the chat over to a human: on a phrase, by rule, when another plugin asks for it, or when the session is being
 * stopped. One at a time; after one that came to nothing the customer may ask again. It goes on after a restart.
 */
export const handOff = definePlugin({
  name: 'hand-off',
  options,
  state,
  bot:
    ({ on, when, onDrain, ...plan }) =>
    (interaction, context) => {
      const kept = context.state;

      const run = (request: HandOffRequest, from = 0): Observable<unknown> =>
        defer(() => {
          const key = `hand-off:${kept.value.count}`;
          return handOver(interaction, context, {
            plan,
            request,
            key,
            from,
            customerLeft$: customerLeft(interaction),
          });
        }).pipe(
          tap(({ phase, nth }) => {
            if (phase === 'failed' || phase === 'completed') kept.patch({ running: undefined });
            else if (nth !== kept.value.running?.nth) kept.patch({ running: { request, nth } });
          }),
        );
      const begin = (request: HandOffRequest): Observable<unknown> =>
        defer(() => {
          if (!isAlone(interaction)) return EMPTY;
          kept.patch({ count: kept.value.count + 1, running: { request, nth: 0 } });
          return run(request);
        });

      const resumed$ = defer(() => {
        const { running } = kept.value;
        return running === undefined ? EMPTY : run(running.request, running.nth);
      });
      const asked$ = customerMessages(interaction).pipe(
        filter(({ text }) => mentions(text, on)),
        // What else the line asks for is answered first.
        delay(0),
        map((): HandOffRequest => ({ reason: 'asked' })),
      );
      const byRule$ = whenState(interaction, 'Chatting').pipe(
        filter(() => when !== undefined && meets(interaction, when)),
        map((): HandOffRequest => ({ reason: 'rule' })),
      );
      const drained$ = context.drain$.pipe(
        filter(() => onDrain),
        // A chat that is about to end needs nobody.
        delay(aMoment),
        concatMap(() => whenState(interaction, 'Chatting')),
        map((): HandOffRequest => ({ reason: 'drain' })),
      );
      return merge(of('resume' as const), merge(asked$, byRule$, drained$, context.handOffRequests$)).pipe(
        exhaustMap((cause) => (cause === 'resume' ? resumed$ : begin(cause))),
      );
    },
});

/** No human has the word, and no colleague is in the chat already, as after a conference. */
function isAlone({ agent, now }: Interaction): boolean {
  if (now.owner.kind !== 'bot') return false;
  return now.participants.every((participant) => participant.type !== 'Agent' || isAgent(participant, agent));
}
