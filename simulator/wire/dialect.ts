import type { Command } from '../engine/command.ts';
import type { Intent } from '../engine/records.ts';
import type { WireOptions } from '../options.ts';
import type { Body } from './body.ts';

/** What a body asks for, or which member it lacks; `note`: how an ambiguous body was understood. */
export type Reading = { readonly command: Command; readonly note?: string } | { readonly missing: string };

interface ReadingContext {
  readonly options: WireOptions;
  /** A consultation is running that the colleague has not joined, or that is the reader's own. */
  readonly ringing: boolean;
}

/** Reads the bodies of one operation; `undefined`: with these options there is no such operation. */
type OperationReader = (body: Body, context: ReadingContext) => Reading | undefined;

/** A version of the GWS wire as data. */
export interface Dialect {
  readonly name: string;
  /** What `/diagnostics/version` says. */
  readonly version: string;
  /** The topics an event may be delivered on, the preferred one first. */
  readonly topics: readonly string[];
  /** What an agent's parts in chats are called: in paths, and in front of the resource. */
  readonly collection: 'interactions' | 'chats';
  readonly resource: 'interaction' | 'chat';
  /** `messageType` of everything but transcripts. */
  readonly stateMessage: string;
  /** The member of the resource that tells why the chat came. */
  readonly kindMember: string;
  /** Whether every agent of a chat sees it under the same id. */
  readonly sharedIds: boolean;
  /** The collection can be read, and operated on without `/me`. */
  readonly readable: boolean;
  readonly defaults?: Partial<WireOptions>;
  readonly operations: Readonly<Record<string, OperationReader>>;
  /** The wire names by which the resource offers an intent; without: it offers none. */
  capabilities(options: WireOptions): Readonly<Partial<Record<Intent, readonly string[]>>>;
  /** The operations that answer with `status` where the others use `statusCode`; true: with failures too. */
  readonly answersByStatus: Readonly<Record<string, { readonly failures: boolean }>>;
  /** The operations whose reply tells the number of the request. */
  readonly answersWithReference: readonly string[];
}

export const command = (asked: Command, note?: string): Reading => ({
  command: asked,
  ...(note !== undefined && { note }),
});

/** The command made of a member that must be there. */
export function needing<Value>(
  value: Value | undefined,
  missing: string,
  make: (value: Value) => Command,
): Reading {
  return value === undefined ? { missing } : { command: make(value) };
}
