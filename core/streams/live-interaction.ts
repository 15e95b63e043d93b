import {
  BehaviorSubject,
  concat,
  defer,
  distinctUntilChanged,
  EMPTY,
  ignoreElements,
  type Observable,
  ReplaySubject,
  Subject,
  type Subscription,
  timer,
} from 'rxjs';
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
import { botOwner, type Owner } from '../model/owner.ts';
import { isAgent, type Participant } from '../model/participant.ts';
import type { Interaction } from '../ports.ts';
import { Transcript } from './transcript.ts';

/** What was known of a chat before this process, or this connection, saw it. */
export interface InteractionMemory {
  /** The index of the agent's own arrival, if it is known. */
  readonly joinedAt?: number | undefined;
  /** Lines up to this index were told before. */
  readonly seen: number;
  /** Who had the word. Default: the bot. */
  readonly owner?: Owner | undefined;
}

export interface LiveInteractionOptions {
  readonly memory?: InteractionMemory | undefined;
  /** Has the server send the transcript from an index on; completes when it was asked. Default: nobody is asked. */
  readonly read?: ((interaction: LiveInteraction, fromIndex: number) => Observable<unknown>) | undefined;
}

/** Milliseconds that a line waits for the ones before it, which may only have been overtaken. */
const overtaking = 200;
/** Milliseconds that the transcript may take, once it was asked for, to show whether they exist. */
const reading = 2_000;

