/** Exit codes of the `usher` command. */
export const exitCodes = { ok: 0, failed: 1, usage: 2, lost: 3, interrupted: 130 } as const;

/**
 * Every error and every problem Usher reports by code, with what to do about it. `exit` is what the command
 * ends with when the error ends it; those without are reported and survived. docs/errors.md lists them all.
 */
export const errorCatalogue = {
  USHER_CONFIG_NOT_FOUND: { exit: 2, fix: 'create bots.config.ts here, or name the file with --config' },
  USHER_CONFIG_BROKEN: { exit: 2, fix: 'mend the file so that it loads and default-exports defineConfig(…)' },
  USHER_CONFIG_INVALID: { exit: 2, fix: 'correct the fields named above' },
  USHER_AGENTS_INVALID: { exit: 2, fix: 'correct the rows named above; the other agents run on' },
  USHER_PLUGIN_OPTIONS: { exit: 2, fix: 'correct the options named above' },
  USHER_DIALECT_UNKNOWN: { exit: 2, fix: 'use one of the dialects listed' },
  USHER_BINDING: { exit: 2, fix: 'provide the named token under `services` in the config' },
  USHER_RECORDING_BROKEN: {
    exit: 2,
    fix: 'use a recording of this version: docs/recordings.md has the format',
  },
  USHER_SCENARIO_BROKEN: { exit: 2, fix: 'correct the lines named above; docs/scenarios.md lists the steps' },
  USHER_EVALUATION_BROKEN: {
    exit: 2,
    fix: 'correct the lines named above; docs/virtual-agents.md shows an evaluation',
  },
  USHER_USAGE: { exit: 2, fix: 'see usher --help' },
  USHER_NOT_RUNNING: {
    exit: 1,
    fix: 'run it as the user, on the machine and with the --config of usher start',
  },
  USHER_CHAT_REFUSED: { exit: 1, fix: 'check that the server takes chats of customers (POST /api/v2/chats)' },
  USHER_PLUGIN_NAME: {
    exit: 2,
    fix: 'name it in kebab-case, beginning with a letter, as in usher plugin new good-night',
  },
  USHER_NO_PROJECT: {
    exit: 2,
    fix: 'run npm install usher-bots in the folder of the project, or name that folder with --dir',
  },
  USHER_NOT_WRITTEN: { exit: 1, fix: 'see the reason above: check the rights on the folder and the disk' },
  USHER_SERVER_UNREACHABLE: { exit: 1, fix: 'check server.url (GWS_URL), the network and the proxy' },
  USHER_TLS: {
    exit: 1,
    fix: "make the server's certificate trusted: server.ca (GWS_CA) with the path of its CA, or correct the host name",
  },
  USHER_NOT_GWS: { exit: 1, fix: 'point server.url (GWS_URL) at the root of a GWS server, without /api/v2' },
  USHER_LOGIN_REFUSED: {
    exit: 1,
    fix: 'check username and password (GWS_USERNAME, GWS_PASSWORD), or what the TokenProvider gives',
  },
  USHER_TOKEN_UNAVAILABLE: {
    exit: 1,
    fix: "mend the config's TokenProvider, or what it asks; it is asked again with the next request",
  },
  USHER_SESSION_REFUSED: {
    exit: 1,
    fix: "check the agent's permissions, place and channel chat in the configuration of GWS",
  },
  USHER_COMETD_REFUSED: {
    exit: 1,
    fix: 'check server.basePath and that the agent may receive notifications',
  },
  USHER_CONNECTION_LOST: { exit: 1, fix: 'nothing to do: the agent connects again by itself' },
  USHER_AGENT_GIVEN_UP: {
    exit: 3,
    fix: 'see why the server could not be reached, then start again: open chats are taken up where they are',
  },
  USHER_SEAT_TAKEN: { exit: 3, fix: 'let one process run this agent, or wait until the other has ended' },
  USHER_WORKER_GIVEN_UP: {
    exit: 1,
    fix: 'see what the worker printed before it ended; SIGHUP starts it again',
  },
  USHER_NO_WORKER: { exit: 1, fix: 'name one of the workers that usher fleet lists' },
  USHER_PORT: {
    exit: 1,
    fix: 'choose another one (--port, or PORT of the console), or stop the program that uses it',
  },
  USHER_STOP_TIMEOUT: { exit: 1, fix: 'look for the plugin or the server that does not answer in the log' },
  USHER_STORE_BROKEN: {
    exit: 1,
    fix: 'see the reason above; docs/store.md tells how to mend or move a store',
  },
  USHER_STORE_SHARD: {
    exit: 2,
    fix: 'correct `store` as said above; docs/operations/scale.md tells of shards, and how to change their number',
  },
  USHER_STORE_UNAVAILABLE: {
    exit: 1,
    fix: 'nothing to do if it passes; else check the disk of the store, or its URL, the network and the database server',
  },
  USHER_STORE_LEASE_LOST: { fix: 'nothing to do: the worker drops its agents and joins again' },
  USHER_STORE_LIMIT: { fix: 'keep less of the interaction, as plain JSON: docs/store.md has the limits' },
  USHER_ANALYTICS_AWAY: {
    fix: 'see what the sink says; events are kept in the store, and sent when it can be reached again',
  },
  USHER_ANALYTICS_REFUSED: {
    fix: 'correct the options of the sink, or its target; events are kept in the store, and tried again slowly',
  },
  USHER_PLUGIN_FAILED: { fix: 'mend the plugin; it is stopped for this interaction only' },
  USHER_PLUGIN_NO_STREAM: { fix: 'return an Observable, a promise or an async generator: a missing return?' },
  USHER_PLUGIN_INTERCEPTOR: { fix: 'mend the plugin; the operation it held was not sent' },
  USHER_PLUGIN_SLOW: { fix: 'make the plugin quicker, or give it a larger `budget`' },
  USHER_PLUGIN_BLOCKS: { fix: 'let the plugin do long work elsewhere: while it computes, everybody waits' },
  USHER_PLUGIN_FLOODS: { fix: 'look for a loop in the plugin, or raise its `operationsPerSecond`' },
  USHER_PLUGIN_QUARANTINED: { fix: 'mend the plugin; it is tried again by itself' },
  USHER_LINE_LEFT_OUT: { fix: 'see why the plugin is in quarantine, and mend it' },
  USHER_LANE_FULL: { fix: 'make the plugin quicker, or give it the lane coalesce' },
  USHER_STATE_UNREADABLE: {
    fix: 'nothing to do after a change of the state schema; the plugin has begun anew',
  },
  USHER_NO_HAND_OFF: {
    fix: 'put the plugin hand-off, or one of your own that hears the requests, into the bot',
  },
  USHER_EXPERIMENT_INVALID: {
    exit: 2,
    fix: 'correct the experiment as the message says; docs/experiments.md lists its options',
  },
  USHER_EXPERIMENT_FAILED: { fix: 'mend the function; the chat takes no part until it works' },
  USHER_EXPERIMENT_PROVIDER: {
    fix: 'see what the flag system says; until it answers, chats get the control and are not counted',
  },
  USHER_BOT_HANDLES: { fix: "mend the bot's `handles`; the next bot of the agent is asked" },
  USHER_NOTIFICATION_MALFORMED: { fix: 'nothing is lost but this notification; report it with the dialect' },
  USHER_NOTIFICATION_UNKNOWN: { fix: 'nothing to do unless a bot needs it' },
  USHER_NOTIFICATION_STRAY: { fix: 'nothing to do: it belongs to an interaction that is not open here' },
  USHER_LINE_LATE: { fix: 'nothing to do: the server was slow; the line was told out of order' },
  USHER_LINE_REPEATED: { fix: 'nothing to do: the server sent a transcript line twice, it was used once' },
  USHER_OPERATION_REFUSED: { fix: "see the server's message; nothing was changed" },
  USHER_OPERATION_FAILED: { fix: 'see the reason; the operation did not reach the server' },
  USHER_OPERATION_UNKNOWN: {
    fix: 'the answer was lost; look at the transcript to see whether it took effect',
  },
  USHER_UNEXPECTED: { exit: 1, fix: 'this is a defect of Usher or of a plugin: see --log-level debug' },
} as const satisfies Record<string, { readonly exit?: number; readonly fix: string }>;

