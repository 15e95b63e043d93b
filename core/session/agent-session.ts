import type { Container } from 'inversify';
import {
  BehaviorSubject,
  catchError,
  defer,
  filter,
  firstValueFrom,
  map,
  type Observable,
  of,
  retry,
  Subject,
  type Subscription,
  take,
  throwError,
  timeout,
  timer,
} from 'rxjs';
import type { Bot } from '../bot/define-bot.ts';
import type { Dialect, Me } from '../dialects/dialect.ts';
import { messageOf, UsherError } from '../errors.ts';
import type { SessionStatus } from '../model/journal-entry.ts';
import { HttpSession } from '../transport/http-session.ts';
import type { Network } from '../transport/network.ts';
import { Requests } from '../transport/requests.ts';
import { type ConnectionEvent, connection } from './connection.ts';
import type { RootServices } from './container.ts';
import { GwsCalls } from './gws-calls.ts';
import { operationSender } from './operation-sender.ts';
import { Seat } from './seat.ts';

export interface AgentSessionOptions {
  readonly username: string;
  readonly password: string;
  /** Default: the agent's first name. */
  readonly nickname: string | undefined;
  readonly place: string | undefined;
  readonly bots: readonly Bot[];
  /** For instance https://gws.example.com */
  readonly origin: string;
  readonly dialect: Dialect;
  readonly network: Network;
  readonly root: Container;
  readonly services: RootServices;
}

export interface StopOptions {
  /** Milliseconds that open chats may take to end by themselves. Default: 0. */
  readonly grace?: number;
  /** Milliseconds that each step of stopping may take. Default: 5,000. */
  readonly budget?: number;
}

/** Milliseconds until the first new try after a loss; doubles up to the longest. */
const firstPause = 250;
const longestPause = 10_000;

/** Errors that no new try will mend. */
const permanent = new Set(['USHER_LOGIN_REFUSED', 'USHER_NOT_GWS', 'USHER_TLS']);

/**
 * One agent's seat from log-in to log-out. Once it has been ready, it comes back by itself after any loss, with
 * a new connection; its interactions and bots live through that.
 */
export class AgentSession {
  readonly username: string;
  readonly #options: AgentSessionOptions;
  readonly #calls: GwsCalls;
  readonly #http: HttpSession;
  readonly #requests: Requests;
  readonly #status = new BehaviorSubject<SessionStatus>('starting');
  readonly #close = new Subject<void>();
  #connection: Subscription | undefined;
  #seat: Seat | undefined;
  #closing = false;

  readonly status$: Observable<SessionStatus> = this.#status.asObservable();

  constructor(options: AgentSessionOptions) {
    this.#options = options;
    this.username = options.username;
    this.#http = new HttpSession(options.origin, options);
    this.#requests = new Requests(this.#http, options.network, { basePath: options.dialect.basePath });
    this.#calls = new GwsCalls(this.#requests, options.dialect, options.origin);
  }

  get status(): SessionStatus {
    return this.#status.value;
  }

  /** How many interactions are open. */
  get openInteractions(): number {
    return this.#seat?.interactions.open.length ?? 0;
  }

