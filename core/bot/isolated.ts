import { Observable, Subscriber, UnsubscriptionError } from 'rxjs';

/** `failed`: it threw; `stopped`: it was unsubscribed. */
export type WorkEnd = 'completed' | 'failed' | 'stopped';

export interface IsolationWard<Value> {
  readonly onNext?: (value: Value) => void;
  /** What the stream failed with, or its teardown threw; and how the work ends. */
  readonly onThrow: (thrown: unknown, how: WorkEnd) => void;
  /** Once, when the teardown is done. */
  readonly onEnd?: (how: WorkEnd) => void;
}

/**
 * Subscribes foreign code so that nothing it throws gets out. RxJS lets what a finalizer throws escape to whoever
 * ended the stream: a subject then leaves out its other subscribers, a timer ends the process.
 */
export class IsolatedSubscriber<Value> extends Subscriber<Value> {
  readonly #ward: IsolationWard<Value>;
  #how: WorkEnd = 'stopped';
  #starting = false;

  constructor(ward: IsolationWard<Value>) {
    super();
    this.#ward = ward;
  }

  /** Once; `error` ends it before its time. */
  take(source$: Observable<Value>): void {
    this.#starting = true;
    source$.subscribe(this);
    this.#starting = false;
  }

  override error(thrown: unknown): void {
    // A stream that ends at once is torn down only when it has been subscribed, and RxJS reports it to nobody.
    if (this.closed && this.#starting) return this.#ward.onThrow(reasonOf(thrown), this.#how);
    super.error(thrown);
  }

  override unsubscribe(): void {
    if (this.closed) return;
    try {
      super.unsubscribe();
    } catch (thrown) {
      if (this.#how === 'completed') this.#how = 'failed';
      this.#ward.onThrow(reasonOf(thrown), this.#how);
    }
    this.#ward.onEnd?.(this.#how);
  }

  protected override _next(value: Value): void {
    this.#ward.onNext?.(value);
  }

  protected override _error(thrown: unknown): void {
    this.#how = 'failed';
    this.#ward.onThrow(reasonOf(thrown), this.#how);
    this.unsubscribe();
  }

  protected override _complete(): void {
    this.#how = 'completed';
    this.unsubscribe();
  }
}

/** A stream as the work it does: it never fails, and neither does ending it. */
export function isolated(
  work$: Observable<unknown>,
  ward: Omit<IsolationWard<unknown>, 'onNext'>,
): Observable<never> {
  return new Observable((subscriber) => {
    const inner = new IsolatedSubscriber({
      ...ward,
      onEnd: (how) => {
        ward.onEnd?.(how);
        subscriber.complete();
      },
    });
    // Before it begins, so that it can be stopped while it does.
    subscriber.add(inner);
    inner.take(work$);
  });
}

/** What a finalizer threw, instead of the list that RxJS puts it in. */
export function reasonOf(thrown: unknown): unknown {
  return thrown instanceof UnsubscriptionError && thrown.errors.length === 1 ? thrown.errors[0] : thrown;
}
