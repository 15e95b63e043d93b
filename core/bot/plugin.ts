import type { StandardSchemaV1 } from '@standard-schema/spec';
import type { Observable, ObservableInput } from 'rxjs';
import type { Agent } from '../model/agent.ts';
import type { Drain, HandOffRequest } from '../model/hand-off.ts';
import type { Facts, JournalEntry } from '../model/journal-entry.ts';
import type { Message } from '../model/message.ts';
import type { Operation } from '../model/operation.ts';
import type { Outcome } from '../model/outcome.ts';
import type { Clock, Interaction, Log, Operations } from '../ports.ts';
import type { ChatState } from './chat-state.ts';
import type { ArmTag } from './experiment/arm-tag.ts';
import type { HostFunction } from './host-plugin.ts';
import type { Lane } from './lane.ts';
import type { QuarantineOptions } from './quarantine.ts';

/** What a plugin gets beside the interaction. Everything it opens through here closes with the interaction. */
export interface BotContext<State = unknown> {
  /** The operations on this interaction, in the name of this plugin. */
  readonly operations: Operations;
  readonly agent: Agent;
  readonly clock: Clock;
  readonly log: Log;
  /** Aborted when the interaction ends or the plugin is stopped: hand it to `fetch`. */
  readonly signal: AbortSignal;
  /** What the plugin keeps of this chat, typed by its `state` schema; it outlives the process. */
  readonly state: ChatState<State>;
  /**
   * Emits once, so many milliseconds after it was first asked for under this name, also if the process was started again
   * in between. To unsubscribe before is to call it off.
   */
  readonly timer: (name: string, milliseconds: number) => Observable<void>;
  /** Puts something that happened in this chat into the journal, for reports and metrics: names and plain values. */
  readonly note: (what: string, facts: Facts) => void;
  /** Wishes that somebody else takes the chat over. Whom to ask, and how, is a matter of the bot: see `hand-off`. */
  readonly requestHandOff: (request: HandOffRequest) => void;
  /** What the plugins of the bot wish to hand over. */
  readonly handOffRequests$: Observable<HandOffRequest>;
  /** Gives the word in this chat to a human by this name: no bot speaks to the customer until it is taken back. */
  readonly yieldTo: (name: string) => void;
  readonly takeBack: () => void;
  /** Emits, also late, when the session is being stopped: the chat is to end, or to be handed over, by then. */
  readonly drain$: Observable<Drain>;
}

/**
 * The heart of a plugin: one interaction in, a stream of work out. It is called once per interaction; the
 * runner subscribes to what it returns, catches its errors and unsubscribes when the interaction ends. A
 * promise or an async generator may be returned instead.
 */
export type BotFunction<State = unknown> = (
  interaction: Interaction,
  context: BotContext<State>,
) => ObservableInput<unknown>;

/** What a `message` function gets beside the line. Its `signal` is aborted when the call is over, however it ends. */
export interface MessageContext<State = unknown> extends BotContext<State> {
  readonly interaction: Interaction;
  /** All lines that the call is for, in order; the last of them is the `message`. */
  readonly lines: readonly Message[];
}

/**
 * For authors who want one line at a time: called for what the customer writes, through the plugin's own lane in
 * each chat. A line is done with when what is returned has completed, or at once if nothing is. After a restart it
 * is called again for lines that were not done with; operations it had sent for them are not sent again.
 */
export type MessageFunction<State = unknown> = (
  message: Message,
  context: MessageContext<State>,
  // biome-ignore lint/suspicious/noConfusingVoidType: a function without a return is a fine handler.
) => ObservableInput<unknown> | void;

/** What stands on the way of operations gets: its own `operations` go out at once, past the lane. */
export type OperationContext<State = unknown> = Omit<BotContext<State>, 'signal'> & {
  readonly interaction: Interaction;
};

