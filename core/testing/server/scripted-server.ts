import { defer, delay, type Observable, of, Subject, type Subscription, tap, timer } from 'rxjs';
import type { Dialect } from '../../dialects/dialect.ts';
import type { InteractionState } from '../../model/interaction.ts';
import type { Notification } from '../../model/notification.ts';
import { type Operation, type OperationName, operationNames } from '../../model/operation.ts';
import type { Outcome } from '../../model/outcome.ts';
import { Faults, lateness } from './faults.ts';
import { ServerChat, type ServerChatOptions } from './server-chat.ts';

/** How the server ends operations of one kind, instead of taking them. */
export type ScriptedOutcomes = Partial<Record<OperationName, Partial<Omit<Outcome, 'operation'>>>>;

export interface ScriptedChatOptions extends Omit<ServerChatOptions, 'notify' | 'hasGaps'> {
  readonly outcomes?: ScriptedOutcomes | undefined;
  /** What an operation does to the chat once it was taken. */
  readonly effect: (operation: Operation, chat: ServerChat) => void;
}

/** What the server permits in each state. */
const permittedIn: Partial<Record<InteractionState, (name: OperationName) => boolean>> = {
  Invited: (name) => name === 'accept' || name === 'reject',
  Chatting: (name) => name !== 'accept' && name !== 'reject',
  LeftChat: (name) => afterwards.has(name),
};

/** What may be done with a chat that the agent is no longer in. */
const afterwards: ReadonlySet<OperationName> = new Set([
  'stopProcessing',
  'setDisposition',
  'attachUserData',
  'updateUserData',
  'deleteUserData',
]);

/**
 * The contact centre of a test, in memory: chats, what becomes of operations, and the ways it can fail. It speaks in
 * notifications that are decoded already.
 */
export class ScriptedServer {
  readonly #told = new Subject<Notification>();
  readonly faults = new Faults((notification) => this.#told.next(notification));
  readonly #capabilities: Dialect['capabilities'];
  readonly #chats = new Map<string, { readonly chat: ServerChat; readonly options: ScriptedChatOptions }>();

  /** `capabilities`: how the dialect calls what it permits. */
  constructor(capabilities: Dialect['capabilities']) {
    this.#capabilities = capabilities;
  }

  /** What the agent is told from now on. */
  connect(listener: (notification: Notification) => void): Subscription {
    return this.#told.subscribe(listener);
  }

  get chats(): readonly ServerChat[] {
    return [...this.#chats.values()].map(({ chat }) => chat);
  }

  /** Takes up a chat; nobody is told yet. */
  open(options: ScriptedChatOptions): ServerChat {
    const chat = new ServerChat(
      {
        ...options,
        notify: (notification) => this.faults.pass(notification),
        hasGaps: () => this.faults.has('gap'),
      },
      (state) => operationNames.filter((name) => permittedIn[state]?.(name)).flatMap(this.#capabilities),
    );
    this.#chats.set(chat.id, { chat, options });
    return chat;
  }

  /** The agent's open interactions. */
  list(): readonly Notification[] {
    return this.chats.filter(({ isOver }) => !isOver).map(({ listed }) => listed);
  }

  /** Takes an operation: one outcome, and what it does to its chat. */
  take(operation: Operation): Observable<Outcome> {
    return defer(() => {
      const known = this.#chats.get(operation.interactionId);
      const sent: Outcome = { operation, kind: 'sent', status: 0, attempts: 1 };
      if (known === undefined) return of<Outcome>({ ...sent, kind: 'refused', reason: 'status', status: 6 });
      const { chat, options } = known;
      const answer: Outcome = { ...sent, ...options.outcomes?.[operation.name] };
      if (answer.kind !== 'sent') return of(answer);
      return this.#faulty(operation, answer, chat, options);
    });
  }

  #faulty(
    operation: Operation,
    answer: Outcome,
    chat: ServerChat,
    { effect }: ScriptedChatOptions,
  ): Observable<Outcome> {
    const { faults } = this;
    const happen = (): void => {
      if (!chat.isOver) effect(operation, chat);
    };
    const unknown: Outcome = { ...unanswered, operation };
    if (faults.has('refused')) return of({ ...answer, kind: 'refused', reason: 'status', status: 1 });
    if (faults.has('offline')) return of({ ...unanswered, operation, kind: 'failed', reason: 'unreachable' });
    if (faults.has('lostRequest')) return of(unknown);
    if (faults.has('lostReply')) return of(unknown).pipe(tap(happen));
    if (faults.has('failsLater')) {
      timer(lateness.reply).subscribe(() => chat.fail('the operation failed'));
      return of(answer);
    }
    if (faults.has('lateEffect')) {
      timer(lateness.effect).subscribe(happen);
      return of(answer);
    }
    if (faults.has('lateReply')) {
      happen();
      return of(answer).pipe(delay(lateness.reply));
    }
    return of(answer).pipe(tap(happen));
  }
}

const unanswered = {
  kind: 'unknown',
  reason: 'no-reply',
  message: 'the answer was lost',
  attempts: 1,
} as const satisfies Omit<Outcome, 'operation'>;
