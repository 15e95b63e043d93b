import { CometD } from 'cometd';
import { adapt } from 'cometd-nodejs-client';
import { SessionWebSocket } from './session-web-socket.ts';

let prepared = false;

/**
 * The one place that prepares the CometD library for Node. `adapt()` may run only once in a process: a second
 * call would take the cookies of every live connection. It also redirects `console.debug` for everybody, which
 * is undone here, and the library's own log goes nowhere: failures are read from its messages.
 */
export function createCometD(): CometD {
  if (!prepared) {
    prepared = true;
    const { debug } = globalThis.console;
    adapt();
    globalThis.console.debug = debug;
    const silent = (): void => undefined;
    const { window } = globalThis as unknown as { window: { console: object; WebSocket: object } };
    window.console = { debug: silent, info: silent, warn: silent };
    window.WebSocket = SessionWebSocket;
  }
  return new CometD();
}

export { AckExtension, CometD, LongPollingTransport, WebSocketTransport } from 'cometd';

/** What the library's own types leave out. */
declare module 'cometd' {
  export interface TransportPacket {
    readonly url: string;
    readonly body: string;
    readonly onSuccess: (response: Message[]) => void;
    readonly onError: (reason: string, exception?: unknown) => void;
  }

  /** The parts of XMLHttpRequest that the library looks at. */
  export interface TransportRequest {
    readonly readyState: number;
    readonly status: number;
    abort(): void;
  }

  export class LongPollingTransport implements Transport {
    readonly type: string;
    url: string;
    accept(version: string, crossDomain: boolean, url: string): boolean;
    abort(): void;
    xhrSend(packet: TransportPacket): TransportRequest;
  }

  /** Messages on their way; what becomes of them is the library's matter. */
  export interface WebSocketEnvelope {
    readonly messages: readonly Message[];
  }

  export class WebSocketTransport implements Transport {
    readonly type: string;
    url: string;
    accept(version: string, crossDomain: boolean, url: string): boolean;
    abort(): void;
    send(envelope: WebSocketEnvelope, metaConnect: boolean): void;
    /** Must not throw: it would do so in the middle of the socket's event. */
    convertToMessages(data: unknown): Message[];
  }

  export interface Failure {
    /** What the library means to do next; may be changed. */
    action: 'handshake' | 'retry' | 'none';
    delay?: number;
    cause?: string;
  }

  export interface Message {
    /** How many messages follow a handshake reply. */
    readonly 'x-messages'?: number;
    /** Of a message that could not be sent, or got no reply. */
    readonly failure?: {
      readonly reason?: string;
      readonly httpCode?: number;
      readonly websocketCode?: number;
      readonly exception?: unknown;
    };
  }

  export interface CometD {
    onTransportFailure(message: Message, failure: Failure, proceed: (failure: Failure) => void): void;
    /** Adds to the time that a request may take: the listener gives milliseconds, or 0. */
    addTransportListener(event: 'timeout', listener: (messages: Message[]) => number): void;
    increaseBackoffPeriod(): number;
  }
}
