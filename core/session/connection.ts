import {
  concatMap,
  defer,
  EMPTY,
  endWith,
  from,
  merge,
  type Observable,
  of,
  switchMap,
  takeWhile,
  throwError,
} from 'rxjs';
import type { Dialect, Me } from '../dialects/dialect.ts';
import type { UsherError } from '../errors.ts';
import type { HttpSession } from '../transport/http-session.ts';
import type { Network } from '../transport/network.ts';
import { notifications, type Signal } from '../transport/notifications.ts';
import type { GwsCalls } from './gws-calls.ts';

export interface ConnectionOptions {
  readonly calls: GwsCalls;
  readonly dialect: Dialect;
  readonly http: HttpSession;
  readonly network: Network;
  readonly place: string | undefined;
  /** No session is started, and nobody is made Ready: what another has at this login is read alone. */
  readonly isDryRun: boolean;
  readonly close$: Observable<void>;
  /** Emits when something other than the connection itself shows that the session is lost. */
  readonly lost$: Observable<UsherError>;
  /** The agent as the server knows it: after log-in, before anything else. */
  readonly onLogin: (me: Me) => void;
  readonly onMessage: (topic: string, data: unknown) => void;
  /** The topics are subscribed and the agent is Ready: what was missed is to be read. Messages wait until then. */
  readonly onSubscribed: () => Promise<void>;
}

export type ConnectionEvent = 'ready' | { readonly interrupted: string } | 'resumed';

/**
 * One connection after the other, each subscription a new one: read `/me` (which also brings the CSRF token),
 * CometD handshake, subscribe, and only then StartContactCenterSession and Ready, so that no invitation can be
 * missed. Messages that arrive meanwhile wait their turn. A session that the server still holds is not started
 * again.
 */
export function connection(options: ConnectionOptions): Observable<ConnectionEvent> {
  const { calls, dialect, http } = options;
  let startedIn: string | undefined;

  const start = async (): Promise<void> => {
    if (http.id === undefined || http.id !== startedIn) {
      await calls.command('StartContactCenterSession', dialect.session.start(options.place));
      startedIn = http.id;
    }
    await calls.command('Ready', dialect.session.ready);
  };
  const open = async (): Promise<ConnectionEvent> => {
    if (!options.isDryRun) await start();
    await options.onSubscribed();
    return 'ready';
  };

  const take = (signal: Signal): Observable<ConnectionEvent> => {
    switch (signal.kind) {
      case 'subscribed':
        return from(open());
      case 'message':
        options.onMessage(signal.topic, signal.data);
        return EMPTY;
      case 'interrupted':
        return of({ interrupted: signal.reason });
      case 'resumed':
        return of('resumed');
    }
  };

  const url = `${http.origin}${dialect.basePath}${dialect.notificationsPath}`;
  const events$ = defer(() => calls.me()).pipe(
    switchMap((me) => {
      options.onLogin(me);
      return notifications({
        url,
        topics: dialect.topics,
        http,
        network: options.network,
        close$: options.close$,
      });
    }),
    concatMap(take),
  );
  return untilLost(events$, options.lost$);
}

/** Fails with what shows the loss, and ends when the connection does. */
export function untilLost<Event>(
  events$: Observable<Event>,
  lost$: Observable<UsherError>,
): Observable<Event> {
  const failure$ = lost$.pipe(switchMap((error) => throwError(() => error)));
  return merge(events$.pipe(endWith(over)), failure$).pipe(
    takeWhile((event): event is Event => event !== over),
  );
}

const over = Symbol('over');
