import {
  concatMap,
  debounceTime,
  EMPTY,
  filter,
  finalize,
  ignoreElements,
  merge,
  mergeMap,
  type Observable,
  Subject,
  switchMap,
  tap,
} from 'rxjs';
import type { Message } from '../model/message.ts';

/**
 * How the lines of one chat are handed to a plugin's `message` function:
 * - `serial`: one after the other, each waiting for the one before it; none is left out.
 * - `latest`: a new line cancels what is still under way.
 * - `{ debounce: ms }`: when the customer has paused for so long; all lines since the last time at once.
 * - `coalesce`: one at a time; what comes meanwhile is handed over together afterwards.
 * - `{ parallel: n }`: up to n at a time, in whatever order they end.
 */
export type Lane =
  | 'serial'
  | 'latest'
  | 'coalesce'
  | { readonly debounce: number }
  | { readonly parallel: number };

/** Lines that wait in one lane at most. */
const laneCapacity = 1_000;

export interface LaneWork {
  /** Handles lines together: completes when they are done, and never fails. */
  readonly handle: (lines: readonly Message[]) => Observable<never>;
  /** Lines that are dealt with without having been handled to the end: newer ones took their place. */
  readonly onSuperseded: (lines: readonly Message[]) => void;
  /** A line for which there was no room. */
  readonly onFull: (line: Message) => void;
}

/** Takes the lines of one chat through a plugin's lane. What a handler causes itself waits its turn. */
export function inLane(lines$: Observable<Message>, lane: Lane, work: LaneWork): Observable<never> {
  if (lane === 'latest') return latest(lines$, work);
  if (lane === 'coalesce') return gathered(lines$, work, (waiting$) => waiting$);
  if (lane === 'serial') return bounded(lines$, work, 1);
  if ('parallel' in lane) return bounded(lines$, work, Math.max(1, lane.parallel));
  return gathered(lines$, work, (waiting$) => waiting$.pipe(debounceTime(lane.debounce)));
}

function bounded(
  lines$: Observable<Message>,
  { handle, onFull }: LaneWork,
  places: number,
): Observable<never> {
  let waiting = 0;
  return lines$.pipe(
    filter((line) => {
      if (waiting < laneCapacity) return true;
      onFull(line);
      return false;
    }),
    tap(() => {
      waiting += 1;
    }),
    mergeMap((line) => {
      waiting -= 1;
      return handle([line]);
    }, places),
  );
}

function latest(lines$: Observable<Message>, { handle, onSuperseded }: LaneWork): Observable<never> {
  let running: readonly Message[] = [];
  return lines$.pipe(
    tap((line) => {
      if (running.length > 0) onSuperseded(running);
      running = [line];
    }),
    switchMap((line) => {
      const own = running;
      return handle([line]).pipe(
        tap({
          complete: () => {
            if (running === own) running = [];
          },
        }),
      );
    }),
  );
}

/** One call at a time, with all lines that have gathered since the last. */
function gathered(
  lines$: Observable<Message>,
  { handle, onFull }: LaneWork,
  paced: (waiting$: Observable<void>) => Observable<void>,
): Observable<never> {
  let waiting: Message[] = [];
  const come = new Subject<void>();
  const calls$ = paced(come).pipe(
    concatMap(() => {
      const lines = waiting;
      waiting = [];
      return lines.length === 0 ? EMPTY : handle(lines);
    }),
  );
  const arriving$ = lines$.pipe(
    tap((line) => {
      if (waiting.length < laneCapacity) waiting.push(line);
      else onFull(line);
      come.next();
    }),
    ignoreElements(),
    finalize(() => come.complete()),
  );
  return merge(calls$, arriving$);
}