/** What became of transcript lines. */
export interface Appended {
  /** How many had come before. */
  readonly repeated: number;
  /** How many came so late that lines of a higher index were told before them. */
  readonly late: number;
}

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
  readonly #owner: BehaviorSubject<Owner>;
  readonly #messages = new Subject<Message>();
  readonly #typing = new Subject<TypingChange>();
  readonly #notifications = new Subject<Notification>();
  readonly #ended = new ReplaySubject<InteractionEnd>(1);
  readonly #transcript: Transcript;
  readonly #read: LiveInteractionOptions['read'];
  readonly #seenBefore: number;
  #waiting: Subscription | undefined;
  /** Lines up to this index are history; unknown until the agent's own arrival is seen. */
  #joinedAt: number | undefined;
  #borderKnown = false;
  /** What is not below the border is live from here on. */
  #historyCame: boolean;
  #now: Omit<Interaction['now'], 'ended' | 'lastIndex' | 'joinedAt' | 'owner'>;
  #over = false;

  readonly state$: Observable<InteractionState>;
  readonly participants$: Observable<readonly Participant[]>;
  readonly capabilities$: Observable<readonly string[] | undefined>;
  readonly userData$: Observable<UserData>;
  readonly owner$: Observable<Owner>;
  readonly messages$ = this.#messages.asObservable();
  readonly typing$ = this.#typing.asObservable();
  readonly notifications$ = this.#notifications.asObservable();
  readonly ended$ = this.#ended.asObservable();

  constructor(
    id: string,
    agent: Agent,
    first: InteractionUpdate,
    { memory, read }: LiveInteractionOptions = {},
  ) {
    this.id = id;
    this.agent = agent;
    this.kind = first.kind ?? 'inbound';
    this.parentId = first.parentId;
    const { state = 'Invited', participants = [], capabilities, userData = {} } = first;
    this.#now = { state, participants, capabilities, userData };
    this.#transcript = new Transcript(memory?.joinedAt);
    this.#read = read;
    this.#seenBefore = memory?.seen ?? -1;
    this.#joinedAt = memory?.joinedAt;
    this.#borderKnown = this.#joinedAt !== undefined;
    // A chat that is found open, and that nobody remembers, was joined before.
    this.resumed = state !== 'Invited' && memory === undefined;
    this.#historyCame = memory !== undefined;
    this.#state = new BehaviorSubject(state);
    this.#participants = new BehaviorSubject(participants);
    this.#capabilities = new BehaviorSubject(capabilities);
    this.#userData = new BehaviorSubject(userData);
    this.#owner = new BehaviorSubject(memory?.owner ?? botOwner);
    this.owner$ = this.#owner.asObservable();
    this.state$ = this.#state.pipe(distinctUntilChanged());
    this.participants$ = this.#participants.asObservable();
    this.capabilities$ = this.#capabilities.asObservable();
    this.userData$ = this.#userData.asObservable();
  }

  get now(): Interaction['now'] {
    return {
      ...this.#now,
      owner: this.#owner.value,
      lastIndex: this.#transcript.highest,
      joinedAt: this.#joinedAt,
      ended: this.#over,
    };
  }

  /** The highest index of the transcript that was told; -1 before the first line. */
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

  /** Gives the word to somebody. */
  give(owner: Owner): void {
    if (!this.#over) this.#owner.next(owner);
  }

  /** Takes transcript lines. `whole`: there are no others from the first of them on. */
  append(lines: readonly TranscriptLine[], notification?: Notification, whole = false): Appended {
    if (this.#over) return { repeated: 0, late: 0 };
    // The transcript up to the agent's own arrival comes at once, when it has joined.
    const isHistory = !this.#borderKnown && lines.some((line) => this.#isOwnArrival(line));
    const firstLive = this.#transcript.waiting;
    const { ready, repeated, late } = this.#transcript.take(lines, whole || isHistory);
    this.#tellAll(ready, firstLive);
    this.#wait();
    if (notification !== undefined) this.#notifications.next(notification);
    return { repeated, late };
  }

  /** A line behind a gap waits a moment, then the transcript is asked, and then it waits no longer. */
  #wait(): void {
    if (this.#transcript.waiting === undefined) {
      this.#waiting?.unsubscribe();
      this.#waiting = undefined;
      return;
    }
    if (this.#waiting !== undefined || this.#over) return;
    const asked$ = defer(() => this.#read?.(this, Math.max(this.lastIndex, 0)) ?? EMPTY);
    this.#waiting = concat(
      timer(overtaking).pipe(ignoreElements()),
      asked$.pipe(ignoreElements()),
      timer(this.#read === undefined ? 0 : reading),
    ).subscribe(() => {
      this.#waiting = undefined;
      this.#tellAll(this.#transcript.release());
    });
  }

  /** `firstLive`: the first of the lines that had come by themselves, before the transcript did. */
  #tellAll(lines: readonly TranscriptLine[], firstLive?: number): void {
    if (lines.length === 0) return;
    if (!this.#borderKnown) this.#joinedAt ??= this.#borderIn(lines, firstLive);
    for (const line of lines) this.#tell(line);
    if (this.#now.state !== 'Invited') {
      this.#historyCame = true;
      this.#borderKnown = true;
    }
  }

  /** Completes every stream. What comes later for this id is a new interaction. */
  end(end: InteractionEnd): void {
    if (this.#over) return;
    this.#over = true;
    this.#waiting?.unsubscribe();
    this.#ended.next(end);
    for (const stream of [
      this.#messages,
      this.#typing,
      this.#notifications,
      this.#participants,
      this.#capabilities,
      this.#userData,
      this.#owner,
      this.#state,
      this.#ended,
    ]) {
      stream.complete();
    }
  }

  #tell(line: TranscriptLine): void {
    const own = isAgent(line.from, this.agent);
    if (line.type === 'TypingStarted' || line.type === 'TypingStopped') {
      if (!this.#isHistory(line.index) && line.index > this.#seenBefore) {
        this.#typing.next({ from: line.from, typing: line.type === 'TypingStarted', own });
      }
      return;
    }
    const history = this.#isHistory(line.index);
    const replayed = !history && line.index <= this.#seenBefore;
    this.#messages.next({ ...line, type: line.type, own, history: history || replayed, replayed });
  }

  /**
   * GWS sends the transcript so far once the agent has joined (8.5.0 page, Accept). Where it names the agent's
   * arrival, that line is the border; otherwise the first transcript after joining is history as a whole.
   */
  #isHistory(index: number): boolean {
    return this.#joinedAt === undefined ? !this.#historyCame : index <= this.#joinedAt;
  }

  /**
   * The last arrival counts, since the agent may have been in the chat before; but none that comes after the
   * history, since an agent is listed once more in a consultation. In a chat that was found open, all that was
   * said before it was found is history.
   */
  #borderIn(lines: readonly TranscriptLine[], firstLive: number | undefined): number | undefined {
    if (this.resumed)
      return lines.findLast(({ index }) => firstLive === undefined || index < firstLive)?.index;
    return lines.findLast((line) => this.#isOwnArrival(line))?.index;
  }

  #isOwnArrival(line: TranscriptLine): boolean {
    return line.type === 'ParticipantJoined' && isAgent(line.from, this.agent);
  }
}
