import { concat, defer, finalize, ignoreElements, merge, ReplaySubject, share, take, timer } from 'rxjs';
import { z } from 'zod';
import { definePlugin } from '../core/index.ts';

/** Milliseconds that a message waits longer than it must for the sign to be on, and to be off. */
const patience = 1_000;

const options = z
  .strictObject({
    /** How fast the agent seems to type. Default: 30. */
    charactersPerSecond: z.number().positive().default(30),
    /** Milliseconds that the shortest message takes. Default: 500. */
    minimum: z.number().nonnegative().default(500),
    /** Milliseconds that the longest message takes. Default: 5,000. */
    maximum: z.number().nonnegative().default(5_000),
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
  operation:
    ({ charactersPerSecond, minimum, maximum }) =>
    (operation, next, { operations }) => {
      if (operation.name !== 'sendMessage') return next(operation);
      const pace = (operation.text.length / charactersPerSecond) * 1_000;
      let shown = false;
      const start$ = defer(() => {
        shown = true;
        return operations.sendTyping(true);
      });
      // Once begun, it is seen to its end, whoever waits for it.
      const stop$ = defer(() => {
        shown = false;
        return operations.sendTyping(false);
      }).pipe(share({ connector: () => new ReplaySubject(1), resetOnRefCountZero: false }));
      const typed = Math.min(Math.max(pace, minimum), maximum);
      return concat(
        // Whichever takes longer; a lost answer to the sign does not count.
        merge(timer(typed), merge(start$, timer(typed + patience)).pipe(take(1))).pipe(ignoreElements()),
        merge(stop$, timer(patience)).pipe(take(1), ignoreElements()),
        next(operation),
      ).pipe(finalize(() => shown && stop$.subscribe()));
    },
});
