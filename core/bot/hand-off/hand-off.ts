import {
  concat,
  defer,
  EMPTY,
  filter,
  finalize,
  ignoreElements,
  map,
  merge,
  mergeMap,
  type Observable,
  of,
  startWith,
  switchMap,
  take,
  takeWhile,
  tap,
} from 'rxjs';
import type { HandOffRequest } from '../../model/hand-off.ts';
import type { Owner } from '../../model/owner.ts';
import type { Interaction } from '../../ports.ts';
import type { BotContext } from '../plugin.ts';
import { attempt } from './attempt.ts';
import type { HandOffState } from './hand-off-state.ts';
import type { HandOffPlan } from './plan.ts';
import { attach, fallBack, type HandOffTask, onceKey, say } from './steps.ts';

export interface HandOffOptions {
  readonly plan: HandOffPlan;
  readonly request: HandOffRequest;
  /** Names it among those of the chat. With the same key it goes on where it was, after a restart too. */
  readonly key: string;
  /** Who is asked first, from 0: where it was before a restart. Default: 0. */
  readonly from?: number;
  /** Emits once, when the customer is gone. */
  readonly customerLeft$: Observable<unknown>;
}

/**
 * Hands a chat over: asks one target after the other until somebody takes it, and falls back on what the plan says if
 * nobody does. The bot leaves only when a colleague is there. Emits each state, and completes when it is decided; to
 * unsubscribe is to leave it as it is, to be gone on with under the same key.
 *
 * Each state is also noted in the journal, as `hand-off`; `completed` is noted even where it ends the interaction.
 */
export function handOff(
  interaction: Interaction,
  context: Pick<BotContext, 'operations' | 'timer' | 'note'>,
  { plan, request, key, from = 0, customerLeft$ }: HandOffOptions,
): Observable<HandOffState> {
  const task: HandOffTask = { interaction, context, plan, request, key };
  const targets = request.to === undefined ? plan.to : [request.to, ...plan.to];
  return defer(() => {
    let last: HandOffState | undefined;
    const tell = (state: HandOffState): void => {
      last = state;
      const { phase, to, why } = state;
      context.note('hand-off', {
        phase,
        reason: request.reason,
        ...(to !== undefined && { to: Object.values(to).join() }),
        ...(why !== undefined && { why }),
      });
    };
    const follow = (nth: number): Observable<HandOffState> => {
      const to = targets[nth];
      if (to === undefined) return concat(fallBack(task), of(failed(nth, 'nobody-came')));
      return concat(
        nth > 0 ? say(task, `${nth}:next`, plan.texts.next) : EMPTY,
        attempt(task, to, nth).pipe(
          mergeMap((step): Observable<HandOffState> => {
            const state: HandOffState = { ...step, nth, to };
            return isGivenUp(state)
              ? concat(
                  of(state),
                  defer(() => follow(nth + 1)),
                )
              : of(state);
          }),
        ),
      );
    };
    const course$ = concat(
      of<HandOffState>({ phase: 'requested', nth: from }),
      attach(task, plan.context.userData),
      say(task, 'requested', plan.texts.requested),
      defer(() => follow(from)),
    );
    const takenOver = (owner: Owner): Observable<HandOffState> => {
      const nth = last?.nth ?? from;
      const isOutside = owner.kind === 'human' && owner.by === 'take-over';
      if (!isOutside) return of({ phase: 'completed', nth });
      return concat(isAsking(last, plan) ? withdraw(task, nth) : EMPTY, of(failed(nth, 'taken-over')));
    };
    const abandoned$ = defer(() =>
      concat(
        isAsking(last, plan) ? withdraw(task, last?.nth ?? from) : EMPTY,
        of(failed(last?.nth ?? from, 'customer-left')),
      ),
    );
    const gone$ = customerLeft$.pipe(map(() => abandoned$));
    // A human has the chat already, unless it is the one who was asked and has come.
    const taken$ = interaction.owner$.pipe(
      filter(({ kind }) => kind === 'human' && last?.phase !== 'accepted'),
      map((owner) => takenOver(owner)),
    );
    return merge(gone$, taken$).pipe(
      take(1),
      startWith(course$),
      switchMap((course) => course),
      tap(tell),
      takeWhile(({ phase }) => phase !== 'completed' && phase !== 'failed', true),
      finalize(() => {
        if (last !== undefined && isTaken(last, plan, interaction)) tell({ ...last, phase: 'completed' });
      }),
    );
  });
}

function failed(nth: number, why: string): HandOffState {
  return { phase: 'failed', nth, why };
}

/** This one does not take the chat: the next one is asked. */
function isGivenUp({ phase }: HandOffState): boolean {
  return phase === 'refused' || phase === 'timed-out' || phase === 'returned';
}

/** A colleague is being asked, or is there, behind the customer's back. */
function isAsking(last: HandOffState | undefined, { mode }: HandOffPlan): boolean {
  return mode !== 'transfer' && (last?.phase === 'ringing' || last?.phase === 'accepted');
}

function withdraw(task: HandOffTask, nth: number): Observable<never> {
  const { operations } = task.context;
  return operations.leaveConsultation({ once: onceKey(task, `${nth}:withdraw`) }).pipe(ignoreElements());
}

/** The last step ended the agent's part in the chat, and with it all that could have told so. */
function isTaken({ phase }: HandOffState, { mode }: HandOffPlan, { now }: Interaction): boolean {
  return now.state === 'Completed' && phase === (mode === 'transfer' ? 'ringing' : 'accepted');
}
