import type { Observable, ObservableInput, Subscription } from 'rxjs';
import type { ErrorCode } from './errors.ts';
import type { Agent } from './model/agent.ts';
import type { NumberedEvent } from './model/analytics-event.ts';
import type {
  InteractionEnd,
  InteractionKind,
  InteractionState,
  InteractionUpdate,
  UserData,
} from './model/interaction.ts';
import type { OpenIntent } from './model/interaction-document.ts';
import type { JournalEntry, JournalEvent } from './model/journal-entry.ts';
import type { Message, TypingChange } from './model/message.ts';
import type { Notification } from './model/notification.ts';
import type { Operation, Target, TextTags } from './model/operation.ts';
import type { Outcome } from './model/outcome.ts';
import type { Owner } from './model/owner.ts';
import type { Participant, Visibility } from './model/participant.ts';

/**
 * One chat, as this agent sees it. `state$`, `participants$`, `capabilities$` and `userData$` replay their
 * latest value; the rest do not. Every stream completes when the interaction ends for this agent. A chat that
 * comes back later is a new `Interaction`.
 */
export interface Interaction {
  readonly id: string;
  readonly kind: InteractionKind;
  /** The chat this one belongs to: the customer's chat of a consultation, where GWS tells it. */
  readonly parentId: string | undefined;
  /** The agent in whose seat the bots sit. */
  readonly agent: Agent;
  /** The session found the chat open: it began, and may have been greeted, before. */
  readonly resumed: boolean;
  readonly state$: Observable<InteractionState>;
  readonly participants$: Observable<readonly Participant[]>;
  /** The operations GWS permits now, by their wire names; `undefined` while GWS has not told. */
  readonly capabilities$: Observable<readonly string[] | undefined>;
  readonly userData$: Observable<UserData>;
  /** Who has the word with the customer: a bot speaks only while it is `bot`. Replays its latest value too. */
  readonly owner$: Observable<Owner>;
  /** Transcript lines in the order of their index, each once; typing is in `typing$`. */
  readonly messages$: Observable<Message>;
  readonly typing$: Observable<TypingChange>;
  /** Everything GWS tells about this interaction, decoded. */
  readonly notifications$: Observable<Notification>;
  /** Emits once, when the interaction ends for this agent. */
  readonly ended$: Observable<InteractionEnd>;
  /** The latest of the replaying streams, for templates and rules. */
  readonly now: Readonly<Required<Pick<InteractionUpdate, 'state' | 'participants' | 'userData'>>> & {
    readonly capabilities: readonly string[] | undefined;
    readonly owner: Owner;
    /** The highest index of the transcript that was told; -1 before the first line. */
    readonly lastIndex: number;
    /** The index of the agent's own arrival: what stands before it is history. */
    readonly joinedAt: number | undefined;
    readonly ended: boolean;
  };
}

export interface OperationOptions {
  /** With a key, the operation takes effect at most once per interaction, whichever plugin asks. */
  readonly once?: string;
}

/**
 * The operations on one interaction, in the name of one plugin. Each returns a cold stream of one `Outcome`:
 * nothing is sent until it is subscribed, and unsubscribing before it is sent cancels it. Outcomes are data;
 * only programming errors are thrown. What the server's dialect does not know ends as `unsupported`.
 */
