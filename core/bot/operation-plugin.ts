import { defer, filter, from, Observable, take, tap } from 'rxjs';
import { UsherError } from '../errors.ts';
import type { Operation } from '../model/operation.ts';
import { type Outcome, suppressed } from '../model/outcome.ts';
import type { Interaction, Interceptor } from '../ports.ts';
import { Budget } from './budget.ts';
import { IsolatedSubscriber } from './isolated.ts';
import type { OperationContext, OperationFunction } from './plugin.ts';
import type { RunningPlugin } from './running-plugin.ts';

/**
 * A plugin's operation function as an interceptor that fails closed: what it breaks on, or holds for too long, is
 * not sent. While the plugin is in quarantine, operations pass it by, also the one it holds when it gets there.
 */
export function asInterceptor(
  run: RunningPlugin,
  operationFunction: OperationFunction,
  context: OperationContext,
): Interceptor {
  return (operation, next) => {
    if (!run.isFree) return next(operation);
    return new Observable((subscriber) => {
      const held = new HeldOperation(run, context.interaction, operation, next, {
        onOutcome: (outcome) => subscriber.next(outcome),
        onDone: () => subscriber.complete(),
      });
      const quarantined$ = run.isFree$.pipe(
        filter((isFree) => !isFree),
        take(1),
      );
      subscriber.add(() => held.release());
      subscriber.add(
        quarantined$.subscribe(() => {
          if (!held.isUntouched) return;
          held.release();
          subscriber.add(next(operation).subscribe(subscriber));
        }),
      );
      held.give(operationFunction, context);
    });
  };
}

interface Holder {
  readonly onOutcome: (outcome: Outcome) => void;
  readonly onDone: () => void;
}

/** One operation in the hands of a plugin. */
class HeldOperation {
  readonly #run: RunningPlugin;
  readonly #interaction: Interaction;
  readonly #operation: Operation;
  readonly #next: Parameters<Interceptor>[1];
  readonly #budget: Budget;
  readonly #holder: Holder;
  readonly #work: IsolatedSubscriber<Outcome>;
  #isPassed = false;
  #isAnswered = false;
  /** What became of it beyond the plugin. */
  #known: Outcome | undefined;

  constructor(
    run: RunningPlugin,
    interaction: Interaction,
    operation: Operation,
    next: Parameters<Interceptor>[1],
    holder: Holder,
  ) {
    this.#run = run;
    this.#interaction = interaction;
    this.#operation = operation;
    this.#next = next;
    this.#holder = holder;
    this.#budget = new Budget(run.services.clock, run.plugin.limits.holdBudget);
    this.#work = new IsolatedSubscriber<Outcome>({
      onNext: (outcome) => this.#answer(outcome),
      onThrow: (thrown) => this.#fail(thrown),
      onEnd: (how) => {
        if (how === 'stopped') return;
        if (!this.#isAnswered) this.#answer(this.#known ?? this.#dropped());
        holder.onDone();
      },
    });
  }

  /** It was neither passed on nor answered. */
  get isUntouched(): boolean {
    return !this.#isPassed && !this.#isAnswered;
  }

  give(operationFunction: OperationFunction, context: OperationContext): void {
    const answer$ = new Observable<Outcome>((subscriber) =>
      this.#run.timed(this.#interaction, () => {
        const held$ = operationFunction(this.#operation, (passed) => this.#pass(passed), context);
        return subscriber.closed ? undefined : from(held$).subscribe(subscriber);
      }),
    );
    this.#work.take(answer$);
    if (this.#work.closed) return;
    this.#work.add(this.#budget.over$.subscribe(() => this.#work.error(this.#tooLate())));
  }

  /** Takes it out of the plugin's hands. */
  release(): void {
    this.#work.unsubscribe();
  }

  #pass(operation: Operation): Observable<Outcome> {
    return defer(() => {
      this.#isPassed = true;
      return this.#budget.pausedDuring(this.#run.stopwatch.exempt(this.#next(operation))).pipe(
        tap((outcome) => {
          this.#known ??= outcome;
        }),
      );
    });
  }

  #answer(outcome: Outcome): void {
    this.#isAnswered = true;
    this.#holder.onOutcome(outcome);
  }

  #fail(thrown: unknown): void {
    // The outcome is decided here, whatever follows from the failure.
    const isUndecided = !this.#isAnswered;
    this.#isAnswered = true;
    this.#run.fail(this.#interaction, thrown, 'USHER_PLUGIN_INTERCEPTOR');
    if (isUndecided) this.#holder.onOutcome(this.#known ?? this.#broken());
  }

  #tooLate(): UsherError {
    const { name, limits } = this.#run.plugin;
    const { name: operation, interactionId } = this.#operation;
    const text = `plugin ${name} held ${operation} on interaction ${interactionId} for longer than ${limits.holdBudget} ms`;
    return new UsherError('USHER_PLUGIN_SLOW', text);
  }

  #dropped(): Outcome {
    return suppressed(this.#operation, 'dropped', `plugin ${this.#run.plugin.name} let it fall`);
  }

  /** What was passed on may be on its way; what was not is certainly not sent. */
  #broken(): Outcome {
    return {
      operation: this.#operation,
      kind: this.#isPassed ? 'unknown' : 'failed',
      reason: 'interceptor',
      message: `plugin ${this.#run.plugin.name} failed while it held the operation`,
      attempts: 0,
    };
  }
}
