import {
  BehaviorSubject,
  firstValueFrom,
  merge,
  type Observable,
  retry,
  Subject,
  type Subscription,
  throwError,
  timer,
} from 'rxjs';
import type { Bot } from '../bot/define-bot.ts';
import type { Me } from '../dialects/dialect.ts';
import { asUsherError, messageOf, type UsherError } from '../errors.ts';
import type { Line } from '../gateway/interceptors/online.ts';
import type { SessionStatus } from '../model/journal-entry.ts';
import type { HttpSession } from '../transport/http-session.ts';
import { Requests } from '../transport/requests.ts';
import type { AgentSessionOptions } from './agent-session-options.ts';
import { audits } from './audits.ts';
import { type ConnectionEvent, connection } from './connection.ts';
import { connectionLost, sessionForgotten } from './connection-losses.ts';
import { Draining, type DrainReport, nothingToDrain } from './draining.ts';
import { GwsCalls } from './gws-calls.ts';
import { httpSessionOf } from './http-session-of.ts';
import { operationSender } from './operation-sender.ts';
import { Persistence } from './persistence.ts';
import { Seat } from './seat.ts';
import { type SeatHold, unshared } from './seat-hold.ts';
import { readsOnly } from './shadow/reads-only.ts';
import type { StopOptions } from './stop-options.ts';
import { withinBudget } from './within-budget.ts';

/**
 * One agent's seat from log-in to log-out. Once it has been ready, it comes back by itself after any loss, with
 * a new connection; its interactions and bots live through that, and what they missed is read from the server.
 */
export class AgentSession {
  readonly username: string;
  readonly #options: AgentSessionOptions;
  readonly #calls: GwsCalls;
  readonly #http: HttpSession;
  readonly #requests: Requests;
  readonly #status = new BehaviorSubject<SessionStatus>('starting');
  readonly #line = new BehaviorSubject<Line>('offline');
  readonly #close = new Subject<void>();
  readonly #lost = new Subject<UsherError>();
  readonly #persistence: Persistence;
  readonly #draining: Draining;
  #bots: readonly Bot[];
  #connection: Subscription | undefined;
  #audit: Subscription | undefined;
  readonly #seat = new BehaviorSubject<Seat | undefined>(undefined);
  #closing = false;
  #hold: SeatHold = unshared();

  readonly status$: Observable<SessionStatus> = this.#status.asObservable();
  readonly seat$: Observable<Seat | undefined> = this.#seat.asObservable();