  /**
   * Logs in and runs. Resolves when the agent is Ready for the first time.
   *
   * @throws UsherError when that fails; nothing is left behind then.
   */
  async start(): Promise<void> {
    this.#record('starting');
    try {
      await new Promise<void>((resolve, reject) => {
        this.#connection = this.#connections().subscribe({
          next: (event) => {
            this.#show(event);
            if (event === 'ready') resolve();
          },
          error: (error: unknown) => {
            this.#record('failed', messageOf(error));
            reject(error);
          },
        });
      });
    } catch (thrown) {
      await this.#release(1_000);
      throw asUsherError(thrown);
    }
  }

  /** NotReady, bots, operations under way, CometD, and EndContactCenterSession as the very last request. */
  async stop({ grace = 0, budget = 5_000 }: StopOptions = {}): Promise<void> {
    if (this.#closing) return;
    this.#closing = true;
    const { notReady } = this.#options.dialect.session;
    const wasReady = this.status === 'ready';
    if (this.status !== 'failed') this.#record('stopping');
    // A server that does not even take this will not take the rest.
    const reachable =
      wasReady && (await this.#within(budget, 'NotReady', () => this.#calls.command('NotReady', notReady)));
    if (reachable && grace > 0) await this.#quiet(grace);
    await this.#release(budget, reachable);
    if (this.status !== 'failed') this.#record('stopped');
    this.#status.complete();
  }

  #connections(): Observable<ConnectionEvent> {
    const { dialect, network, place } = this.#options;
    return connection({
      calls: this.#calls,
      dialect,
      http: this.#http,
      network,
      place,
      close$: this.#close,
      onLogin: (me) => this.#sit(me),
      onMessage: (topic, data) => this.#seat?.notify(topic, data),
      onSnapshot: (me) => this.#seat?.reconcile(me),
    }).pipe(
      retry({
        resetOnSuccess: true,
        delay: (error: unknown, count) => {
          const hopeless = error instanceof UsherError && permanent.has(error.code);
          if (this.status === 'starting' || hopeless) return throwError(() => error);
          this.#record('recovering', messageOf(error));
          return timer(Math.min(firstPause * 2 ** (count - 1), longestPause) * (0.5 + Math.random()));
        },
      }),
    );
  }

  #sit(me: Me): void {
    if (this.#seat !== undefined) return;
    const { username, bots, dialect, root, services } = this.#options;
    const nickname = this.#options.nickname ?? (me.firstName || username);
    this.#seat = new Seat({
      agent: { id: me.id, username, firstName: me.firstName, lastName: me.lastName, nickname },
      bots,
      dialect,
      root,
      services,
      send: operationSender({
        dialect,
        requests: this.#requests,
        find: (id) => this.#seat?.interactions.get(id),
        onTranscript: (notification) => this.#seat?.interactions.apply(notification),
      }),
    });
  }

  #show(event: ConnectionEvent): void {
    if (event === 'ready' || event === 'resumed') return this.#record('ready');
    this.#record('recovering', event.interrupted);
  }

  #record(status: SessionStatus, detail?: string): void {
    if (this.#status.value === status && status !== 'starting') return;
    this.#status.next(status);
    const event = { kind: 'session' as const, status, ...(detail !== undefined && { detail }) };
    this.#options.services.journal.record(this.username, event);
  }

  async #quiet(grace: number): Promise<void> {
    const empty$ = this.#seat?.interactions.count$.pipe(
      filter((count) => count === 0),
      take(1),
      timeout({ first: grace, with: () => of(0) }),
    );
    if (empty$ !== undefined) await firstValueFrom(empty$, { defaultValue: 0 });
  }

  async #release(budget: number, reachable = false): Promise<void> {
    const seat = this.#seat;
    seat?.stopBots();
    if (seat !== undefined) {
      await this.#within(budget, 'operations under way', () => firstValueFrom(seat.gateway.idle$));
    }
    if (reachable) {
      await this.#within(budget, 'CometD disconnect', () => this.#disconnected());
    }
    this.#connection?.unsubscribe();
    if (reachable) {
      const { session } = this.#options.dialect;
      await this.#within(budget, 'EndContactCenterSession', () =>
        this.#calls.command('EndContactCenterSession', session.end),
      );
    }
    if (seat !== undefined) await this.#within(budget, 'services', () => seat.close());
  }

  #disconnected(): Promise<void> {
    return new Promise((resolve) => {
      if (this.#connection === undefined || this.#connection.closed) return resolve();
      this.#connection.add(resolve);
      this.#close.next();
    });
  }

  /** Takes a step of stopping and tells whether it was taken: a failure is reported, and the next one comes all the same. */
  async #within(budget: number, step: string, run: () => Promise<unknown>): Promise<boolean> {
    const { journal } = this.#options.services;
    const done$ = defer(run).pipe(
      map(() => true),
      timeout({ first: budget, with: () => throwError(() => new Error(`no end after ${budget} ms`)) }),
      catchError((thrown: unknown) => {
        const message = `stopping: ${step}: ${messageOf(thrown)}`;
        journal.record(this.username, { kind: 'problem', code: 'USHER_STOP_TIMEOUT', message });
        return of(false);
      }),
    );
    return firstValueFrom(done$, { defaultValue: true });
  }
}

function asUsherError(thrown: unknown): UsherError {
  if (thrown instanceof UsherError) return thrown;
  return new UsherError('USHER_UNEXPECTED', messageOf(thrown), { cause: thrown });
}
