import type { Failure, Message } from 'cometd';
import { Observable, Subject, type Subscriber, switchMap, timer } from 'rxjs';
import { UsherError } from '../errors.ts';
import { AckExtension, type CometD, createCometD } from './cometd-library.ts';
import type { HttpSession } from './http-session.ts';
import { SessionLongPolling } from './long-polling.ts';
import type { Network } from './network.ts';
import { networkFault } from './network-errors.ts';

/** What a CometD connection tells. */
export type Signal =
  /** All topics are subscribed; once per connection, first of all. */
  | { readonly kind: 'subscribed' }
  | { readonly kind: 'message'; readonly topic: string; readonly data: unknown }
  /** A poll failed; the session may still live, polling goes on. */
  | { readonly kind: 'interrupted'; readonly reason: string }
  /** Polls succeed again, and nothing was lost. */
  | { readonly kind: 'resumed' };

export interface NotificationsOptions {
  readonly url: string;
  readonly topics: readonly string[];
  readonly http: HttpSession;
  readonly network: Network;
  /** Closes the connection in good order when it emits. */
  readonly close$: Observable<void>;
  /** Milliseconds that an answer may be late. Default: 10,000. */
  readonly maxNetworkDelay?: number;
  /** A number from 0 to 1 that keeps agents from polling in step. Default: random. */
  readonly jitter?: () => number;
}

/**
 * One CometD session as a cold stream: handshake, subscribe to every topic, then messages until the session is
 * lost, which is an error: what was subscribed is gone then, and only a new subscription to this stream makes a
 * new session. Never two sessions, never a session without its topics.
 *
 * @throws UsherError USHER_COMETD_REFUSED, USHER_LOGIN_REFUSED, USHER_SERVER_UNREACHABLE, USHER_TLS,
 *   USHER_CONNECTION_LOST, all as error notifications.
 */
export function notifications(options: NotificationsOptions): Observable<Signal> {
  return new Observable((subscriber) => {
    const { http, network, close$, maxNetworkDelay = 10_000, jitter = Math.random } = options;
    const cometd = createCometD();
    cometd.unregisterTransports();
    cometd.registerTransport('long-polling', new SessionLongPolling(http, network.polls));
    cometd.registerExtension('ack', new AckExtension());
    cometd.configure({
      url: options.url,
      logLevel: 'warn',
      maxNetworkDelay,
      backoffIncrement: Math.round(500 + 500 * jitter()),
      maxBackoff: 5_000,
      maxSendBayeuxMessageSize: 1_048_576,
    });

    const polled = new Subject<number>();
    const watchdog = polled.pipe(switchMap((allowed) => timer(allowed))).subscribe(() => {
      subscriber.error(lost('no poll has succeeded for too long'));
    });
    const expectPoll = (): void => {
      polled.next((cometd.getAdvice().timeout ?? 60_000) + 2 * maxNetworkDelay);
    };
    let interrupted = false;

    cometd.onTransportFailure = (message, failure, proceed) => {
      // The library would make a new session by itself, without the topics: losing one is our caller's matter.
      if (message.channel !== '/meta/connect' || failure.action !== 'retry') {
        const error =
          message.channel === '/meta/handshake'
            ? refusal(message, network.wayTo(http.origin))
            : lost(reasonOf(message));
        proceed({ ...failure, action: 'none' } satisfies Failure);
        return subscriber.error(error);
      }
      if (!interrupted) subscriber.next({ kind: 'interrupted', reason: reasonOf(message) });
      interrupted = true;
      proceed(failure);
    };
    cometd.addListener('/meta/connect', (message) => {
      if (message.successful !== true) return;
      expectPoll();
      if (interrupted) subscriber.next({ kind: 'resumed' });
      interrupted = false;
    });
    cometd.addListener('/meta/disconnect', () => {
      subscriber.error(lost('the server ended the connection'));
    });

    expectPoll();
    cometd.handshake((reply) => {
      if (reply.successful === true) subscribeAll(cometd, options.topics, subscriber);
    });
    const closing = close$.subscribe(() => cometd.disconnect(() => subscriber.complete()));

    return () => {
      closing.unsubscribe();
      watchdog.unsubscribe();
      cometd.clearListeners();
      const transport = cometd.getTransport();
      if (cometd.isDisconnected()) transport?.abort();
      else cometd.disconnect(() => transport?.abort());
    };
  });
}

function subscribeAll(cometd: CometD, topics: readonly string[], subscriber: Subscriber<Signal>): void {
  let missing = topics.length;
  cometd.batch(() => {
    for (const topic of topics) {
      cometd.subscribe(
        topic,
        (message) => subscriber.next({ kind: 'message', topic: message.channel, data: message.data }),
        (reply) => {
          if (reply.successful !== true) {
            const text = `the server refuses topic ${topic}: ${reasonOf(reply)}`;
            return subscriber.error(new UsherError('USHER_COMETD_REFUSED', text));
          }
          missing -= 1;
          if (missing === 0) subscriber.next({ kind: 'subscribed' });
        },
      );
    }
  });
}

function lost(reason: string): UsherError {
  return new UsherError('USHER_CONNECTION_LOST', `the CometD session is lost: ${reason}`);
}

function refusal(message: Message, origin: string): UsherError {
  const { failure } = message;
  if (failure?.exception !== undefined) return networkFault(failure.exception, origin).error;
  if (failure?.httpCode === 401) {
    return new UsherError('USHER_LOGIN_REFUSED', 'CometD refuses the credentials (HTTP 401)');
  }
  return new UsherError('USHER_COMETD_REFUSED', `the CometD handshake was refused: ${reasonOf(message)}`);
}

function reasonOf({ error, failure }: Message): string {
  const exception = failure?.exception;
  return (
    error ??
    (exception instanceof Error ? exception.message : undefined) ??
    failure?.reason ??
    'no reason given'
  );
}
