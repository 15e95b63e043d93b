import type { Notification } from '../model/notification.ts';
import type { Operation, OperationName } from '../model/operation.ts';
import type { WireRequest } from '../model/wire-request.ts';

/** An answer of GWS after normalising: 0 is success, 1 to 20 are refusals. */
export interface Reply {
  readonly status: number;
  readonly message?: string;
}

/** What `/me` tells about the agent. */
export interface Me {
  readonly id: string;
  readonly firstName: string;
  readonly lastName: string;
  /** The chats that are open for the agent; `undefined` if the server does not list them. */
  readonly interactions: readonly Notification[] | undefined;
}

/**
 * A version of the GWS wire as data. Everything that differs between versions is in here, and nothing else
 * knows a path, a topic or a field's name.
 */
export interface Dialect {
  readonly name: string;
  /** Below the server's origin, for instance `/api/v2`. */
  readonly basePath: string;
  /** The CometD endpoint, below `basePath`. */
  readonly notificationsPath: string;
  /** What to subscribe to. */
  readonly topics: readonly string[];
  readonly session: {
    readonly version: WireRequest;
    readonly me: WireRequest;
    start(place?: string): WireRequest;
    readonly ready: WireRequest;
    readonly notReady: WireRequest;
    readonly end: WireRequest;
  };
  /** `undefined`: the dialect has no such operation. */
  encode(operation: Operation): WireRequest | undefined;
  /** The capabilities, by wire name, any of which permits the operation; empty: GWS names none. */
  capabilities(operation: OperationName): readonly string[];
  /** `undefined`: the body is not an answer of GWS. */
  reply(body: unknown): Reply | undefined;
  /** `undefined`: the body is not the user resource. */
  me(body: unknown): Me | undefined;
  /** Never throws: what it cannot read becomes `malformed` or `unknown`. */
  decode(topic: string, data: unknown): Notification;
}
