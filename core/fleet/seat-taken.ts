import { UsherError } from '../errors.ts';

/** What an agent, or all of them, is lost by. */
export function seatTaken(why: string, cause?: unknown): UsherError {
  return new UsherError('USHER_SEAT_TAKEN', why, { cause });
}
