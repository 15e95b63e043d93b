import {
  concat,
  defer,
  filter,
  from,
  mergeMap,
  type Observable,
  Subject,
  Subscription,
  take,
  timer,
} from 'rxjs';
import type { Analytics } from '../analytics/analytics.ts';
import type { Bot } from '../bot/define-bot.ts';
import type { AgentDesk } from '../bot/host-plugin.ts';
import { asUsherError, type UsherError } from '../errors.ts';
import type { Crew } from '../fleet/crew.ts';
import type { Holding } from '../fleet/holding.ts';
import type { AgentSession } from './agent-session.ts';
import { type DrainReport, nothingToDrain, sumOf } from './draining.ts';
import { Place, type Sitter } from './place.ts';
import type { Reach } from './reach.ts';
import { holdOf, type SeatHold, unshared } from './seat-hold.ts';
import type { StopOptions } from './stop-options.ts';

export interface FailedAgent {
  readonly username: string;
  readonly error: UsherError;
}

export interface CrewOptions {
  /** Those who may be run, by their name in the store. */
  readonly sitters: () => ReadonlyMap<string, Sitter>;
  readonly sessionOf: (sitter: Sitter) => AgentSession;
  readonly reach: Reach;
  /** Milliseconds that the answer to an operation may take. */
  readonly requestTimeout?: number | undefined;
  /** What is told of chats. Default: nothing. */
  readonly analytics?: Pick<Analytics, 'lastEvents'> | undefined;
  /** A commit has shown that somebody else owns the agent. */
  readonly onFenced: (agent: string) => void;
  /** The session of the agent has failed, and it may be tried again, by whoever wants. Absent: it is given up. */
  readonly onFailed: ((agent: string) => void) | undefined;
  readonly onProblem: (thrown: unknown, username: string) => void;
}

/**
 * Milliseconds until an agent is tried again whose session has failed; doubles up to the longest. Where the server was not
 * reached the reason is soon gone, and chats of the agent may wait for somebody.
 */
const firstPause = 30_000;
const firstPauseUnreached = 1_000;
const longestPause = 900_000;

/** Milliseconds that a stop of an agent may give its chats that is not to be run any more. */
const graceOfTheRetired = 20_000;

/** The agent sessions of a process, as its worker has them begin and end. */
export class SessionCrew implements Crew {
  readonly #options: CrewOptions;
  readonly #places = new Map<string, Place>();
  readonly #newDesks = new Subject<AgentDesk>();
  readonly #starts = new Map<string, Promise<FailedAgent | undefined>>();
  readonly #waiting = new Subscription();
  #loggingIn = 0;
  #report = nothingToDrain;

  constructor(options: CrewOptions) {
    this.#options = options;
  }

  /** Of all agents that this process runs, or has run. */
  get desks(): readonly AgentDesk[] {
    return this.#all.map(({ desk }) => desk);
  }

  /** Those that there are, and then each that comes. */
  get desks$(): Observable<AgentDesk> {
    return concat(
      defer(() => from(this.desks)),
      this.#newDesks,
    );
  }

  /** Of the agents that are run here now. */
  get sessions(): readonly AgentSession[] {
    return this.#all.filter(({ isTaken }) => isTaken).map(({ session }) => session);
  }

  /** What became of the chats of the agents that have left. */
  get report(): DrainReport {
    return this.#report;
  }

  get loggingIn(): number {
    return this.#loggingIn;
  }

  get isCutOff(): boolean {
    const { reach } = this.#options;
    const { sessions } = this;
    const away = sessions.filter(({ status }) => status === 'recovering' || status === 'failed').length;
    // When most are away, or none could tell: is it the server, or the way to it?
    if (2 * away > sessions.length || (sessions.length === 0 && reach.isCutOff)) reach.ask();
    else if (sessions.length > 0) reach.settle();
    return reach.isCutOff;
  }

  /** Makes the session of an agent, which does not log in yet. */
  seat(agent: string): void {
    const sitter = this.#options.sitters().get(agent);
    if (sitter !== undefined) this.#placeFor(agent, sitter).isTaken = true;
  }

  begin(holding: Holding): void {
    this.start(holding.agent, this.#holdOf(holding));
  }

  /** Has an agent log in. Without a hold, it is shared with nobody. */
  start(agent: string, hold: SeatHold = unshared()): void {
    const sitter = this.#options.sitters().get(agent);
    // Taken off the list in the meantime: the worker will notice.
    if (sitter === undefined) return;
    const place = this.#placeFor(agent, sitter);
    place.isTaken = true;
    const { session } = place;
    const { username } = session;
    this.#loggingIn += 1;
    const starting = session.start(hold).then(
      () => {
        place.failures = 0;
        return undefined;
      },
      (thrown: unknown) => ({ username, error: asUsherError(thrown) }),
    );
    this.#starts.set(
      agent,
      starting.finally(() => {
        this.#loggingIn -= 1;
      }),
    );
    session.status$
      .pipe(
        filter((status) => status === 'failed'),
        take(1),
      )
      .subscribe(() => {
        if (place.session === session && place.isTaken) this.#tryLater(agent, place);
      });
  }

