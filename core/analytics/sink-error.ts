export interface SinkErrorOptions {
  /** The target does not want this batch, or this sender, and asking again soon is of no use. Default: false. */
  readonly isRefusal?: boolean;
  /** Milliseconds that the target wants to be left alone. Default: the relay decides. */
  readonly retryAfter?: number | undefined;
  readonly cause?: unknown;
}

/** Why a sink could not publish a batch. Whatever else it throws counts as something that passes. */
export class SinkError extends Error {
  override readonly name = 'SinkError';
  readonly isRefusal: boolean;
  readonly retryAfter: number | undefined;

  constructor(message: string, { isRefusal = false, retryAfter, cause }: SinkErrorOptions = {}) {
    super(message, { cause });
    this.isRefusal = isRefusal;
    this.retryAfter = retryAfter;
  }
}
