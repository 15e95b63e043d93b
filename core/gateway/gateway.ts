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
import { type Interaction, type Interceptor, type Operations, OperationsGateway } from '../ports.ts';
import { boundOperations } from './bound-operations.ts';

/** The last step of the chain: sends one operation over the wire, once. */
export type Send = (operation: Operation) => Observable<Outcome>;

export interface GatewayChain {
  /** Sees every operation first and its outcome last. */
  readonly journal: Interceptor;
  /** Between the journal and the plugins' interceptors. */
  readonly outer: readonly Interceptor[];
  /** Between the plugins' interceptors and the wire. */
  readonly inner: readonly Interceptor[];
  readonly send: Send;
}

/**
 * Takes operations through the chain: journal → outer (once, lane) → the plugins of the bot → inner
 * (capability, retry) → wire.
 */
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
    const { journal, outer, inner } = this.#chain;
    return this.#run(operation, () => [
      journal,
      ...outer,
      ...(this.#plugins.get(operation.interactionId) ?? []),
      ...inner,
    ]);
  }

  override bind(interaction: Interaction, plugin: string): Operations {
    return boundOperations(interaction, plugin, (operation) => this.perform(operation));
  }

  override intercept(
    interaction: Interaction,
    plugin: string,
    make: (operations: Operations) => Interceptor,
  ): Subscription {
    const { journal, inner } = this.#chain;
    const direct = boundOperations(interaction, plugin, (operation) =>
      this.#run(operation, () => [journal, ...inner]),
    );
    const interceptor = make(direct);
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
  #run(operation: Operation, interceptors: () => readonly Interceptor[]): Observable<Outcome> {
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
      const chained = interceptors().reduceRight<Send>(
        // The first outcome is the operation's, at every step, whatever an interceptor emits after it.
        (next, interceptor) => (passed) =>
          defer(() => interceptor(passed, next)).pipe(filter((_outcome, at) => at === 0)),
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
