import type { Operation } from './operation.ts';

/**
 * How an operation ended. Expected failures are data:
 * - `sent`: GWS took it (statusCode 0).
 * - `suppressed`: held back on purpose and never sent; `reason` says why.
 * - `refused`: GWS answered with a statusCode above 0; nothing was changed.
 * - `failed`: it certainly did not reach GWS.
 * - `unknown`: it left, and no answer came; it may or may not have taken effect.
 * - `unsupported`: the dialect has no such operation.
 */
export type OutcomeKind = 'sent' | 'suppressed' | 'refused' | 'failed' | 'unknown' | 'unsupported';

export interface Outcome {
  readonly operation: Operation;
  readonly kind: OutcomeKind;
  /** A code for machines: `once`, `capability`, `ended`, `cancelled`, `unreachable`, `no-reply`, … */
  readonly reason?: string;
  /** The statusCode of GWS. */
  readonly status?: number;
  /** What GWS, or the part that decided, said. */
  readonly message?: string;
  /** Names the request in the notifications it causes, where the server tells. */
  readonly referenceId?: number;
  /** The answer was lost, and that it took effect was found out from the transcript or the state. */
  readonly reconciled?: boolean;
  /** How often it was sent. */
  readonly attempts: number;
}

/** An outcome of an operation that was never sent. */
export function suppressed(operation: Operation, reason: string, message?: string): Outcome {
  return {
    operation,
    kind: 'suppressed',
    reason,
    attempts: 0,
    ...(message === undefined ? {} : { message }),
  };
}

/** It was sent, or would have been, had the server been there. */
export function hasLeft({ kind }: Outcome): boolean {
  return kind !== 'suppressed';
}
