import { filter, firstValueFrom, lastValueFrom, ReplaySubject, Subject } from 'rxjs';
import type { ErrorCode } from 'usher-bots';
import { expect, onTestFinished } from 'vitest';
import type { HttpSession } from '../../../core/transport/http-session.ts';
import type { Network } from '../../../core/transport/network.ts';
import {
  type NotificationsOptions,
  notifications,
  type Signal,
} from '../../../core/transport/notifications.ts';
import { session, testNetwork } from './local-server.ts';

export const topic = '/v2/me/interactions';

export type ConnectOptions = Partial<Omit<NotificationsOptions, 'url' | 'close$'>>;

/** A CometD connection to a server, closed with the test, and what it tells. */
export function connectTo(origin: string, options: ConnectOptions = {}) {
  const http: HttpSession = options.http ?? session(origin);
  const network: Network = options.network ?? testNetwork();
  const close$ = new Subject<void>();
  const stream$ = notifications({
    url: `${origin}/notifications`,
    topics: [topic],
    jitter: () => 0,
    ...options,
    http,
    network,
    close$,
  });
  return { ...follow(stream$), stream$, close$, http, network };
}

/** Subscribes to a connection, or to it again. */
export function follow(stream$: ReturnType<typeof notifications>) {
  const signals = new ReplaySubject<Signal>();
  const told: Signal[] = [];
  signals.subscribe({ next: (signal) => told.push(signal), error: () => undefined });
  const running = stream$.subscribe(signals);
  onTestFinished(() => running.unsubscribe());
  return {
    signals,
    running,
    /** The first signal of a kind, past or future. */
    first: <Kind extends Signal['kind']>(kind: Kind) =>
      firstValueFrom(
        signals.pipe(filter((signal): signal is Extract<Signal, { kind: Kind }> => signal.kind === kind)),
      ),
    kinds: (): string[] => told.map(({ kind }) => kind),
    /** What the messages carried, so far. */
    data: (): unknown[] => told.flatMap((signal) => (signal.kind === 'message' ? [signal.data] : [])),
    /** The error that the connection ends with. */
    failure: async (): Promise<{ code: ErrorCode; message: string }> =>
      lastValueFrom(signals).then(
        () => expect.unreachable('the connection has ended in good order'),
        (error) => error,
      ),
  };
}