export interface Operations {
  /** Takes the invitation. Default nickname: the agent's. */
  accept(options?: OperationOptions & { nickname?: string }): Observable<Outcome>;
  /** Turns the invitation down; the chat is offered to somebody else. The reason stays in the journal. */
  reject(options?: OperationOptions & { reason?: string }): Observable<Outcome>;
  /** Says something to everybody in the chat. */
  sendMessage(text: string, options?: OperationOptions & TextTags): Observable<Outcome>;
  /** Tells the others that the agent types, or has stopped. */
  sendTyping(typing: boolean, options?: OperationOptions): Observable<Outcome>;
  /** Says something that the customer does not see. */
  sendToAgents(text: string, options?: OperationOptions & TextTags): Observable<Outcome>;
  /** Tells the other agents, and not the customer, that the agent types, or has stopped. */
  sendTypingToAgents(typing: boolean, options?: OperationOptions): Observable<Outcome>;
  /** Opens an address at the customer's. */
  sendUrl(url: string, options?: OperationOptions): Observable<Outcome>;
  /** A line for the other desktops rather than for people. Default audience: the agents. */
  sendNotice(notice: string, options?: OperationOptions & { audience?: Visibility }): Observable<Outcome>;
  /** Hands the chat over in one step. */
  transfer(to: Target, options?: OperationOptions & { farewell?: string }): Observable<Outcome>;
  /** Ends the agent's part in the conversation; alone with the customer, also the chat. Work on it may go on. */
  leave(options?: OperationOptions & { farewell?: string }): Observable<Outcome>;
  /** Finishes the agent's work on the interaction. */
  stopProcessing(options?: OperationOptions & { farewell?: string }): Observable<Outcome>;
  /** Has GWS send the transcript again, from an index on or whole; it arrives as notifications. */
  requestHistory(options?: OperationOptions & { fromIndex?: number }): Observable<Outcome>;
  /** Asks a colleague into the chat before everybody's eyes. */
  invite(to: Target, options?: OperationOptions): Observable<Outcome>;
  /** Asks a colleague into the chat without the customer noticing. */
  startConsultation(to: Target, options?: OperationOptions): Observable<Outcome>;
  /** Hands the chat to the colleague of the running consultation. Default: the colleague who is there. */
  completeTransfer(options?: OperationOptions & { colleagueId?: string }): Observable<Outcome>;
  /** Brings the colleague of the running consultation into the chat, and stays. Default: the colleague who is there. */
  completeConference(options?: OperationOptions & { colleagueId?: string }): Observable<Outcome>;
  /** Ends the consultation; the chat with the customer goes on. Default: with the colleague who is there. */
  leaveConsultation(options?: OperationOptions & { colleagueId?: string }): Observable<Outcome>;
  /** Sends another agent out of a conference. */
  removeParticipant(agentId: string, options?: OperationOptions): Observable<Outcome>;
  /** Adds keys to the user data. */
  attachUserData(userData: UserData, options?: OperationOptions): Observable<Outcome>;
  /** Overwrites the values of these keys. */
  updateUserData(userData: UserData, options?: OperationOptions): Observable<Outcome>;
  deleteUserData(keys: readonly string[], options?: OperationOptions): Observable<Outcome>;
  /** How the chat went, by a code of the contact centre. Default key: the server's. */
  setDisposition(disposition: string, options?: OperationOptions & { key?: string }): Observable<Outcome>;
  /** Tells the server that the agent looks at this chat now. */
  setInFocus(options?: OperationOptions): Observable<Outcome>;
}

/** The document of one interaction, in the hands of the agent session that owns it. */
export interface Dossier {
  /** Whether the operation of this `once` key took effect, or is on its way. */
  has(key: string): boolean;
  /** The operation of this key took effect. Written with the next commit. */
  mark(key: string): void;
  /** Writes down what is about to be sent. `fenced`: another worker owns the agent; it must not be sent. */
  intend(intent: OpenIntent): ObservableInput<'ok' | 'fenced'>;
  /** A plugin's `message` function has done with the lines of these indexes. */
  handled(plugin: string, indexes: readonly number[]): void;
  isHandled(plugin: string, index: number): boolean;
  /** The operation is no longer on its way. Written with the next commit. */
  settle(operation: Operation): void;
  /** A plugin's state, as plain JSON; `undefined` while it has none. */
  stateOf(plugin: string): unknown;
  setState(plugin: string, state: unknown): void;
  /** When a timer of a plugin is due, in milliseconds since 1970; `undefined` if it does not run. */
  timerOf(plugin: string, name: string): number | undefined;
  setTimer(plugin: string, name: string, at: number | undefined): void;
  /** Who had the word when this was written last. */
  readonly owner: Owner;
  setOwner(owner: Owner): void;
  /** Kept once under a key of the whole store, with the next commit; also when the interaction is over. */
  keep(key: string, body: unknown): void;
}

