import {
  BehaviorSubject,
  defaultIfEmpty,
  defer,
  filter,
  map,
  Observable,
  Subscription,
  take,
  tap,
} from 'rxjs';
import type { Operation } from '../model/operation.ts';
import { type Outcome, suppressed } from '../model/outcome.ts';
import {
  type Interaction,
  type Interceptor,
  type Operations,
  OperationsGateway,
  type Withdrawal,
} from '../ports.ts';
import { boundOperations } from './bound-operations.ts';

/** The last step of the chain: sends one operation over the wire, once. */
export type Send = (operation: Operation) => Observable<Outcome>;

export interface GatewayChain {
  /** Sees every operation first and its outcome last. */
  readonly journal: Interceptor;
  /** What takes an operation back, wherever it waits. Default: nothing. */
  readonly withdrawal?: Withdrawal;
  /** Before the lane: what need not wait to be held back. */
  readonly once: Interceptor;
  readonly lane: Interceptor;
  /** Between the plugins' interceptors and the wire. */
  readonly inner: readonly Interceptor[];
  readonly send: Send;
}

/** Takes operations through the chain: journal → ownership → once → lane → the plugins of the bot → inner → wire. */
export class ChainGateway extends OperationsGateway {
  readonly #chain: GatewayChain;
  readonly #plugins = new Map<string, Interceptor[]>();
  readonly #busy = new BehaviorSubject(0);

  constructor(chain: GatewayChain) {
    super();
    this.#chain = chain;
  }

  /** Emits once, when nothing is under way. */
  get idle$(): Observable<void> {
    return this.#busy.pipe(
      filter((count) => count === 0),
      take(1),
      map(() => undefined),
    );
  }

  override perform(operation: Operation): Observable<Outcome> {
    const { once, lane, inner } = this.#chain;
    return this.#run(operation, (outer) => [
      ...outer,
      once,
      lane,
      ...(this.#plugins.get(operation.interactionId) ?? []),
      ...inner,
    ]);
  }

  /** An operation that was under way when an earlier process ended: decided then, only to be settled now. */
  resume(operation: Operation): Observable<Outcome> {
    const { lane, inner } = this.#chain;
    return this.#run(operation, ([first]) => [first, lane, ...inner]);
  }

  /** Past the lane and the plugins: for what an operation in the lane needs to be settled. */
  direct(operation: Operation): Observable<Outcome> {
    const { inner } = this.#chain;
    return this.#run(operation, (outer) => [...outer, ...inner]);
  }

  override bind(interaction: Interaction, plugin: string, around?: Interceptor): Operations {
    return boundOperations(interaction, plugin, (operation) =>
      around === undefined
        ? this.perform(operation)
        : defer(() => around(operation, (passed) => this.perform(passed))),
    );
  }

  override intercept(
    interaction: Interaction,
    plugin: string,
    make: (operations: Operations) => Interceptor,
  ): Subscription {
    const interceptor = make(boundOperations(interaction, plugin, (operation) => this.direct(operation)));
    this.#plugins.set(interaction.id, [...(this.#plugins.get(interaction.id) ?? []), interceptor]);
    return new Subscription(() => {
      const rest = this.#plugins.get(interaction.id)?.filter((other) => other !== interceptor) ?? [];
      if (rest.length === 0) this.#plugins.delete(interaction.id);
      else this.#plugins.set(interaction.id, rest);
    });
  }

  /**
   * One way through the chain. Whoever unsubscribes before the operation left cancels it, also while it waits
   * to be sent again; once it left, the chain runs to its end, since nobody can call a request back.
   */
  #run(
    operation: Operation,
    interceptors: (outer: readonly [journal: Interceptor, withdrawal: Interceptor]) => readonly Interceptor[],
  ): Observable<Outcome> {
    return new Observable<Outcome>((subscriber) => {
      // Whether a request is out that may have had, or may yet have, an effect.
      let left = false;
      const send: Send = (sent) => {
        left = true;
        return this.#detached(sent).pipe(
          tap(({ kind }) => {
            left = kind === 'sent' || kind === 'unknown';
          }),
        );
      };
      const { journal, withdrawal } = this.#chain;
      const outer = [journal, untilWithdrawn(withdrawal, () => left)] as const;
      const chained = interceptors(outer).reduceRight<Send>(
        (next, interceptor) => (passed) => firstOf(() => interceptor(passed, next)),
        send,
      );
      this.#busy.next(this.#busy.value + 1);
      const work = chained(operation)
        .pipe(defaultIfEmpty(suppressed(operation, 'dropped', 'an interceptor let it fall')))
        .subscribe({
          next: (outcome) => subscriber.next(outcome),
          error: (thrown) => subscriber.error(thrown),
          complete: () => subscriber.complete(),
        });
      work.add(() => this.#busy.next(this.#busy.value - 1));
      return () => {
        if (!left) work.unsubscribe();
      };
    });
  }

  /** A request that runs to its end, whoever listens. */
  #detached(operation: Operation): Observable<Outcome> {
    return new Observable<Outcome>((subscriber) => {
      this.#busy.next(this.#busy.value + 1);
      const work = this.#chain.send(operation).subscribe({
        next: (outcome) => subscriber.next(outcome),
        error: (thrown) => subscriber.error(thrown),
        complete: () => subscriber.complete(),
      });
      work.add(() => this.#busy.next(this.#busy.value - 1));
    });
  }
}

/** Lets an operation go on until it is taken back; what has left cannot be. */
function untilWithdrawn(withdrawal: Withdrawal | undefined, hasLeft: () => boolean): Interceptor {
  return (operation, next) =>
    withdrawal === undefined
      ? next(operation)
      : new Observable<Outcome>((subscriber) => {
          subscriber.add(
            withdrawal(operation).subscribe((outcome) => {
              if (hasLeft()) return;
              subscriber.next(outcome);
              subscriber.complete();
            }),
          );
          if (!subscriber.closed) subscriber.add(next(operation).subscribe(subscriber));
        });
}

/** The first outcome is the operation's, at every step, whatever an interceptor emits after it. */
function firstOf(make: () => Observable<Outcome>): Observable<Outcome> {
  return new Observable<Outcome>((subscriber) => {
    let told = false;
    return make().subscribe({
      next: (outcome) => {
        if (told) return;
        told = true;
        subscriber.next(outcome);
      },
      error: (thrown) => subscriber.error(thrown),
      complete: () => subscriber.complete(),
    });
  });
}
