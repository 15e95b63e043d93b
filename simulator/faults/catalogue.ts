/** Lowest and highest, both included. */
export type Range = readonly [lowest: number, highest: number];

/** Where faults may strike: agents' operations on interactions, notifications, CometD, the calls about the session. */
export const faultScopes = ['operations', 'notifications', 'cometd', 'session'] as const;
export type FaultScope = (typeof faultScopes)[number];

/** The tunables of a kind, with their defaults. */
export interface FaultTunables {
  /** Milliseconds. */
  readonly ms?: Range;
  /** How many. */
  readonly count?: Range;
  /** The probability that the operation has taken effect. */
  readonly effect?: number;
}

export interface FaultDescription {
  /** What the rate counts. */
  readonly per: 'notification' | 'line' | 'poll' | 'call' | 'operation' | 'Accept';
  readonly does: string;
  readonly tunables?: FaultTunables;
}

/** Every kind of fault; docs/simulator.md lists them all. */
export const faultCatalogue = {
  drop: { per: 'notification', does: 'it is never sent' },
  duplicate: {
    per: 'notification',
    does: 'it is sent again, `ms` later',
    tunables: { ms: [0, 200] },
  },
  reorder: {
    per: 'notification',
    does: 'the following `count` overtake it, or it comes after `ms` at the latest',
    tunables: { count: [1, 3], ms: [50, 300] },
  },
  delay: {
    per: 'notification',
    does: 'it waits for `ms`, and all behind it for this agent',
    tunables: { ms: [20, 500] },
  },
  gap: {
    per: 'line',
    does: 'the transcript skips `count` indexes before it: lines that are not shown to agents',
    tunables: { count: [1, 3] },
  },
  malformed: {
    per: 'notification',
    does: 'one that makes no sense is sent before it: cut short, of wrong types, of an unknown messageType',
  },
  foreign: { per: 'notification', does: "one of a chat that is not this agent's is sent before it" },
  session402: {
    per: 'notification',
    does: "the agent's CometD sessions are forgotten, and it with them; the next poll gets 402",
  },
  cutPoll: {
    per: 'notification',
    does: 'the socket of the held poll is destroyed as it is sent: without acknowledgement it is lost',
  },
  badAdvice: { per: 'poll', does: 'the reply advises `reconnect: none`: a client that obeys goes deaf' },
  eventBeforeReply: {
    per: 'operation',
    does: 'the reply comes `ms` after its notifications',
    tunables: { ms: [5, 50] },
  },
  expireHttp: {
    per: 'call',
    does: 'the HTTP sessions of the agent are forgotten, and its CometD sessions with them: 401 with statusCode 20, or a new session where the call logs in',
  },
  csrf403: {
    per: 'call',
    does: 'the CSRF token has changed: HTTP 403, no effect; only with `csrf`, and not for readings',
  },
  http5xx: { per: 'call', does: 'HTTP 503, no effect' },
  error500AfterEffect: { per: 'call', does: 'effect, then HTTP 500; not for readings' },
  statusCode4: { per: 'call', does: 'statusCode 4, no effect' },
  slow: { per: 'call', does: 'effect and reply come after `ms`', tunables: { ms: [200, 1_500] } },
  hang: {
    per: 'call',
    does: 'no reply ever, on a socket that stays open; with probability `effect` it has taken effect',
    tunables: { effect: 0.5 },
  },
  cutBefore: { per: 'call', does: 'the socket is destroyed, no effect' },
  cutAfter: { per: 'call', does: 'effect, then the socket is destroyed; not for readings' },
  lateEffect: {
    per: 'call',
    does: 'the socket is destroyed at once, the effect comes `ms` later; not for readings',
    tunables: { ms: [50, 1_000] },
  },
  restart: {
    per: 'call',
    does: 'the server restarts instead, and refuses connections for `ms`',
    tunables: { ms: [100, 1_000] },
  },
  revokeDuringAccept: {
    per: 'Accept',
    does: 'the invitation is revoked meanwhile: statusCode 2 or 6, and the chat is offered again',
  },
  joinFailed: {
    per: 'Accept',
    does: 'statusCode 0, then state JoinFailed, which the agent must complete; the chat is offered again',
  },
  errorEvent: { per: 'operation', does: 'statusCode 0, then an Error event; no effect' },
} as const satisfies Record<string, FaultDescription>;

export type FaultKind = keyof typeof faultCatalogue;

export const faultKinds = Object.keys(faultCatalogue) as FaultKind[];

/** A kind's tunables with their defaults, whether it has any or not. */
export function tunablesOf(kind: FaultKind): FaultTunables {
  const description: FaultDescription = faultCatalogue[kind];
  return description.tunables ?? {};
}
