import type { ObservableInput } from 'rxjs';
import type { UserData } from '../../core/index.ts';

/** One line of the chat, as a brain gets it. */
export interface TurnLine {
  readonly from: 'customer' | 'agent' | 'colleague';
  readonly text: string;
}

/** Something that a brain may do beside speaking. What it may, and with which arguments, is the author's decision. */
export interface Tool {
  /** A verb in snake case. */
  readonly name: string;
  /** What it is for, and when to use it. */
  readonly description: string;
  /** JSON schema of its arguments: an object. */
  readonly parameters: Readonly<Record<string, unknown>>;
}

/** The customer's turn is over: what the brain is to answer. */
export interface Turn {
  readonly interactionId: string;
  /** The nickname of the agent in whose name it speaks. */
  readonly agent: string;
  /** What was said last, oldest first; the new lines are its end. */
  readonly transcript: readonly TurnLine[];
  /** What the customer has written since the last turn. */
  readonly lines: readonly string[];
  readonly userData: UserData;
  readonly tools: readonly Tool[];
  /** Does what a tool is for, after its arguments were checked. Resolves with a short result in words, never rejects. */
  readonly use: (tool: string, given: unknown) => Promise<string>;
  /** Aborted when nobody waits for the answer any more: hand it to `fetch`. */
  readonly signal: AbortSignal;
}

/** What comes out of a brain, piece by piece. */
export type Piece =
  | { readonly kind: 'text'; readonly text: string }
  /** It does not know. The next brain may, or a human. */
  | { readonly kind: 'unsure'; readonly reason?: string }
  /** A human is to take over. What was said before is still said. */
  | { readonly kind: 'hand-off'; readonly reason: string; readonly summary?: string }
  /** What the turn has cost; prices are the author's. */
  | { readonly kind: 'usage'; readonly tokens: number; readonly cost?: number };

/** Thinks of an answer: a stream of pieces. A function that returns a promise of pieces is a brain as well. */
export interface Brain {
  (turn: Turn): ObservableInput<Piece> | Promise<readonly Piece[]>;
  /** The chat is over: what is kept of it can go. */
  forget?(interactionId: string): void;
}

/** A brain of a function that answers in words; `undefined` where it does not know. */
export function functionBrain(
  answer: (turn: Turn) => string | undefined | Promise<string | undefined>,
): Brain {
  return async function* (turn) {
    const text = await answer(turn);
    yield text === undefined ? { kind: 'unsure' } : { kind: 'text', text };
  };
}
