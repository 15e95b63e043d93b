import type { Result } from './engine/records.ts';

/** A refusal planned by a test. */
export interface Refusal {
  /** The wire name. */
  readonly operation: string;
  readonly statusCode: number;
  /** Default: 'refused on purpose'. */
  readonly statusMessage?: string;
  /** How many operations get it. Default: 1. */
  readonly times?: number;
  /** Default: any agent. */
  readonly username?: string;
}

/** Refusals that wait for their operation. */
export class PlannedRefusals {
  readonly #planned: { refusal: Refusal; left: number }[] = [];

  plan(refusal: Refusal): void {
    this.#planned.push({ refusal, left: refusal.times ?? 1 });
  }

  take(username: string, operationName: string): Result | undefined {
    const found = this.#planned.find(
      ({ refusal, left }) =>
        left > 0 && refusal.operation === operationName && (refusal.username ?? username) === username,
    );
    if (found === undefined) return undefined;
    found.left -= 1;
    return { status: found.refusal.statusCode, message: found.refusal.statusMessage ?? 'refused on purpose' };
  }
}
