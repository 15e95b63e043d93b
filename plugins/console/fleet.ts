import { exhaustMap, map, type Observable, ReplaySubject, scan, share, timer } from 'rxjs';
import type { FleetDesk, HostContext } from '../../core/index.ts';
import type { FleetMessage } from './wire.ts';

/** Milliseconds from one look to the next, as long as somebody watches. */
const between = 1_000;

/** The workers and what they run, as JSON: at once, and every second; one look at the store for all viewers. */
export function fleetView(fleet: FleetDesk, { clock, log }: HostContext): Observable<string> {
  return timer(0, between).pipe(
    exhaustMap(() => fleet.state().catch((thrown: unknown) => ({ thrown }))),
    scan((before: FleetMessage, found): FleetMessage => {
      if (!('thrown' in found)) return { state: found, at: clock.now(), self: fleet.self };
      if (before.problem === undefined) log.warn({ err: found.thrown }, 'console: the fleet cannot be read');
      // What was seen last is better than nothing, as long as it says so.
      return { ...before, problem: 'the store does not answer; the log says why' };
    }, {}),
    map((message) => JSON.stringify(message)),
    share({ connector: () => new ReplaySubject(1) }),
  );
}
