import {
  concat,
  defer,
  filter,
  ignoreElements,
  map,
  mergeMap,
  type Observable,
  of,
  race,
  skipWhile,
  switchMap,
  take,
} from 'rxjs';
import type { Target } from '../../model/operation.ts';
import type { Outcome } from '../../model/outcome.ts';
import { isAgent, type Participant } from '../../model/participant.ts';
import type { Interaction } from '../../ports.ts';
import type { HandOffPhase } from './hand-off-state.ts';
import { brief, type HandOffTask, isDone, onceKey, say } from './steps.ts';

export interface Step {
  readonly phase: Exclude<HandOffPhase, 'requested' | 'failed'>;
  readonly why?: string;
}

/** Asks one target. The last step tells how it came out: `completed`, or why the next one is to be asked. */
export function attempt(task: HandOffTask, to: Target, nth: number): Observable<Step> {
  return task.plan.mode === 'transfer' ? inOneStep(task, to, nth) : inTwoSteps(task, to, nth);
}

function inOneStep(task: HandOffTask, to: Target, nth: number): Observable<Step> {
  const transfer$ = task.context.operations.transfer(to, { once: onceKey(task, `${nth}:transfer`) });
  return concat(
    of<Step>({ phase: 'ringing' }),
    transfer$.pipe(map((outcome): Step => (isDone(outcome) ? { phase: 'completed' } : refusedBy(outcome)))),
  );
}

function inTwoSteps(task: HandOffTask, to: Target, nth: number): Observable<Step> {
  const { interaction, context, plan } = task;
  const { operations, timer } = context;
  const ended$ = defer(() => operations.leaveConsultation({ once: onceKey(task, `${nth}:withdraw`) })).pipe(
    ignoreElements(),
  );
  return ask(task, to, nth).pipe(
    switchMap((asked) => {
      if (!isDone(asked)) return of(refusedBy(asked));
      const answer$ = race(
        arrival(interaction).pipe(map(() => 'accepted' as const)),
        consultationFailed(interaction).pipe(map(() => 'refused' as const)),
        timer(onceKey(task, `${nth}`), plan.within).pipe(map(() => 'timed-out' as const)),
      ).pipe(take(1));
      return concat(
        of<Step>({ phase: 'ringing' }),
        answer$.pipe(
          mergeMap((answer): Observable<Step> => {
            if (answer === 'refused') return of({ phase: 'refused', why: 'refused' });
            if (answer === 'timed-out') return concat(ended$, of<Step>({ phase: 'timed-out' }));
            return concat(
              of<Step>({ phase: 'accepted' }),
              complete(task, nth, asked.operation.name === 'invite', ended$),
            );
          }),
        ),
      );
    }),
  );
}

/** A server that knows no consultation can still bring somebody in before the customer's eyes. */
function ask(task: HandOffTask, to: Target, nth: number): Observable<Outcome> {
  const { operations } = task.context;
  const once = onceKey(task, `${nth}:ask`);
  return operations
    .startConsultation(to, { once })
    .pipe(
      switchMap((outcome) =>
        outcome.kind === 'unsupported' ? operations.invite(to, { once }) : of(outcome),
      ),
    );
}

/** The colleague is there: what is left to do, unless the colleague leaves again before it is done. */
function complete(
  task: HandOffTask,
  nth: number,
  isInvited: boolean,
  ended$: Observable<never>,
): Observable<Step> {
  const { interaction, context, plan } = task;
  const { operations } = context;
  const once = (step: string) => ({ once: onceKey(task, `${nth}:${step}`) });
  const finish$ = defer((): Observable<Step> => {
    const leave$: Observable<unknown> = plan.stays ? of('stays') : operations.leave(once('leave'));
    const done$ = leave$.pipe(map((): Step => ({ phase: 'completed' })));
    if (isInvited) return done$;
    const completed$ =
      plan.mode === 'consult'
        ? operations.completeTransfer(once('complete'))
        : operations.completeConference(once('complete'));
    return completed$.pipe(
      mergeMap((outcome): Observable<Step> => {
        if (!isDone(outcome)) return concat(ended$, of(refusedBy(outcome)));
        return plan.mode === 'consult' ? of({ phase: 'completed' }) : done$;
      }),
    );
  });
  const steps$ = concat(brief(task, `${nth}:brief`), say(task, 'accepted', plan.texts.accepted), finish$);
  const returned$ = departure(interaction).pipe(map((): Step => ({ phase: 'returned' })));
  return race(steps$.pipe(take(1)), returned$).pipe(take(1));
}

/** A colleague is in the chat: GWS does not say whether it is the one who was asked. */
function arrival(interaction: Interaction): Observable<unknown> {
  return interaction.participants$.pipe(filter((all) => all.some((one) => isColleague(one, interaction))));
}

/** No colleague is in the chat any more, as the list of those who are in it tells. */
function departure(interaction: Interaction): Observable<unknown> {
  return interaction.participants$.pipe(
    skipWhile((all) => !all.some((one) => isColleague(one, interaction))),
    filter((all) => all.length > 0 && !all.some((one) => isColleague(one, interaction))),
  );
}

function isColleague(one: Participant, { agent }: Interaction): boolean {
  return one.type === 'Agent' && !isAgent(one, agent);
}

/** GWS takes the request at once and reports later, as an Error notification, if it comes to nothing. */
function consultationFailed(interaction: Interaction): Observable<unknown> {
  return interaction.notifications$.pipe(
    filter((notification) => notification.kind === 'interaction' && notification.change === 'Error'),
  );
}

function refusedBy({ kind, reason }: Outcome): Step {
  return { phase: 'refused', why: reason ?? kind };
}
