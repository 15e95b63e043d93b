import {
  concat,
  defer,
  EMPTY,
  finalize,
  ignoreElements,
  interval,
  merge,
  mergeMap,
  Observable,
  ReplaySubject,
  share,
  take,
  tap,
  timer,
} from 'rxjs';
import { z } from 'zod';
import { customerMessages, definePlugin } from '../core/index.ts';

/** Milliseconds that a message waits longer than it must for the sign to be on, and to be off. */
const patience = 1_000;

/** Milliseconds after which the sign is given again, lest it go stale. */
const goesStale = 8_000;

/** Characters that the customer has written since the agent spoke last. */
const state = z.object({ unread: z.number().default(0) });

const options = z
  .strictObject({
    /** How fast the agent seems to type. Default: 30. */
    charactersPerSecond: z.number().positive().default(30),
    /** Milliseconds that the shortest message takes. Default: 500. */
    minimum: z.number().nonnegative().default(500),
    /** Milliseconds that the longest message takes. Default: 5,000. */
    maximum: z.number().nonnegative().default(5_000),
    /** Characters of the customer's that the agent seems to read in a second before it types. Default: none is read. */
    reading: z.number().positive().optional(),
    /** How much the time varies, from 0 to 1: with 0.3 by up to 30 % more or less. Default: 0. */
    jitter: z.number().min(0).max(1).default(0),
    /** What the variation is made of, besides chat and text: the same seed gives the same times. Default: ''. */
    seed: z.string().default(''),
  })
  .refine(({ minimum, maximum }) => minimum <= maximum, {
    path: ['minimum'],
    error: 'must not exceed maximum',
  });

/**
 * Shows that the agent types before each message of the other plugins, for as long as a person would take.
 * The sign is off again before the message leaves, and also when the message is cancelled: a customer who
 * leaves on reading it, or a lost connection after it, cannot leave it on.
 */
export const typing = definePlugin({
  name: 'typing',
  options,
  state,
  bot:
    ({ reading }) =>
    (interaction, { state }) =>
      reading === undefined
        ? EMPTY
        : customerMessages(interaction).pipe(tap(({ text }) => state.patch({ unread: text.length }))),
  operation:
    ({ charactersPerSecond, minimum, maximum, reading, jitter, seed }) =>
    (operation, next, { operations, state }) => {
      if (operation.name !== 'sendMessage') return next(operation);
      const { interactionId, text } = operation;
      const variation = 1 + jitter * (2 * fractionOf(`${seed}:${interactionId}:${text}`) - 1);
      const pace = Math.round((text.length / charactersPerSecond) * 1_000 * variation);
      const read = reading === undefined ? 0 : (state.value.unread / reading) * 1_000;
      if (read > 0) state.patch({ unread: 0 });
      let shown = false;
      const start$ = defer(() => {
        shown = true;
        return operations.sendTyping(true);
      });
      const again$ = interval(goesStale).pipe(
        mergeMap(() => operations.sendTyping(true)),
        ignoreElements(),
      );
      // Once begun, it is seen to its end, whoever waits for it.
      const stop$ = defer(() => {
        shown = false;
        return operations.sendTyping(false);
      }).pipe(share({ connector: () => new ReplaySubject(1), resetOnRefCountZero: false }));
      const typed = Math.min(Math.max(pace, minimum), maximum);
      return concat(
        // Whichever takes longer; a lost answer to the sign does not count.
        read > 0 ? timer(read).pipe(ignoreElements()) : EMPTY,
        alongside(
          again$,
          merge(timer(typed), merge(start$, timer(typed + patience)).pipe(take(1))).pipe(ignoreElements()),
        ),
        merge(stop$, timer(patience)).pipe(take(1), ignoreElements()),
        next(operation),
      ).pipe(finalize(() => shown && stop$.subscribe()));
    },
});

/** One stream, and another for as long as it lasts. */
function alongside(other$: Observable<never>, stream$: Observable<never>): Observable<never> {
  return new Observable((subscriber) => {
    subscriber.add(other$.subscribe());
    subscriber.add(stream$.subscribe(subscriber));
  });
}

/** A number from 0 to 1 that is always the same for a text (FNV-1a). */
function fractionOf(text: string): number {
  let hash = 0x811c9dc5;
  for (let at = 0; at < text.length; at += 1) {
    hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193);
  }
  return (hash >>> 0) / 0x1_0000_0000;
}
