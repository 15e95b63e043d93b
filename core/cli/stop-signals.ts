import {
  firstValueFrom,
  from,
  fromEvent,
  map,
  merge,
  race,
  type Subscription,
  throttleTime,
  timer,
} from 'rxjs';
import { exitCodes } from '../errors.ts';

/** npm passes a Ctrl-C on to a process that the terminal has told already: both are one. */
const sameSignalWithin = 500;

export interface StopSignal {
  /** Resolves at the first Ctrl-C or SIGTERM; a second one ends the process at once. */
  readonly came: Promise<void>;
  release(): void;
}

export function stopSignal(): StopSignal {
  const signals$ = merge(fromEvent(process, 'SIGINT'), fromEvent(process, 'SIGTERM')).pipe(
    throttleTime(sameSignalWithin),
  );
  let listening: Subscription | undefined;
  const came = new Promise<void>((resolve) => {
    let count = 0;
    listening = signals$.subscribe(() => {
      count += 1;
      if (count === 1) resolve();
      else process.exit(exitCodes.interrupted);
    });
  });
  return { came, release: () => listening?.unsubscribe() };
}

/** Resolves after so many milliseconds, or when the signal comes: the latter gives `false`. */
export function pause(milliseconds: number, stop: StopSignal): Promise<boolean> {
  return firstValueFrom(
    race(timer(milliseconds).pipe(map(() => true)), from(stop.came).pipe(map(() => false))),
  );
}
