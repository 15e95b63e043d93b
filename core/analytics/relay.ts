import {
  defer,
  firstValueFrom,
  from,
  map,
  merge,
  mergeMap,
  ReplaySubject,
  repeat,
  Subscription,
  throwError,
  timer,
} from 'rxjs';
import { asUsherError, messageOf, UsherError } from '../errors.ts';
import type { AnalyticsEvent } from '../model/analytics-event.ts';
import type { AnalyticsSink, Journal } from '../ports.ts';
import type { OutboxBatch, Store } from '../store/store.ts';
import { SinkError } from './sink-error.ts';

export interface RelayOptions {
  readonly store: Pick<Store, 'drain' | 'parts'>;
  readonly sink: AnalyticsSink;
  readonly journal: Journal;
  /** What tells the batches of this store from those of others. */
  readonly source: string;
  /** Milliseconds from one look at a part to the next. */
  readonly every: number;
  /** Milliseconds that the sink may take for a batch. Default: 20,000, less than a store leaves a part to a drainer. */
  readonly within?: number;
  /** A factor on each pause. Default: random, from 0.5 to 1.5. */
  readonly jitter?: () => number;
}

/** Batches of a part that are drained in one go. */
const mostInARow = 100;
/** How many times longer than usual the pause gets while there is nothing. */
const mostIdle = 8;
/** Milliseconds until a batch is tried again; doubles with every failure, up to the longest. */
const firstPause = 1_000;
const longestPause = 60_000;
/** Milliseconds until a batch is tried again that was refused. */
const refusedPause = 60_000;

/** How the looks at one part went. */
interface Standing {
  /** Looks in a row that found nothing. */
  empty: number;
  /** Failures in a row. */
  failures: number;
  /** Milliseconds until the next look. */
  pause: number;
}

/** Takes batches from the outbox to the sink, a part beside the other and each in its order. At least once. */
export class Relay {
  readonly #options: RelayOptions;
  readonly #running = new Subscription();
  /** Emits when nobody waits for the sink any more. */
  readonly #over = new ReplaySubject<Error>(1);
  #isOver = false;
  readonly #parts = new Map<number, Promise<unknown>>();

  constructor(options: RelayOptions) {
    this.#options = options;
  }

  start(): void {
    const { store, every } = this.#options;
    for (let part = 0; part < store.parts; part += 1) {
      const standing: Standing = { empty: 0, failures: 0, pause: every };
      this.#running.add(
        defer(() => this.#look(part, standing))
          .pipe(repeat({ delay: () => timer(standing.pause) }))
          .subscribe(),
      );
    }
  }

  /** Ends after one last go, which may take so many milliseconds. What is left stays in the outbox. */
  async stop(within: number): Promise<void> {
    this.#running.unsubscribe();
    const { store, every } = this.#options;
    const parts = Array.from({ length: store.parts }, (_, part) => part);
    const last = Promise.all(
      parts.map(async (part) => {
        await this.#parts.get(part);
        if (!this.#isOver) await this.#look(part, { empty: 0, failures: 0, pause: every });
      }),
    );
    await firstValueFrom(merge(from(last), timer(within)));
    this.#isOver = true;
    this.#over.next(new Error('the process stops'));
    await last;
  }

  /** One look at a part. Never fails: what went wrong is told, and tried again later. */
  #look(part: number, standing: Standing): Promise<void> {
    const work = this.#drain(part, standing).then(
      (count) => this.#went(standing, count),
      (thrown: unknown) => this.#failed(standing, thrown),
    );
    this.#parts.set(part, work);
    return work;
  }

  /** Tells how many batches there were. */
  async #drain(part: number, standing: Standing): Promise<number> {
    let count = 0;
    for await (const batch of this.#options.store.drain(part, mostInARow)) {
      await this.#publish(part, batch);
      // One that got through shows that those behind it may, too.
      standing.failures = 0;
      count += 1;
      if (this.#isOver) break;
    }
    return count;
  }

  async #publish(part: number, { id, events }: OutboxBatch): Promise<void> {
    const { sink, source, journal } = this.#options;
    const batch = `${source}-${part}-${id}`;
    const numbered = (events as unknown as readonly AnalyticsEvent[]).map((event, at) => ({
      ...event,
      id: `${batch}-${at}`,
    }));
    try {
      await this.#bounded((signal) => sink.publish({ id: batch, events: numbered }, signal));
    } catch (thrown) {
      throw this.#asFault(thrown);
    }
    journal.record('-', { kind: 'relayed', sink: sink.name, batch, events: events.length });
  }

  /** Nobody waits for a sink that does not come back, whatever it makes of its signal. */
  async #bounded(publish: (signal: AbortSignal) => Promise<void>): Promise<void> {
    const { within = 20_000 } = this.#options;
    const given = new AbortController();
    const late$ = timer(within).pipe(map(() => new Error(`no answer came within ${within} milliseconds`)));
    const givenUp$ = merge(this.#over, late$).pipe(
      mergeMap((why) => {
        given.abort(why);
        return throwError(() => why);
      }),
    );
    await firstValueFrom(
      merge(
        givenUp$,
        defer(() => publish(given.signal)),
      ),
    );
  }

  #asFault(thrown: unknown): UsherError {
    const isRefusal = thrown instanceof SinkError && thrown.isRefusal;
    const code = isRefusal ? 'USHER_ANALYTICS_REFUSED' : 'USHER_ANALYTICS_AWAY';
    return new UsherError(code, `${this.#options.sink.name}: ${messageOf(thrown)}`, { cause: thrown });
  }

  #went(standing: Standing, count: number): void {
    const { every, jitter = anywhere } = this.#options;
    standing.failures = 0;
    standing.empty = count === 0 ? standing.empty + 1 : 0;
    if (count === mostInARow) standing.pause = 0;
    else standing.pause = jitter() * Math.min(every * 2 ** Math.max(0, standing.empty - 1), every * mostIdle);
  }

  #failed(standing: Standing, thrown: unknown): void {
    // It was broken off by the stop, and is not a failure of anybody's.
    if (this.#isOver) return;
    const { jitter = anywhere } = this.#options;
    const error = asUsherError(thrown, 'USHER_STORE_UNAVAILABLE');
    const { cause } = error;
    const wished = cause instanceof SinkError ? cause.retryAfter : undefined;
    const usual =
      error.code === 'USHER_ANALYTICS_REFUSED'
        ? refusedPause
        : Math.min(firstPause * 2 ** standing.failures, longestPause);
    standing.failures += 1;
    standing.empty = 0;
    standing.pause = Math.max(jitter() * usual, wished ?? 0);
    // The worker tells of a store that is away.
    if (!error.code.startsWith('USHER_STORE_'))
      this.#tell(error, `; try ${standing.failures}, the next in ${Math.ceil(standing.pause / 1_000)} s`);
  }

  #tell(error: UsherError, more: string): void {
    const { code, message, cause } = error;
    this.#options.journal.record('-', { kind: 'problem', code, message: `${message}${more}`, cause });
  }
}

const anywhere = (): number => 0.5 + Math.random();
