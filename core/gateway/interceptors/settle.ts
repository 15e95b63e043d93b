import {
  concat,
  concatMap,
  defaultIfEmpty,
  defer,
  EMPTY,
  filter,
  finalize,
  ignoreElements,
  map,
  merge,
  mergeMap,
  NEVER,
  type Observable,
  of,
  take,
  takeUntil,
  tap,
  timer,
} from 'rxjs';
import type { OpenIntent } from '../../model/interaction-document.ts';
import type { InteractionChanged } from '../../model/notification.ts';
import type { Operation } from '../../model/operation.ts';
import { type Outcome, suppressed } from '../../model/outcome.ts';
import type { Interaction, Interceptor, Ledger } from '../../ports.ts';
import { evidenceOf, refusalProves, showsEffect, showsSoon } from '../reconciliation.ts';
import { Witness } from '../witness.ts';
import { writeIntent } from '../write-intent.ts';

export interface SettleOptions {
  readonly find: (interactionId: string) => Interaction | undefined;
  readonly ledger: Ledger;
  /** Brings the transcript up to date from an index on; tells whether it could be read. */
  readonly readTranscript: (interaction: Interaction, fromIndex: number) => Observable<boolean>;
  /** Brings the states of all interactions up to date; tells whether they could be read. */
  readonly refresh: () => Observable<boolean>;
  /** Milliseconds that GWS may take to do what was sent to it. Default: 1,500. */
  readonly settleTime?: number;
  /** Milliseconds that the effect of an operation, or its failure, may take to show. Default: 1,000. */
  readonly confirmTime?: number;
  /** Emits when the bots have been stopped: what is not written down by then is given up. Default: never. */
  readonly leaving$?: Observable<unknown>;
  /** How often an operation is sent at most, when it is certain each time that it had no effect. Default: 5. */
  readonly attempts?: number;
}

const invalidState = 2;

type Finding = 'done' | 'not done' | 'unreadable' | 'over';

/**
 * Writes down what is about to be sent, sends it, and, when the answer is lost, finds out whether it took effect
 * before it is sent again: neither twice nor not at all. What a process that died left on its way is settled in
 * the same manner by the next one, which begins with the finding out.
 */
export class Settling {
  readonly #options: Required<SettleOptions>;
  readonly #resumed = new WeakMap<Operation, OpenIntent>();

  constructor(options: SettleOptions) {
    this.#options = { settleTime: 1_500, confirmTime: 1_000, attempts: 5, leaving$: NEVER, ...options };
  }

  /** The operation of an intent that was found open, to be taken through the chain. */
  resume(intent: OpenIntent): Operation {
    this.#resumed.set(intent.operation, intent);
    return intent.operation;
  }

  readonly interceptor: Interceptor = (operation, next) => {
    const interaction = this.#options.find(operation.interactionId);
    if (interaction === undefined) return next(operation);
    if (isEndOfTyping(operation)) return this.#stopTyping(operation, interaction, next);
    if (evidenceOf[operation.name] === 'repeat') return next(operation);
    return defer(() => this.#send(operation, interaction, next));
  };

  #send(
    operation: Operation,
    interaction: Interaction,
    next: Parameters<Interceptor>[1],
  ): Observable<Outcome> {
    const dossier = this.#options.ledger.of(interaction);
    const left = this.#resumed.get(operation);
    const intent = left ?? { operation, base: interaction.now.lastIndex };
    const witness = new Witness(interaction, operation, intent.base);

    const attempt = (count: number, doubtful: boolean): Observable<Outcome> =>
      next(operation).pipe(
        mergeMap((outcome) => {
          if (outcome.kind === 'unknown') return settle(outcome, count);
          if (outcome.kind === 'sent') return confirm(outcome, count);
          const proves = doubtful && outcome.status === invalidState && refusalProves(operation);
          return of(proves ? settled(outcome) : outcome);
        }),
      );
    const confirm = (outcome: Outcome, count: number): Observable<Outcome> =>
      this.#followUp(interaction, outcome, witness).pipe(
        mergeMap((followed) => {
          if (followed === 'shown') return of(outcome);
          if (followed === 'nothing') return settle(outcome, count);
          return settle(failedLater(outcome, followed.error), count);
        }),
      );
    const settle = (outcome: Outcome, count: number): Observable<Outcome> =>
      this.#find(interaction, intent, witness).pipe(
        mergeMap((finding) => {
          if (finding === 'done') return of(settled(outcome));
          if (finding !== 'not done' || count >= this.#options.attempts) return of(inDoubt(outcome, finding));
          return attempt(count + 1, true);
        }),
      );

