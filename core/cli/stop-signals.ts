import { firstValueFrom, from, fromEvent, map, merge, race, throttleTime, timer } from 'rxjs';
import { exitCodes } from '../errors.ts';

/** npm passes a Ctrl-C on to a process that the terminal has told already: both are one. */
const sameSignalWithin = 500;

/** How a process is asked to stop. */
export interface StopWish {
  /** Milliseconds that open chats may take to end. Default: what the process was started with. */
  readonly within?: number | undefined;
  /** Whether other workers go on with the chats, if there are any. Default: true. */
  readonly passOn?: boolean;
}

export interface StopSignal {
  /** Resolves at the first Ctrl-C or SIGTERM, or wish; a second signal ends the process at once. */
  readonly came: Promise<StopWish>;
  /** The same by other means than a signal. */
  wish(wish: StopWish): void;
  release(): void;
}

export function stopSignal(): StopSignal {
  const signals$ = merge(fromEvent(process, 'SIGINT'), fromEvent(process, 'SIGTERM')).pipe(
    throttleTime(sameSignalWithin),
  );
  const { promise: came, resolve } = Promise.withResolvers<StopWish>();
  let isStopping = false;
  const wish = (wished: StopWish): void => {
    isStopping = true;
    resolve(wished);
  };
  const listening = signals$.subscribe(() => {
    if (isStopping) process.exit(exitCodes.interrupted);
    wish({});
  });
  return { came, wish, release: () => listening.unsubscribe() };
}

/** Resolves after so many milliseconds, or when the signal comes: the latter gives `false`. */
export function pause(milliseconds: number, stop: StopSignal): Promise<boolean> {
  return firstValueFrom(
    race(timer(milliseconds).pipe(map(() => true)), from(stop.came).pipe(map(() => false))),
  );
}