/**
 * Stands on the way of every operation on an interaction, whichever plugin asks for it: passes it on with
 * `next`, holds it back, changes it, or answers it itself. The first outcome it emits is the operation's. If it
 * throws before, the operation is not sent.
 */
export type OperationFunction<State = unknown> = (
  operation: Operation,
  next: (operation: Operation) => Observable<Outcome>,
  context: OperationContext<State>,
) => Observable<Outcome>;

/** What a plugin that watches the agent session gets, for its whole length. */
export interface SessionContext {
  readonly agent: Agent;
  readonly clock: Clock;
  readonly log: Log;
  readonly signal: AbortSignal;
  /** Each interaction of the agent, when it appears. */
  readonly interactions$: Observable<Interaction>;
  /** Everything the session sees and does. */
  readonly journal$: Observable<JournalEntry>;
}

/** Watches the whole agent session rather than one interaction: metrics, recorders, displays. */
export type SessionFunction = (context: SessionContext) => ObservableInput<unknown>;

/** What a plugin may do at most, so that it harms nobody else. */
export interface PluginLimits {
  /** How lines come to `message`. Default: 'serial'. */
  readonly lane: Lane;
  /** Lines of one chat that may wait for `message`; the newest beyond it are left out. Default: 1,000. */
  readonly laneCapacity: number;
  /**
   * Milliseconds for one call of `message`, without the time its operations take. Default: 30,000. `Infinity`: no
   * limit, here and below.
   */
  readonly budget: number;
  /** Milliseconds that `operation` may hold an operation, without the time it takes to send. Default: 60,000. */
  readonly holdBudget: number;
  /** Milliseconds that a function may run before it gives way; longer ones are told of. Default: 200. */
  readonly longestTurn: number;
  /** Operations on one chat in a second; what is beyond it is held back. Default: 50. */
  readonly operationsPerSecond: number;
  /** When the plugin is kept away from the chats. `false`: never. */
  readonly quarantine: QuarantineOptions | false;
}

/** How a plugin deals with what the customer writes. */
export interface MessagePart {
  // biome-ignore lint/suspicious/noExplicitAny: which state it is, only the plugin knows.
  readonly handle: MessageFunction<any>;
  /** Whether lines from before the agent's part are handled too. */
  readonly history: boolean;
  /** What it emits first silences the plugin in this chat. */
  readonly until: ((interaction: Interaction) => ObservableInput<unknown>) | undefined;
}

/** What a plugin consists of once its options and services are known; one instance per agent session. */
export interface PluginParts {
  // biome-ignore lint/suspicious/noExplicitAny: which state it is, only the plugin knows.
  readonly bot?: BotFunction<any>;
  readonly message?: MessagePart;
  // biome-ignore lint/suspicious/noExplicitAny: which state it is, only the plugin knows.
  readonly operation?: OperationFunction<any>;
  readonly session?: SessionFunction;
  readonly host?: HostFunction;
  /** What it keeps of a chat. */
  readonly state?: StandardSchemaV1<unknown, object>;
}

/** An injectable service is named by an abstract class. */
// biome-ignore lint/suspicious/noExplicitAny: a token's constructor is never called, any parameters do.
export type Token<Service = unknown> = abstract new (...parameters: any[]) => Service;

/** The services for a list of tokens, in its order. */
export type Services<Tokens extends readonly Token[]> = {
  -readonly [At in keyof Tokens]: Tokens[At] extends Token<infer Service> ? Service : never;
};

/** A configured plugin: what a bot lists under `plugins`. */
export interface Plugin {
  readonly kind: 'plugin';
  readonly name: string;
  /** It works only in chats of these arms. Default: in all. */
  readonly arms?: readonly ArmTag[];
  readonly limits: PluginLimits;
  /** The services it is created with. */
  readonly inject: readonly Token[];
  /** What it was made of: two with the same definition and equal options are one and the same. */
  readonly definition: object;
  readonly options: unknown;
  create(...services: readonly unknown[]): PluginParts;
}