    const work$ =
      left === undefined
        ? writeIntent(dossier, intent, this.#options.leaving$).pipe(
            mergeMap((written) => {
              if (written === 'ok') return attempt(1, false);
              if (written === 'fenced')
                return of(suppressed(operation, 'fenced', 'another worker has the agent'));
              return of(unwritten(operation, written.why));
            }),
          )
        : settle(lost(operation), 0).pipe(
            tap(({ kind }) => {
              // It passed the keeper of the keys in the process that is gone.
              if (operation.once !== undefined && (kind === 'sent' || kind === 'unknown'))
                dossier.mark(operation.once);
            }),
          );
    return work$.pipe(
      finalize(() => {
        witness.unsubscribe();
        dossier.settle(operation);
      }),
    );
  }

  /**
   * GWS answers when it has handed a request on; what came of it follows as notifications, a failure as one of
   * kind Error (8.5.2 "Asynchronous Events"). Where nothing at all follows, the server is asked.
   */
  #followUp(
    interaction: Interaction,
    { operation, referenceId }: Outcome,
    witness: Witness,
  ): Observable<'shown' | 'nothing' | { readonly error: string }> {
    if (refusalProves(operation)) return of('shown');
    const effect$ =
      evidenceOf[operation.name] === 'transcript'
        ? witness.seen$.pipe(filter((seen) => seen))
        : merge(interaction.state$, interaction.participants$).pipe(
            filter(() => showsEffect(operation, interaction)),
          );
    return merge(
      merge(effect$, interaction.ended$).pipe(map(() => 'shown' as const)),
      this.#errors(interaction, referenceId).pipe(map((error) => ({ error }))),
      timer(this.#options.confirmTime).pipe(map(() => (showsSoon(operation) ? 'nothing' : 'shown'))),
    ).pipe(take(1), defaultIfEmpty('shown' as const));
  }

  /** A sign that never goes out is the one thing worth another try: it is watched on while its outcome is told. */
  #stopTyping(
    operation: Operation,
    interaction: Interaction,
    next: Parameters<Interceptor>[1],
    tries = 1,
  ): Observable<Outcome> {
    const out$ = interaction.typing$.pipe(filter(({ own, typing }) => own && !typing));
    return defer(() => {
      // Its effect may be told before its answer.
      let isOut = false;
      const watching = out$.subscribe(() => {
        isOut = true;
      });
      return next(operation).pipe(
        mergeMap((outcome) => {
          watching.unsubscribe();
          if (outcome.kind !== 'sent' || isOut || tries >= this.#options.attempts) return of(outcome);
          // Where nothing shows, once more will do: the server may not tell an agent of its own sign.
          const silence$ = tries === 1 ? timer(this.#options.confirmTime) : EMPTY;
          const failed$ = merge(this.#errors(interaction, outcome.referenceId), silence$).pipe(
            takeUntil(merge(out$, interaction.ended$, timer(this.#options.confirmTime + 1))),
            take(1),
            mergeMap(() => this.#stopTyping(operation, interaction, next, tries + 1)),
            ignoreElements(),
          );
          return concat(of(outcome), failed$);
        }),
        finalize(() => watching.unsubscribe()),
      );
    });
  }

  /** What GWS says of requests that came to nothing. */
  #errors(interaction: Interaction, referenceId: number | undefined): Observable<string> {
    return interaction.notifications$.pipe(
      filter((told) => told.kind === 'interaction'),
      filter((told) => told.change === 'Error' && isAbout(told, referenceId)),
      map(({ error }) => error ?? 'no reason given'),
    );
  }

  #find(interaction: Interaction, intent: OpenIntent, witness: Witness, tries = 1): Observable<Finding> {
    const found$ =
      evidenceOf[intent.operation.name] === 'transcript'
        ? this.#findLine(interaction, intent, witness)
        : this.#findState(interaction, intent);
    return found$.pipe(
      mergeMap((finding) =>
        finding === 'unreadable' && tries < this.#options.attempts
          ? this.#later(() => this.#find(interaction, intent, witness, tries + 1))
          : of(finding),
      ),
    );
  }

  /** Most that is missing was done long since: the transcript is read at once, and again when GWS must have done it. */
  #findLine(interaction: Interaction, { base }: OpenIntent, witness: Witness): Observable<Finding> {
    const look = (): Observable<Finding> =>
      this.#options.readTranscript(interaction, Math.max(base, 0)).pipe(
        map((read) => {
          if (witness.seen) return 'done';
          if (interaction.now.ended) return 'over';
          return read ? 'not done' : 'unreadable';
        }),
      );
    return look().pipe(concatMap((finding) => (finding === 'not done' ? this.#later(look) : of(finding))));
  }

  #findState(interaction: Interaction, { operation }: OpenIntent): Observable<Finding> {
    return this.#later(() =>
      this.#options.refresh().pipe(
        map((read): Finding => {
          if (showsEffect(operation, interaction)) return 'done';
          if (interaction.now.ended) return 'over';
          return read ? 'not done' : 'unreadable';
        }),
      ),
    );
  }

  #later(look: () => Observable<Finding>): Observable<Finding> {
    return timer(this.#options.settleTime).pipe(mergeMap(look));
  }
}

function isEndOfTyping(operation: Operation): boolean {
  return operation.name === 'sendTyping' && !operation.typing;
}

/** Where either side does not name the request, it may be this one. */
function isAbout(error: InteractionChanged, referenceId: number | undefined): boolean {
  return error.referenceId === undefined || referenceId === undefined || error.referenceId === referenceId;
}

/** GWS took it, and yet it is not there, again and again. */
function inDoubt(outcome: Outcome, finding: Finding): Outcome {
  if (outcome.kind !== 'sent' || finding !== 'not done') return outcome;
  const message = 'GWS took it, and nothing shows that anything came of it';
  return { ...outcome, kind: 'unknown', reason: 'no-effect', message };
}

function failedLater({ operation, attempts }: Outcome, message: string): Outcome {
  return { operation, kind: 'refused', reason: 'error', message, attempts };
}

function settled({ operation, attempts }: Outcome): Outcome {
  return { operation, kind: 'sent', attempts, reconciled: true };
}

function lost(operation: Operation): Outcome {
  return {
    operation,
    kind: 'unknown',
    reason: 'restart',
    message: 'the process ended on the way',
    attempts: 1,
  };
}

function unwritten(operation: Operation, message: string): Outcome {
  return { operation, kind: 'failed', reason: 'store', message, attempts: 0 };
}