  /** Resolves with those that could not be started, of all that were begun. */
  async started(): Promise<readonly FailedAgent[]> {
    const results = await Promise.all(this.#starts.values());
    return results.filter((result) => result !== undefined);
  }

  renew(holding: Holding): void {
    const place = this.#places.get(holding.agent);
    place?.session
      .renew(this.#holdOf(holding))
      .catch((thrown: unknown) => this.#options.onProblem(thrown, place.username));
  }

  handOn(agent: string): Promise<void> {
    return this.#end(agent, async (session) => ({ ...nothingToDrain, passedOn: await session.handOn() }));
  }

  retire(agent: string): Promise<void> {
    return this.stop(agent, { within: graceOfTheRetired });
  }

  stop(agent: string, options: StopOptions): Promise<void> {
    return this.#end(agent, (session) => session.stop(options));
  }

  drop(agent: string, why: UsherError): void {
    const place = this.#places.get(agent);
    if (place === undefined) return;
    // Where it is given up for good, it is to be seen that it has failed.
    place.isTaken = this.#options.onFailed === undefined;
    place.session.abandon(why);
  }

  /** @throws UsherError USHER_BINDING, USHER_PLUGIN_FAILED; the agent keeps its bots then. */
  replaceBots(agent: string, bots: readonly Bot[]): void {
    const place = this.#places.get(agent);
    if (place?.isTaken === true) place.session.replaceBots(bots);
  }

  openChats(agent: string): number {
    return this.#places.get(agent)?.session.openInteractions ?? 0;
  }

  /** Ends all that is still run here, in good order. */
  async stopAll(options: StopOptions): Promise<void> {
    this.#waiting.unsubscribe();
    const taken = [...this.#places].filter(([, { isTaken }]) => isTaken);
    await Promise.all(taken.map(([agent]) => this.stop(agent, options)));
  }

  /** However often it is asked for, a session ends once. */
  async #end(agent: string, how: (session: AgentSession) => Promise<DrainReport>): Promise<void> {
    const place = this.#places.get(agent);
    if (place === undefined) return;
    const { session } = place;
    place.ending ??= how(session).then((report) => {
      this.#report = sumOf([this.#report, report]);
      if (place.session === session) place.isTaken = false;
    });
    await place.ending;
  }

  get #all(): readonly Place[] {
    return [...this.#places.values()];
  }

  #holdOf(holding: Holding): SeatHold {
    const { requestTimeout, analytics, onFenced, onProblem } = this.#options;
    const username = this.#places.get(holding.agent)?.username ?? '-';
    return holdOf(holding, {
      requestTimeout,
      lastEvents: analytics && ((id, document) => analytics.lastEvents(username, id, document)),
      onFenced: () => onFenced(holding.agent),
      onFailure: (thrown) => onProblem(thrown, username),
    });
  }

  /** A session that has begun is over when it ends: each beginning has its own. */
  #placeFor(agent: string, sitter: Sitter): Place {
    const known = this.#places.get(agent);
    if (known?.session.status === 'starting' && !this.#starts.has(agent)) return known;
    const session = this.#options.sessionOf(sitter);
    if (known !== undefined) {
      known.renew(session);
      return known;
    }
    const place = new Place(session);
    this.#places.set(agent, place);
    this.#newDesks.next(place.desk);
    return place;
  }

  /** Whoever has the agent keeps it for a while, so that nobody else tries what has just failed. */
  #tryLater(agent: string, place: Place): void {
    const { onFailed } = this.#options;
    if (onFailed === undefined) return;
    const { session } = place;
    this.#waiting.add(
      from(this.#starts.get(agent) ?? Promise.resolve(undefined))
        .pipe(mergeMap((failed) => timer(this.#pauseAfter(place, failed?.error))))
        .subscribe(() => {
          if (place.session !== session || !place.isTaken) return;
          place.isTaken = false;
          onFailed(agent);
        }),
    );
  }

  #pauseAfter(place: Place, error: UsherError | undefined): number {
    const first = error?.code === 'USHER_SERVER_UNREACHABLE' ? firstPauseUnreached : firstPause;
    const pause = Math.min(first * 2 ** place.failures, longestPause);
    place.failures += 1;
    return pause;
  }
}
