import type {
  InteractionKind,
  InteractionState,
  InteractionUpdate,
  UserData,
} from '../../model/interaction.ts';
import type { TranscriptLine } from '../../model/message.ts';
import type { InteractionChanged, Notification, TranscriptUpdated } from '../../model/notification.ts';
import type { Participant } from '../../model/participant.ts';
import { people } from './people.ts';

export interface ServerChatOptions {
  readonly id: string;
  readonly kind?: InteractionKind | undefined;
  readonly userData?: UserData | undefined;
  readonly customer?: Participant;
  /** Takes a notification on its way to the agent. */
  readonly notify: (notification: Notification) => void;
  /** Whether lines leave a number out before them. */
  readonly hasGaps?: () => boolean;
  /** The agent has come into the conversation. */
  readonly onJoined?: () => void;
}

/** What the server permits in each state, by the names that all dialects of tests share. */
export type Permits = (state: InteractionState) => readonly string[];

export type SaidLine = Pick<TranscriptLine, 'type' | 'from' | 'text'> &
  Partial<Pick<TranscriptLine, 'visibility'>>;

/** One chat as the server has it: its state, who is in it, and its transcript, of which the agent is told. */
export class ServerChat {
  readonly id: string;
  readonly customer: Participant;
  readonly #options: ServerChatOptions;
  readonly #permits: Permits;
  readonly #lines: TranscriptLine[] = [];
  #state: InteractionState = 'Invited';
  #participants: readonly Participant[] = [];
  #userData: UserData;
  #index = 0;
  #hasJoined = false;
  #untold: TranscriptLine[] = [];
  /** What is said in answer to the joining itself stands behind it in the transcript. */
  #joining: SaidLine[] | undefined;

  constructor(options: ServerChatOptions, permits: Permits) {
    this.id = options.id;
    this.customer = options.customer ?? people.customer;
    this.#options = options;
    this.#permits = permits;
    this.#userData = options.userData ?? {};
  }

  get state(): InteractionState {
    return this.#state;
  }

  get isOver(): boolean {
    return this.#state === 'Completed' || this.#state === 'Revoked';
  }

  /** Whether the agent has been in the conversation. */
  get hasJoined(): boolean {
    return this.#hasJoined;
  }

  get participants(): readonly Participant[] {
    return this.#participants;
  }

  /** Everything that was said, as the server has written it down. */
  get lines(): readonly TranscriptLine[] {
    return this.#lines;
  }

  /** The chat as a list of the open interactions shows it. */
  get listed(): InteractionChanged {
    const { kind } = this.#options;
    return this.#changed('StatusChange', {
      state: this.#state,
      capabilities: this.#permits(this.#state),
      participants: this.#participants,
      userData: this.#userData,
      ...(kind !== undefined && { kind }),
    });
  }

  /** Offers the chat to the agent. */
  invite(): void {
    const { kind, userData } = this.#options;
    this.#apply('StatusChange', {
      state: 'Invited',
      capabilities: this.#permits('Invited'),
      ...(kind !== undefined && { kind }),
      ...(userData !== undefined && { userData }),
    });
  }

  change(state: InteractionState, present?: readonly Participant[]): void {
    if (this.isOver) return;
    if (state === 'Invited') return this.invite();
    const joins = state === 'Chatting' && !this.#hasJoined;
    this.#state = state;
    if (joins) this.#joining = [];
    this.#apply('StatusChange', { state, capabilities: this.#permits(state) });
    if (!joins) return;
    this.#hasJoined = true;
    if (present !== undefined) this.tellPresent(present);
    const answers = this.#joining ?? [];
    this.#joining = undefined;
    this.say({ type: 'ParticipantJoined', from: people.agent, text: '' });
    for (const answer of answers) this.say(answer);
    this.#options.onJoined?.();
  }

  tellPresent(participants: readonly Participant[]): void {
    if (this.isOver) return;
    this.#participants = participants;
    this.#apply('ParticipantsUpdated', { participants });
  }

  tellUserData(userData: UserData): void {
    this.#userData = userData;
    this.#apply('PropertiesUpdated', { userData });
  }

  /** An operation that was taken comes to nothing. */
  fail(error: string): void {
    const { kind, interactionId, change, update } = this.#changed('Error', {});
    this.#options.notify({ kind, interactionId, change, update, error });
  }

  /** Writes a line into the transcript; an agent that has joined is told. */
  say(line: SaidLine): void {
    if (this.isOver) return;
    if (this.#joining !== undefined) {
      this.#joining.push(line);
      return;
    }
    this.#index += this.#options.hasGaps?.() ? 2 : 1;
    const written = { visibility: 'All' as const, ...line, index: this.#index };
    this.#lines.push(written);
    this.#untold.push(written);
    if (!this.#hasJoined) return;
    const lines = this.#untold;
    this.#untold = [];
    this.#options.notify(this.#transcript(lines));
  }

  /** Tells the agent once more all there is. */
  tellAgain(): void {
    if (this.isOver) return;
    this.#options.notify(this.listed);
    this.#apply('ParticipantsUpdated', { participants: this.#participants });
    if (this.#hasJoined) this.#options.notify(this.transcriptFrom(1));
  }

  /** The transcript from an index on, as it is told when somebody asks for it. */
  transcriptFrom(index: number): TranscriptUpdated {
    return this.#transcript(this.#lines.filter((line) => line.index >= index));
  }

  #transcript(lines: readonly TranscriptLine[]): TranscriptUpdated {
    return { kind: 'transcript', interactionId: this.id, lines, problems: [] };
  }

  #apply(change: InteractionChanged['change'], update: InteractionUpdate): void {
    this.#options.notify(this.#changed(change, update));
  }

  #changed(change: InteractionChanged['change'], update: InteractionUpdate): InteractionChanged {
    return { kind: 'interaction', interactionId: this.id, change, update };
  }
}
