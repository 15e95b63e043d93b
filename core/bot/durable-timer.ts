import { defer, expand, filter, map, Observable, take, timer } from 'rxjs';
import type { Clock, Dossier } from '../ports.ts';

/** The longest time that the timers of JavaScript can wait, in milliseconds. */
const longestWait = 2_147_483_647;

export interface DurableTimerOptions {
  readonly dossier: Dossier;
  /** The name under which the plugin is kept. */
  readonly plugin: string;
  readonly name: string;
  /** Milliseconds. */
  readonly wait: number;
  readonly clock: Clock;
  /** Whether what ends it now is the end of the session, and not the plugin: it runs on in the next one then. */
  readonly goesOn: () => boolean;
}

/**
 * Emits when its time has come and completes. It is due at the same time after a restart, at once if that has passed
 * meanwhile; to unsubscribe before is to call it off.
 */
export function durableTimer(options: DurableTimerOptions): Observable<void> {
  const { dossier, plugin, name, wait, clock, goesOn } = options;
  return new Observable((subscriber) => {
    const at = dossier.timerOf(plugin, name) ?? clock.now() + wait;
    if (dossier.timerOf(plugin, name) !== at) dossier.setTimer(plugin, name, at);
    let isOver = false;
    const callOff = (): void => {
      isOver = true;
      dossier.setTimer(plugin, name, undefined);
    };
    subscriber.add(
      due(at, clock).subscribe(() => {
        callOff();
        subscriber.next();
        subscriber.complete();
      }),
    );
    subscriber.add(() => {
      if (!isOver && !goesOn()) callOff();
    });
  });
}

function due(at: number, clock: Clock): Observable<void> {
  const pause$ = defer(() => timer(Math.min(Math.max(at - clock.now(), 0), longestWait)));
  return pause$.pipe(
    expand(() => (clock.now() >= at ? [] : pause$)),
    filter(() => clock.now() >= at),
    take(1),
    map(() => undefined),
  );
}
