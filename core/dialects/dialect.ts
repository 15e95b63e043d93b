import type { Notification } from '../model/notification.ts';
import type { Operation, OperationName, OperationOf } from '../model/operation.ts';
import type { WireRequest } from '../model/wire-request.ts';

/** An answer of GWS after normalising: 0 is success, 1 to 20 are refusals. */
export interface Reply {
  readonly status: number;
  readonly message?: string;
  /** Names the request in the notifications it causes (8.5.2 "Asynchronous Events"). */
  readonly referenceId?: number;
}

/** What `/me` tells about the agent. */
export interface Me {
  readonly id: string;
  readonly firstName: string;
  readonly lastName: string;
  /** The chats that are open for the agent; `undefined` if the server does not list them. */
  readonly interactions: readonly Notification[] | undefined;
}

/** What an encoder may need beside the operation. */
export interface WireContext {
  /** The server's root, for instance https://gws.example.com: some targets are absolute addresses. */
  readonly origin: string;
  /** The GWS user id of the colleague in the running consultation, for versions that must name whom they mean. */
  readonly colleagueId?: string | undefined;
}

/** One row of a dialect: how an operation is said, and what permits it. */
export interface OperationWire<Name extends OperationName> {
  /** `undefined`: not in this form, for instance a consultation with a skill. */
  encode(operation: OperationOf<Name>, context: WireContext): WireRequest | undefined;
  /** The capabilities, by wire name, any of which permits it; none: GWS names none. */
  readonly capabilities?: readonly string[];
}

export type OperationTable = { readonly [Name in OperationName]?: OperationWire<Name> };

/** The requests of a session that concern no single interaction. */
export interface SessionRequests {
  readonly version: WireRequest;
  readonly me: WireRequest;
  /** Lists the open chats whole, where `me` does not. */
  readonly interactions?: WireRequest;
  start(place?: string): WireRequest;
  readonly ready: WireRequest;
  readonly notReady: WireRequest;
  readonly end: WireRequest;
}

/**
 * A version of the GWS wire as data. Everything that differs between versions is in here, and nothing else
 * knows a path, a topic or a field's name.
 */
export interface DialectDefinition {
  readonly name: string;
  /** Below the server's origin, for instance `/api/v2`. */
  readonly basePath: string;
  /** The CometD endpoint, below `basePath`. */
  readonly notificationsPath: string;
  /** What to subscribe to. */
  readonly topics: readonly string[];
  readonly session: SessionRequests;
  /** An operation that is not in the table is `unsupported`. */
  readonly operations: OperationTable;
  /** `undefined`: the body is not an answer of GWS. */
  reply(body: unknown): Reply | undefined;
  /** `undefined`: the body is not the user resource. */
  me(body: unknown): Me | undefined;
  /** Reads the answer to `session.interactions`. */
  interactions?(body: unknown): readonly Notification[] | undefined;
  /** Reads the transcript where the answer to `requestHistory` holds it; elsewhere it comes as a notification. */
  history?(interactionId: string, body: unknown): Notification;
  /** Never throws: what it cannot read becomes `malformed` or `unknown`. */
  decode(topic: string, data: unknown): Notification;
}

export interface Dialect extends DialectDefinition {
  readonly kind: 'dialect';
  /** `undefined`: the dialect has no such operation. */
  encode(operation: Operation, context: WireContext): WireRequest | undefined;
  /** The capabilities, by wire name, any of which permits the operation; empty: GWS names none. */
  capabilities(operation: OperationName): readonly string[];
}

/** Makes a dialect of its data, for `server.dialect` of a config or for the list of the built-in ones. */
export function defineDialect(definition: DialectDefinition): Dialect {
  const { operations } = definition;
  return {
    ...definition,
    kind: 'dialect',
    encode: (operation, context) =>
      // The row found by the operation's own name takes that operation.
      (operations[operation.name] as OperationWire<OperationName> | undefined)?.encode(operation, context),
    capabilities: (name) => operations[name]?.capabilities ?? [],
  };
}
