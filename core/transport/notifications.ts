import type { Message } from 'cometd';
import { Observable, Subject, type Subscriber, switchMap, timer } from 'rxjs';
import { UsherError } from '../errors.ts';
import { isPassing, lost, reasonOf, refusalOf } from './cometd-failures.ts';
import { AckExtension, CometD, createCometD } from './cometd-library.ts';
import type { HttpSession } from './http-session.ts';
import { SessionLongPolling } from './long-polling.ts';
import type { Network, TransportName } from './network.ts';
import { PollRhythm } from './poll-rhythm.ts';
import { SessionWebSocketTransport } from './web-socket-transport.ts';

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
  /**
   * Milliseconds that the server is asked to hold a poll, where it would hold it longer. A dead line is noticed
   * after this and `maxNetworkDelay`. Default: 20,000.
   */
  readonly hold?: number;
  /** A number from 0 to 1 that keeps agents from polling in step. Default: random. */
  readonly jitter?: () => number;
}

/**
 * One CometD session as a cold stream: handshake, subscribe to every topic, then messages until the session is
 * lost, which is an error: what was subscribed is gone then, and only a new subscription to this stream makes a
 * new session. Never two sessions, never a session without its topics.
 *
 * @throws UsherError USHER_COMETD_REFUSED, USHER_LOGIN_REFUSED, USHER_TOKEN_UNAVAILABLE,
 *   USHER_SERVER_UNREACHABLE, USHER_TLS, USHER_CONNECTION_LOST, all as error notifications.
 */
export function notifications(options: NotificationsOptions): Observable<Signal> {
  return new Observable((subscriber) => {
    const { http, network, close$, maxNetworkDelay = 10_000, hold = 20_000, jitter = Math.random } = options;
    const server = network.wayTo(http.origin);
    const rhythm = new PollRhythm({ hold });
    const transports = transportsOf(http, network);
    const cometd = createCometD();
    cometd.unregisterTransports();
    for (const [name, transport] of transports) cometd.registerTransport(name, transport);
    cometd.registerExtension('ack', new AckExtension());
    cometd.registerExtension('rhythm', rhythm);
    cometd.addTransportListener('timeout', (messages) => rhythm.lateness(messages));
    cometd.configure({
      url: options.url,
      logLevel: 'warn',
      maxNetworkDelay,
      connectTimeout: maxNetworkDelay,
      backoffIncrement: Math.round(500 + 500 * jitter()),
      maxBackoff: 5_000,
      maxSendBayeuxMessageSize: 1_048_576,
    });

    const polled = new Subject<void>();
    const watchdog = polled
      .pipe(switchMap(() => timer(rhythm.longest + 2 * maxNetworkDelay)))
      .subscribe(() => subscriber.error(lost('no poll has succeeded for too long')));
    let interrupted = false;

    cometd.onTransportFailure = (message, failure, proceed) => {
      if (!subscriber.closed && isForAnotherTransport(message, cometd)) {
        transports.get('websocket')?.close();
        return CometD.prototype.onTransportFailure.call(cometd, message, failure, proceed);
      }
      // The library would make a new session by itself, without the topics: losing one is our caller's matter.
      if (subscriber.closed || message.channel !== '/meta/connect' || !isPassing(message, failure)) {
        proceed({ ...failure, action: 'none' });
        const isHandshake = message.channel === '/meta/handshake';
        const error = isHandshake ? refusalOf(message, handshake, server) : lost(reasonOf(message));
        return subscriber.error(error);
      }
      if (!interrupted) subscriber.next({ kind: 'interrupted', reason: reasonOf(message) });
      interrupted = true;
      proceed({ ...failure, delay: cometd.increaseBackoffPeriod() });
    };
    // Not by callbacks: those are found by the id of the reply.
    cometd.addListener('/meta/handshake', ({ successful, advice }) => {
      if (successful !== true) return;
      if (advice?.reconnect !== 'none') return subscribeAll(cometd, options.topics, server, subscriber);
      subscriber.error(new UsherError('USHER_COMETD_REFUSED', `the server advises against ${handshake}`));
    });
    cometd.addListener('/meta/connect', ({ successful, advice }) => {
      if (successful !== true) return;
      if (advice?.reconnect === 'none') return subscriber.error(lost('the server advises to give up'));
      polled.next();
      if (interrupted) subscriber.next({ kind: 'resumed' });
      interrupted = false;
    });
    cometd.addListener('/meta/disconnect', () => {
      subscriber.error(lost('the server ended the connection'));
    });

    const stands = (): boolean => Boolean(cometd.getClientId()) && !cometd.isDisconnected();
    const closing = close$.subscribe(() => {
      if (stands()) cometd.disconnect(() => subscriber.complete());
      else subscriber.complete();
    });
    polled.next();
    cometd.handshake();

    return () => {
      closing.unsubscribe();
      watchdog.unsubscribe();
      cometd.clearListeners();
      const drop = (): void => {
        for (const transport of transports.values()) transport.close();
      };
      if (stands()) cometd.disconnect(drop);
      else drop();
    };
  });
}

const handshake = 'the CometD handshake';

type SessionTransport = SessionWebSocketTransport | SessionLongPolling;

/** The transports by name, the preferred one first. */
function transportsOf(http: HttpSession, network: Network): ReadonlyMap<TransportName, SessionTransport> {
  const make = {
    websocket: () => new SessionWebSocketTransport(http, network.webSockets),
    'long-polling': () => new SessionLongPolling(http, network.polls),
  };
  return new Map(network.transports.map((name) => [name, make[name]()]));
}

/** The handshake did not come through by web socket: the server, or something before it, may not know them. */
function isForAnotherTransport({ channel, failure }: Message, cometd: CometD): boolean {
  const isWebSocket = cometd.getTransport()?.type === 'websocket';
  return (
    channel === '/meta/handshake' &&
    failure !== undefined &&
    isWebSocket &&
    cometd.getTransportTypes().length > 1
  );
}

function subscribeAll(
  cometd: CometD,
  topics: readonly string[],
  server: string,
  subscriber: Subscriber<Signal>,
): void {
  let missing = topics.length;
  cometd.batch(() => {
    for (const topic of topics) {
      cometd.subscribe(
        topic,
        (message) => subscriber.next({ kind: 'message', topic: message.channel, data: message.data }),
        (reply) => {
          if (reply.successful !== true) return subscriber.error(refusalOf(reply, `topic ${topic}`, server));
          missing -= 1;
          if (missing === 0) subscriber.next({ kind: 'subscribed' });
        },
      );
    }
  });
}