/** The documents of an agent's interactions. */
export interface Ledger {
  of(interaction: Interaction): Dossier;
}

/** Takes an operation on its way out: passes it to `next`, changes it, holds it back or answers it itself. */
export type Interceptor = (
  operation: Operation,
  next: (operation: Operation) => Observable<Outcome>,
) => Observable<Outcome>;

/**
 * Emits the outcome of an operation that is not to be sent any more, as long as it has not left; at once if it is not to
 * be sent at all.
 */
export type Withdrawal = (operation: Operation) => Observable<Outcome>;

/** The way out of an agent session. Injectable; bots get it bound to their interaction as `operations`. */
export abstract class OperationsGateway {
  /** Cold: one outcome, then complete. */
  abstract perform(operation: Operation): Observable<Outcome>;
  /** The gateway bound to one interaction and one plugin; `around` sees each operation before all others. */
  abstract bind(interaction: Interaction, plugin: string, around?: Interceptor): Operations;
  /**
   * Puts an interceptor on the way of the operations of one interaction, behind those that are there, until the
   * subscription is closed. The operations it gets go out at once, past the lane and the other interceptors.
   */
  abstract intercept(
    interaction: Interaction,
    plugin: string,
    make: (operations: Operations) => Interceptor,
  ): Subscription;
}

/** Time in milliseconds since 1970, virtual under a test scheduler. The only clock of core and plugins. */
export abstract class Clock {
  abstract now(): number;
}

/** The record of everything an agent session sees and does. Read by displays, recorders and metrics. */
export abstract class Journal {
  abstract readonly entries$: Observable<JournalEntry>;
  /** How often each problem occurred, by code. */
  abstract readonly problems: ReadonlyMap<ErrorCode, number>;
  abstract record(agent: string, event: JournalEvent): void;
}

/** Structured logging; a pino logger fits. */
export interface Log {
  debug(fields: object, message: string): void;
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
  error(fields: object, message: string): void;
  child(fields: Record<string, unknown>): Log;
}

/** The injectable logger. */
export abstract class Logger implements Log {
  abstract debug(fields: object, message: string): void;
  abstract info(fields: object, message: string): void;
  abstract warn(fields: object, message: string): void;
  abstract error(fields: object, message: string): void;
  abstract child(fields: Record<string, unknown>): Log;
}

/**
 * Gives the bearer tokens that agents log in with. Bind it under `services` of the config; no password is needed
 * then. One serves all agents of the process, whatever the scope of its service.
 */
export abstract class TokenProvider {
  /**
   * The token that the agent's requests carry from now on. A provider that throws, or takes longer than 10 s, is
   * asked again with the next request.
   *
   * @param reason `expired`: the server has refused the one before. Return another, not a cached one.
   */
  abstract token(agent: { readonly username: string }, reason: 'first' | 'expired'): string | Promise<string>;
}

/** Events that were committed together, on their way out. */
export interface AnalyticsBatch {
  /** The same whenever the batch comes again, and never another's: the key to drop repetitions by. */
  readonly id: string;
  /** In the order of their commits. */
  readonly events: readonly NumberedEvent[];
}

/** Where analytics events go. Given one batch at a time for each shard of the store, in order. */
export interface AnalyticsSink {
  /** What it is called in the journal; no secrets. */
  readonly name: string;
  /**
   * Resolves when the target has the batch for good; rejects if it has it not, or may have it not: then it comes again.
   * A `SinkError` may say more. Once `signal` is aborted, nobody waits any more.
   */
  publish(batch: AnalyticsBatch, signal: AbortSignal): Promise<void>;
  /** Called once, when nothing more comes. */
  close?(): Promise<void>;
}
