import { BehaviorSubject, distinctUntilChanged, type Observable, ReplaySubject, Subject } from 'rxjs';
import type { Agent } from '../model/agent.ts';
import {
  type InteractionEnd,
  type InteractionKind,
  type InteractionState,
  type InteractionUpdate,
  isTerminal,
  type UserData,
} from '../model/interaction.ts';
import type { Message, TranscriptLine, TypingChange } from '../model/message.ts';
import type { Notification } from '../model/notification.ts';
import { isAgent, type Participant } from '../model/participant.ts';
import type { Interaction } from '../ports.ts';
import { Transcript } from './transcript.ts';

/** The state of one chat and its streams: notifications are applied to it, plugins subscribe to it. */
export class LiveInteraction implements Interaction {
  readonly id: string;
  readonly kind: InteractionKind;
  readonly parentId: string | undefined;
  readonly agent: Agent;
  readonly resumed: boolean;

  readonly #state: BehaviorSubject<InteractionState>;
  readonly #participants: BehaviorSubject<readonly Participant[]>;
  readonly #capabilities: BehaviorSubject<readonly string[] | undefined>;
  readonly #userData: BehaviorSubject<UserData>;
  readonly #messages = new Subject<Message>();
  readonly #typing = new Subject<TypingChange>();
  readonly #notifications = new Subject<Notification>();
  readonly #ended = new ReplaySubject<InteractionEnd>(1);
  readonly #transcript = new Transcript();
  /** Lines up to this index are history; unknown until the agent's own arrival is seen. */
  #joinedAt: number | undefined;
  #borderKnown = false;
  /** What is not below the border is live from here on. */
  #historyCame: boolean;
  #now: Omit<Interaction['now'], 'ended'>;
  #over = false;

  readonly state$: Observable<InteractionState>;
  readonly participants$: Observable<readonly Participant[]>;
  readonly capabilities$: Observable<readonly string[] | undefined>;
  readonly userData$: Observable<UserData>;
  readonly messages$ = this.#messages.asObservable();
  readonly typing$ = this.#typing.asObservable();
  readonly notifications$ = this.#notifications.asObservable();
  readonly ended$ = this.#ended.asObservable();

  constructor(id: string, agent: Agent, first: InteractionUpdate) {
    this.id = id;
    this.agent = agent;
    this.kind = first.kind ?? 'inbound';
    this.parentId = first.parentId;
    const { state = 'Invited', participants = [], capabilities, userData = {} } = first;
    this.#now = { state, participants, capabilities, userData };
    // A chat that is found open was joined before, and its history with it.
    this.resumed = state !== 'Invited';
    this.#historyCame = this.resumed;
    this.#state = new BehaviorSubject(state);
    this.#participants = new BehaviorSubject(participants);
    this.#capabilities = new BehaviorSubject(capabilities);
    this.#userData = new BehaviorSubject(userData);
    this.state$ = this.#state.pipe(distinctUntilChanged());
    this.participants$ = this.#participants.asObservable();
    this.capabilities$ = this.#capabilities.asObservable();
    this.userData$ = this.#userData.asObservable();
  }

  get now(): Interaction['now'] {
    return { ...this.#now, ended: this.#over };
  }

  /** The highest index of the transcript that was seen. */
  get lastIndex(): number {
    return this.#transcript.highest;
  }

  /** Takes what a notification tells, all of it before any subscriber hears a part of it. */
  update(update: InteractionUpdate, notification?: Notification): void {
    if (this.#over) return;
    const { state, participants, capabilities, userData } = { ...this.#now, ...update };
    this.#now = { state, participants, capabilities, userData };
    if (update.userData !== undefined) this.#userData.next(update.userData);
    if (update.participants !== undefined) this.#participants.next(update.participants);
    if (update.capabilities !== undefined) this.#capabilities.next(update.capabilities);
    if (update.state !== undefined) this.#state.next(update.state);
    if (notification !== undefined) this.#notifications.next(notification);
    if (isTerminal(state)) this.end({ state, reason: state === 'Revoked' ? 'revoked' : 'completed' });
  }

  /** Takes transcript lines; returns how many had come before. */
  append(lines: readonly TranscriptLine[], notification?: Notification): number {
    if (this.#over) return 0;
    const { fresh, repeated } = this.#transcript.take(lines);
    // The last arrival counts, since the agent may have been in the chat before; but none that comes after the
    // history, since an agent is listed once more in a consultation.
    if (!this.#borderKnown) this.#joinedAt ??= fresh.findLast((line) => this.#isOwnArrival(line))?.index;
    for (const line of fresh) this.#tell(line);
    if (this.#now.state !== 'Invited') {
      this.#historyCame = true;
      this.#borderKnown = true;
    }
    if (notification !== undefined) this.#notifications.next(notification);
    return repeated;
  }

  /** Completes every stream. What comes later for this id is a new interaction. */
  end(end: InteractionEnd): void {
    if (this.#over) return;
    this.#over = true;
    this.#ended.next(end);
    for (const stream of [
      this.#messages,
      this.#typing,
      this.#notifications,
      this.#participants,
      this.#capabilities,
      this.#userData,
      this.#state,
      this.#ended,
    ]) {
      stream.complete();
    }
  }

  #tell(line: TranscriptLine): void {
    const own = isAgent(line.from, this.agent);
    if (line.type === 'TypingStarted' || line.type === 'TypingStopped') {
      if (!this.#isHistory(line.index)) {
        this.#typing.next({ from: line.from, typing: line.type === 'TypingStarted', own });
      }
      return;
    }
    this.#messages.next({ ...line, type: line.type, own, history: this.#isHistory(line.index) });
  }

  /**
   * GWS sends the transcript so far once the agent has joined (8.5.0 page, Accept). Where it names the agent's
   * arrival, that line is the border; otherwise the first transcript after joining is history as a whole.
   */
  #isHistory(index: number): boolean {
    return this.#joinedAt === undefined ? !this.#historyCame : index <= this.#joinedAt;
  }

  #isOwnArrival(line: TranscriptLine): boolean {
    return line.type === 'ParticipantJoined' && isAgent(line.from, this.agent);
  }
}