  constructor(options: AgentSessionOptions) {
    this.#options = options;
    this.username = options.username;
    this.#bots = options.bots;
    const { giveUpAfter, requestTimeout: timeout } = options.endurance ?? {};
    this.#persistence = new Persistence(this.username, options.services.clock, giveUpAfter);
    this.#draining = new Draining(options.services.clock);
    this.#http = httpSessionOf(options);
    this.#requests = new Requests(this.#http, options.network, {
      basePath: options.dialect.basePath,
      ...(timeout !== undefined && { timeout }),
    });
    this.#calls = new GwsCalls(this.#requests, options.dialect, options.origin);
  }

  get status(): SessionStatus {
    return this.#status.value;
  }

  get bots(): readonly Bot[] {
    return this.#bots;
  }

  /** The hand on the agent's chats and plugins; `undefined` before the agent has logged in. */
  get seat(): Seat | undefined {
    return this.#seat.value;
  }

  /** Puts other bots in the place of these; returns the names of the plugins that are new. See `Seat`. */
  replaceBots(bots: readonly Bot[]): readonly string[] {
    this.#bots = bots;
    return this.seat?.replaceBots(bots) ?? [];
  }

  /** How many interactions are open. */
  get openInteractions(): number {
    return this.seat?.interactions.open.length ?? 0;
  }

  /**
   * Logs in and runs. Resolves when the agent is Ready for the first time.
   *
   * @throws UsherError when that fails; nothing is left behind then.
   */
  async start(hold: SeatHold = unshared()): Promise<void> {
    this.#hold = hold;
    this.#record('starting');
    try {
      await new Promise<void>((resolve, reject) => {
        this.#audit = audits(this.#options.endurance?.auditEvery, this.#line, () =>
          this.seat?.resynchronise(),
        ).subscribe();
        this.#connection = this.#connections().subscribe({
          next: (event) => {
            this.#show(event);
            if (event === 'ready') resolve();
          },
          error: (error: unknown) => {
            const wasRunning = this.status !== 'starting';
            this.#record('failed', messageOf(error));
            this.#line.next('over');
            reject(error);
            if (wasRunning && !this.#closing) void this.#release(1_000);
          },
        });
      });
    } catch (thrown) {
      await this.#release(1_000);
      throw asUsherError(thrown);
    }
  }

  /** Gives the seat up, for instance because another worker has it now. */
  abandon(error: UsherError): void {
    this.#lost.next(error);
  }

  /** NotReady, open chats, bots, operations under way, CometD, and EndContactCenterSession as the very last request. */
  async stop({ within = 0, hurry$, budget = 5_000 }: StopOptions = {}): Promise<DrainReport> {
    if (this.#closing) return nothingToDrain;
    this.#closing = true;
    const { isDryRun = false, dialect } = this.#options;
    const wasReady = this.status === 'ready';
    if (this.status !== 'failed') this.#record('stopping');
    // A server that does not even take this will not take the rest.
    const reachable =
      wasReady &&
      (isDryRun ||
        (await this.#within(budget, 'NotReady', () =>
          this.#calls.command('NotReady', dialect.session.notReady),
        )));
    if (!reachable) this.#line.next('over');
    const report = await this.#drain(reachable ? within : 0, hurry$);
    await this.#release(budget, reachable);
    if (this.status !== 'failed') this.#record('stopped');
    this.#status.complete();
    return report;
  }

  async #drain(within: number, hurry$: Observable<unknown> | undefined): Promise<DrainReport> {
    const { journal } = this.#options.services;
    if (this.seat === undefined) return nothingToDrain;
    return this.#draining.run(this.seat.interactions, journal, within, hurry$);
  }

  #connections(): Observable<ConnectionEvent> {
    const { dialect, network, place, isDryRun = false } = this.#options;
    return connection({
      calls: this.#calls,
      dialect,
      http: this.#http,
      network,
      place,
      isDryRun,
      close$: this.#close,
      lost$: merge(
        this.#lost,
        sessionForgotten(this.#http, () => this.status === 'ready'),
      ),
      onLogin: (me) => this.#sit(me),
      onMessage: (topic, data) => this.seat?.notify(topic, data),
      onSubscribed: () => this.#resynchronise(),
    }).pipe(
      retry({
        resetOnSuccess: true,
        delay: (thrown: unknown, count) => {
          const error = asUsherError(thrown);
          const isStarting = this.status === 'starting';
          const next = this.#persistence.after(error, count, isStarting);
          if ('final' in next) return throwError(() => next.final);
          if (!isStarting) this.#goOffline(error.message);
          return timer(next.pause);
        },
      }),
    );
  }

  #goOffline(why: string): void {
    this.#persistence.lost();
    if (this.#line.value === 'online') this.#line.next('offline');
    this.#record('recovering', why);
  }

  async #resynchronise(): Promise<void> {
    const missed = await this.seat?.resynchronise();
    const { away } = this.#persistence;
    if (away === undefined || missed === undefined) return;
    this.#options.services.journal.record(this.username, { kind: 'resynchronised', away, missed });
  }

  #sit(me: Me): void {
    if (this.seat !== undefined) return;
    const { username, dialect, root, services, endurance, shadows, isDryRun = false } = this.#options;
    const nickname = this.#options.nickname ?? (me.firstName || username);
    const send = operationSender({
      dialect,
      requests: this.#requests,
      find: (id) => this.seat?.interactions.get(id),
      onTranscript: (notification) => this.seat?.takeTranscript(notification),
      onUnauthenticated: () => this.#lost.next(connectionLost('the HTTP session has expired')),
    });
    const seat = new Seat({
      agent: { id: me.id, username, firstName: me.firstName, lastName: me.lastName, nickname },
      bots: this.#bots,
      dialect,
      ...this.#hold,
      root,
      services,
      line$: this.#line,
      draining: this.#draining,
      list: () => this.#calls.interactions(),
      onDeaf: () => this.#lost.next(connectionLost('a transcript was asked for and never came')),
      settleTime: endurance?.settleTime ?? 1_500,
      send: isDryRun ? readsOnly(send) : send,
      isDryRun,
      shadows,
    });
    this.#seat.next(seat);
  }

  #show(event: ConnectionEvent): void {
    if (event !== 'ready' && event !== 'resumed') return this.#goOffline(event.interrupted);
    this.#persistence.restored();
    if (!this.#closing) this.#record('ready', this.#options.isDryRun ? 'dry run, reads alone' : undefined);
    this.#line.next('online');
  }

  #record(status: SessionStatus, detail?: string): void {
    if (this.#status.value === status && status !== 'starting') return;
    this.#status.next(status);
    const event = { kind: 'session' as const, status, ...(detail !== undefined && { detail }) };
    this.#options.services.journal.record(this.username, event);
  }

  async #release(budget: number, reachable = false): Promise<void> {
    const { seat } = this;
    seat?.stopBots();
    if (seat !== undefined) {
      await this.#within(budget, 'operations under way', () => firstValueFrom(seat.gateway.idle$));
    }
    this.#line.next('over');
    if (reachable) {
      await this.#within(budget, 'CometD disconnect', () => this.#disconnected());
    }
    this.#connection?.unsubscribe();
    this.#audit?.unsubscribe();
    // Whoever else sits at this login goes on.
    if (reachable && this.#options.isDryRun !== true) {
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

  #within(budget: number, step: string, run: () => Promise<unknown>): Promise<boolean> {
    const { journal } = this.#options.services;
    return withinBudget(budget, run, (why) =>
      journal.record(this.username, {
        kind: 'problem',
        code: 'USHER_STOP_TIMEOUT',
        message: `stopping: ${step}: ${why}`,
      }),
    );
  }
}
