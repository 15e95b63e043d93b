import { BehaviorSubject, firstValueFrom, merge, type Observable, Subject, type Subscription } from 'rxjs';
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
import { sessionForgotten } from './connection-losses.ts';
import { Draining, type DrainReport, nothingToDrain } from './draining.ts';
import { GwsCalls } from './gws-calls.ts';
import { httpSessionOf } from './http-session-of.ts';
import { lastingConnection } from './lasting-connection.ts';
import { Persistence } from './persistence.ts';
import type { Seat } from './seat.ts';
import { type SeatHold, unshared } from './seat-hold.ts';
import { Standing } from './standing.ts';
import type { StopOptions } from './stop-options.ts';
import { takeSeat } from './take-seat.ts';

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
  readonly #standing: Standing;
  readonly #line = new BehaviorSubject<Line>('offline');
  readonly #close = new Subject<void>();
  readonly #lost = new Subject<UsherError>();
  readonly #abandoned = new Subject<UsherError>();
  readonly #persistence: Persistence;
  readonly #draining: Draining;
  #bots: readonly Bot[];
  #connection: Subscription | undefined;
  #audit: Subscription | undefined;
  readonly #seat = new BehaviorSubject<Seat | undefined>(undefined);
  #me: Me | undefined;
  #closing = false;
  #hold: SeatHold = unshared();

  readonly seat$: Observable<Seat | undefined> = this.#seat.asObservable();

  constructor(options: AgentSessionOptions) {
    this.#options = options;
    this.username = options.username;
    this.#bots = options.bots;
    const { giveUpAfter, requestTimeout: timeout } = options.endurance ?? {};
    this.#standing = new Standing(this.username, options.services.journal);
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
    return this.#standing.status;
  }

  get status$(): Observable<SessionStatus> {
    return this.#standing.status$;
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
    this.#standing.record('starting');
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
            this.#standing.record('failed', messageOf(error));
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

  /** Gives the seat up at once, for instance because another worker has it now: nothing is sent any more. */
  abandon(error: UsherError): void {
    this.#abandoned.next(error);
  }

  /**
   * Goes on under another hold: the chats are taken up from what it knows of them, as a successor would, and from the
   * server. The connection stands.
   */
  async renew(hold: SeatHold): Promise<void> {
    this.#hold = hold;
    const { seat } = this;
    if (seat === undefined || this.#me === undefined || this.#closing) return;
    seat.stopBots();
    this.#seat.next(this.#takeSeat(this.#me));
    await seat.close();
    // While the session recovers, that comes by itself.
    if (this.status === 'ready') await this.#resynchronise();
  }

  /**
   * Leaves the seat to another worker: the agent stays Ready and its chats open, and of bots and operations nothing is
   * under way any more. The server is told nothing: an end of the session would take the chats from the agent. Returns
   * how many chats are open.
   */
  async handOn(budget = 5_000): Promise<number> {
    if (this.#closing) return 0;
    this.#closing = true;
    const isReady = this.status === 'ready';
    this.#standing.end('stopping');
    const open = this.openInteractions;
    await this.#endWork(isReady ? budget : undefined);
    if (isReady) await this.#standing.step(budget, 'CometD disconnect', () => this.#disconnected());
    await this.#leave(budget);
    this.#line.next('over');
    this.#standing.end('stopped');
    return open;
  }

  /** NotReady, open chats, bots, operations under way, CometD, and EndContactCenterSession as the very last request. */
  async stop({ within = 0, hurry$, budget = 5_000 }: StopOptions = {}): Promise<DrainReport> {
    if (this.#closing) return nothingToDrain;
    this.#closing = true;
    const { isDryRun = false } = this.#options;
    const wasReady = this.status === 'ready';
    this.#standing.end('stopping');
    // A server that does not even take this will not take the rest.
    const reachable =
      wasReady && (isDryRun || (await this.#standing.step(budget, 'NotReady', () => this.#calls.notReady())));
    if (!reachable) this.#line.next('over');
    const { seat } = this;
    const { journal } = this.#options.services;
    const report =
      seat && (await this.#draining.run(seat.interactions, journal, reachable ? within : 0, hurry$));
    await this.#release(budget, reachable);
    this.#standing.end('stopped');
    return report ?? nothingToDrain;
  }

  #connections(): Observable<ConnectionEvent> {
    const { dialect, network, place, isDryRun = false } = this.#options;
    const connection$ = connection({
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
    });
    return lastingConnection(connection$, {
      persistence: this.#persistence,
      isStarting: () => this.status === 'starting',
      onLoss: (why) => this.#goOffline(why),
      abandoned$: this.#abandoned,
    });
  }

  #goOffline(why: string): void {
    this.#persistence.lost();
    if (this.#line.value === 'online') this.#line.next('offline');
    this.#standing.record('recovering', why);
  }

  async #resynchronise(): Promise<void> {
    const missed = await this.seat?.resynchronise();
    const { away } = this.#persistence;
    if (away === undefined || missed === undefined) return;
    this.#options.services.journal.record(this.username, { kind: 'resynchronised', away, missed });
  }

  #sit(me: Me): void {
    this.#me = me;
    if (this.seat === undefined) this.#seat.next(this.#takeSeat(me));
  }

  #takeSeat(me: Me): Seat {
    return takeSeat(me, {
      options: this.#options,
      bots: this.#bots,
      hold: this.#hold,
      line$: this.#line,
      draining: this.#draining,
      calls: this.#calls,
      requests: this.#requests,
      onLost: (error) => this.#lost.next(error),
    });
  }

  #show(event: ConnectionEvent): void {
    if (event !== 'ready' && event !== 'resumed') return this.#goOffline(event.interrupted);
    this.#persistence.restored();
    const detail = this.#options.isDryRun ? 'dry run, reads alone' : undefined;
    if (!this.#closing) this.#standing.record('ready', detail);
    this.#line.next('online');
  }

  async #release(budget: number, reachable = false): Promise<void> {
    await this.#endWork(budget);
    this.#line.next('over');
    if (reachable) {
      await this.#standing.step(budget, 'CometD disconnect', () => this.#disconnected());
    }
    this.#unsubscribe();
    // Whoever else sits at this login goes on.
    if (reachable && this.#options.isDryRun !== true) {
      await this.#standing.step(budget, 'EndContactCenterSession', () => this.#calls.end());
    }
    await this.#leave(budget);
  }

  /** Stops the bots, and waits for what they have sent. Without a budget, that is left for the next to find out. */
  async #endWork(budget: number | undefined): Promise<void> {
    const { seat } = this;
    if (seat === undefined) return;
    seat.stopBots();
    if (budget === undefined) return;
    await this.#standing.step(budget, 'operations under way', () => firstValueFrom(seat.gateway.idle$));
  }

  async #leave(budget: number): Promise<void> {
    const { seat } = this;
    this.#unsubscribe();
    if (seat !== undefined) await this.#standing.step(budget, 'services', () => seat.close());
  }

  #unsubscribe(): void {
    this.#connection?.unsubscribe();
    this.#audit?.unsubscribe();
  }

  #disconnected(): Promise<void> {
    return new Promise((resolve) => {
      if (this.#connection === undefined || this.#connection.closed) return resolve();
      this.#connection.add(resolve);
      this.#close.next();
    });
  }
}
