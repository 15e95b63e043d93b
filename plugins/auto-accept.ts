import {
  BehaviorSubject,
  concatMap,
  delay,
  EMPTY,
  filter,
  map,
  merge,
  type Observable,
  skipWhile,
  take,
  takeUntil,
  tap,
} from 'rxjs';
import { z } from 'zod';
import { condition, definePlugin, type Interaction, meets, whenState } from '../core/index.ts';

const options = z.strictObject({
  /** Milliseconds from the invitation to the answer. Default: 0. */
  delay: z.number().nonnegative().default(0),
  /** How many chats the agent holds at most; further invitations wait or are rejected. Default: no limit. */
  capacity: z.number().int().positive().optional(),
  /** What happens to an invitation beyond the capacity. Default: 'wait', until GWS takes it back. */
  whenFull: z.enum(['wait', 'reject']).default('wait'),
  /** The first rule whose condition holds decides. Default: accept everything. */
  rules: z
    .array(
      z.strictObject({
        when: condition,
        do: z.enum(['accept', 'reject', 'ignore']),
        /** For the journal; GWS takes no reason. */
        reason: z.string().optional(),
      }),
    )
    .default([]),
});

/** Answers invitations: accepts, rejects or leaves them, by rules on kind and user data, within a capacity. */
export const autoAccept = definePlugin({
  name: 'auto-accept',
  options,
  bot: ({ delay: pause, capacity = Number.POSITIVE_INFINITY, whenFull, rules }) => {
    const places = new Places(capacity);

    return (interaction, { operations, drain$ }) => {
      const accept$ = places.take(interaction).pipe(
        delay(pause),
        concatMap(() => operations.accept({ once: 'accept' })),
        // After a lost answer the chat may be the agent's; it gives its place back at its end.
        tap(({ kind }) => kind !== 'sent' && kind !== 'unknown' && places.giveBack(interaction)),
      );
      const invited$ = whenState(interaction, 'Invited').pipe(
        concatMap(() => {
          const rule = rules.find(({ when }) => meets(interaction, when));
          if (rule?.do === 'ignore') return EMPTY;
          if (rule?.do === 'reject') return operations.reject({ reason: rule.reason ?? 'a rule says so' });
          if (places.full && whenFull === 'reject') return operations.reject({ reason: 'capacity' });
          return accept$;
        }),
      );
      const answered$ = interaction.state$.pipe(skipWhile((state) => state === 'Invited'));
      // What waits for a place would wait in vain: somebody else is to have it.
      const draining$ = drain$.pipe(
        take(1),
        filter(() => interaction.now.state === 'Invited'),
        concatMap(() => operations.reject({ reason: 'draining' })),
      );
      return merge(invited$.pipe(takeUntil(drain$)), draining$).pipe(takeUntil(answered$));
    };
  },
});

/** The places of one agent; those who wait get them in turn. */
class Places {
  readonly #capacity: number;
  readonly #taken = new BehaviorSubject<ReadonlySet<string>>(new Set());

  constructor(capacity: number) {
    this.#capacity = capacity;
  }

  get full(): boolean {
    return this.#taken.value.size >= this.#capacity;
  }

  /** Emits once there is a place, which is kept until the interaction ends or gives it back. */
  take(interaction: Interaction): Observable<void> {
    return this.#taken.pipe(
      filter(() => !this.full),
      take(1),
      tap(() => {
        this.#taken.next(new Set([...this.#taken.value, interaction.id]));
        interaction.ended$.subscribe(() => this.giveBack(interaction));
      }),
      map(() => undefined),
    );
  }

  giveBack({ id }: Interaction): void {
    const rest = new Set(this.#taken.value);
    if (rest.delete(id)) this.#taken.next(rest);
  }
}
