import { BehaviorSubject, type Observable, switchMap } from 'rxjs';
import type { Bot } from '../bot/define-bot.ts';
import type { SessionStatus } from '../model/journal-entry.ts';
import type { AgentSession } from './agent-session.ts';
import { Desk, type Seated } from './desk.ts';
import type { Seat } from './seat.ts';

/** Who is to sit there, as the config has it. */
export interface Sitter {
  readonly username: string;
  readonly password?: string | undefined;
  readonly nickname?: string | undefined;
  readonly place?: string | undefined;
  readonly bots: readonly Bot[];
  readonly shadows?: readonly Bot[] | undefined;
}

/** Where an agent sits whenever this process runs it: its sessions come and go. */
export class Place implements Seated {
  readonly username: string;
  readonly desk: Desk;
  readonly #session: BehaviorSubject<AgentSession>;
  readonly status$: Observable<SessionStatus>;
  readonly seat$: Observable<Seat | undefined>;
  /** The agent is run here now, or is about to be. */
  isTaken = false;
  /** Resolves when what ends the session now has done so. */
  ending: Promise<void> | undefined;
  /** How often in a row its session has failed. */
  failures = 0;

  constructor(session: AgentSession) {
    this.username = session.username;
    this.#session = new BehaviorSubject(session);
    this.status$ = this.#session.pipe(switchMap((current) => current.status$));
    this.seat$ = this.#session.pipe(switchMap((current) => current.seat$));
    this.desk = new Desk(this);
  }

  get session(): AgentSession {
    return this.#session.value;
  }

  /** Another session takes over. */
  renew(session: AgentSession): void {
    this.ending = undefined;
    this.#session.next(session);
  }

  get status(): SessionStatus {
    return this.session.status;
  }

  get bots(): readonly Bot[] {
    return this.session.bots;
  }

  get seat(): Seat | undefined {
    return this.session.seat;
  }
}