export type ErrorCode = keyof typeof errorCatalogue;

/** An error that names the thing, the reason and the remedy, and never a secret. */
export class UsherError extends Error {
  override readonly name = 'UsherError';
  readonly code: ErrorCode;

  constructor(code: ErrorCode, message: string, options: { cause?: unknown } = {}) {
    super(message, options);
    this.code = code;
  }

  /** What to do about it. */
  get fix(): string {
    return errorCatalogue[this.code].fix;
  }

  /** What the command exits with when this ends it. */
  get exitCode(): number {
    const entry = errorCatalogue[this.code];
    return 'exit' in entry ? entry.exit : exitCodes.failed;
  }
}

/** The message of anything that can be thrown. What is no error is named, not told: it may hold anybody's words. */
export function messageOf(thrown: unknown): string {
  if (thrown instanceof Error) return thrown.message || thrown.name;
  return typeof thrown === 'string' ? thrown : `a thrown ${thrown === null ? 'null' : typeof thrown}`;
}

/** What was thrown, as one of our own errors; of what is none, the code says where it came from. */
export function asUsherError(thrown: unknown, code: ErrorCode = 'USHER_UNEXPECTED'): UsherError {
  return thrown instanceof UsherError ? thrown : new UsherError(code, messageOf(thrown), { cause: thrown });
}
