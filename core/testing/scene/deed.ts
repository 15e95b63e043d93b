import type { Operation, OperationName, Target } from '../../model/operation.ts';

/** Something the bots did: an operation that left, and when. */
export interface Deed {
  /** Milliseconds since the beginning. */
  readonly at: number;
  readonly operation: Operation;
}

/** What is expected of the bots next. */
export interface Wanted {
  /** As an infinitive: `say "Hello"`. */
  readonly text: string;
  /** Whether a deed is of the kind that is wanted: the next one of its kind decides. */
  readonly isOfKind: (operation: Operation) => boolean;
  readonly isIt: (operation: Operation) => boolean;
}

/** A text as a test states it: the whole of it, a pattern, or a condition. */
export type ExpectedText = string | RegExp | ((text: string) => boolean);

export function wantedText(text?: ExpectedText): Wanted {
  const isSaid = ({ name }: Operation) => name === 'sendMessage';
  if (text === undefined) return { text: 'say something', isOfKind: isSaid, isIt: isSaid };
  return {
    text: `say ${shown(text)}`,
    isOfKind: isSaid,
    isIt: (operation) => operation.name === 'sendMessage' && fits(operation.text, text),
  };
}

export function wantedTyping(typing = true): Wanted {
  const isIt = (operation: Operation) => operation.name === 'sendTyping' && operation.typing === typing;
  return { text: typing ? 'type' : 'stop typing', isOfKind: isIt, isIt };
}

/** An operation by its name, and by as many of its members as are given. */
export function wantedOperation(name: OperationName, members: object = {}): Wanted {
  const entries = Object.entries(members).filter(([, value]) => value !== undefined);
  const details = entries.length === 0 ? '' : ` ${JSON.stringify(Object.fromEntries(entries))}`;
  return {
    text: `${words[name] ?? name}${details}`,
    isOfKind: (operation) => operation.name === name,
    isIt: (operation) =>
      operation.name === name &&
      entries.every(([key, value]) => isEqual((operation as unknown as Record<string, unknown>)[key], value)),
  };
}

/** A transfer, in one step or after a consultation; to anybody if nobody is named. */
export function wantedTransfer(to?: Target): Wanted {
  const { isIt } = wantedOperation('transfer', { to });
  const isOfKind = ({ name }: Operation) => name === 'transfer' || name === 'completeTransfer';
  return {
    text: to === undefined ? 'transfer the chat' : `transfer the chat to ${JSON.stringify(to)}`,
    isOfKind,
    isIt: (operation) => isIt(operation) || (to === undefined && isOfKind(operation)),
  };
}

/** The end of the agent's part: in the conversation, or in the work on it. */
export function wantedLeave(): Wanted {
  const isIt = ({ name }: Operation) => name === 'stopProcessing' || name === 'leave';
  return { text: 'leave the chat', isOfKind: isIt, isIt };
}

const words: Partial<Record<OperationName, string>> = {
  accept: 'accept the invitation',
  reject: 'reject the invitation',
  startConsultation: 'consult a colleague',
  invite: 'invite a colleague',
  completeConference: 'bring the colleague into the chat',
  leaveConsultation: 'end the consultation',
};

function shown(text: ExpectedText): string {
  return typeof text === 'string'
    ? JSON.stringify(text)
    : typeof text === 'function'
      ? 'what fits'
      : String(text);
}

function fits(said: string, text: ExpectedText): boolean {
  if (typeof text === 'string') return said === text;
  return typeof text === 'function'
    ? text(said)
    : new RegExp(text.source, text.flags.replace(/[gy]/g, '')).test(said);
}

function isEqual(one: unknown, other: unknown): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}
