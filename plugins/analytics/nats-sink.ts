import { JetStreamApiError, type JetStreamClient, jetstream } from '@nats-io/jetstream';
import { connect, credsAuthenticator, errors, type NatsConnection } from '@nats-io/transport-node';
import { z } from 'zod';
import { type AnalyticsSink, SinkError } from '../../core/index.ts';
import { linesOf } from './lines.ts';
import { checked, secret } from './sink-options.ts';

const schema = z.strictObject({
  /** `host:port` of servers of one cluster. */
  servers: z
    .array(
      z
        .string()
        .min(1, 'is empty')
        .regex(/^[^@]*$/, 'holds credentials: give them by user and password, token or credentials'),
    )
    .min(1, 'is empty: name a server'),
  /** A stream of JetStream must take it. Default: 'usher.analytics'. */
  subject: z
    .string()
    .regex(/^[^\s*>]+$/, 'must have no blanks and no wildcards')
    .default('usher.analytics'),
  user: z.string().min(1).optional(),
  password: secret.optional(),
  token: secret.optional(),
  /** The content of a `.creds` file. */
  credentials: secret.optional(),
  /** PEM file of the CA of the servers' certificates; with it, or with `tls: true`, nothing goes unencrypted. */
  ca: z.string().min(1).optional(),
  tls: z.boolean().default(false),
  /** Milliseconds until an answer is given up. Default: 5,000. */
  timeout: z.int().positive().max(20_000, 'must be 20,000 or less').default(5_000),
});

export type NatsSinkOptions = z.input<typeof schema>;

/** What headers take of a message, at most. */
const roomForHeaders = 1_024;

/**
 * Publishes each batch to a stream of JetStream, as JSON lines, with its id as `Nats-Msg-Id`, so that the stream drops it
 * if it comes again within its duplicate window. Needs @nats-io/transport-node and @nats-io/jetstream. See
 * docs/analytics.md.
 *
 * @throws UsherError USHER_CONFIG_INVALID
 */
export function natsSink(options: NatsSinkOptions): AnalyticsSink {
  const settings = checked('nats', schema, options);
  const { subject, timeout } = settings;
  let opened: Promise<NatsConnection> | undefined;

  const connected = async (): Promise<NatsConnection> => {
    const known = opened;
    if (known !== undefined && !(await known).isClosed()) return known;
    if (opened === known) {
      opened = open(settings);
      // Those who wait for it learn of it themselves; the next one tries anew.
      opened.catch(() => {
        opened = undefined;
      });
    }
    return connected();
  };

  return {
    name: 'nats',
    async publish(batch, signal) {
      try {
        const connection = await connected();
        const stream = jetstream(connection, { timeout });
        const size = (connection.info?.max_payload ?? 1_048_576) - roomForHeaders;
        await publishParts(stream, subject, batch.id, partsOf(linesOf(batch), size), signal);
      } catch (thrown) {
        throw failure(settings.servers.join(', '), subject, thrown);
      }
    },
    async close() {
      const connection = await opened;
      await connection?.close();
    },
  };
}

/** One message, where the server takes as much: else several, the same ones each time. */
async function publishParts(
  stream: JetStreamClient,
  subject: string,
  id: string,
  parts: readonly string[],
  signal: AbortSignal,
): Promise<void> {
  for (const [at, part] of parts.entries()) {
    signal.throwIfAborted();
    await stream.publish(subject, part, { msgID: parts.length === 1 ? id : `${id}.${at + 1}` });
  }
}

function partsOf(lines: string, size: number): readonly string[] {
  if (Buffer.byteLength(lines) <= size) return [lines];
  const parts = [''];
  for (const line of lines.split(/(?<=\n)/)) {
    const last = parts.at(-1) ?? '';
    if (last !== '' && Buffer.byteLength(last) + Buffer.byteLength(line) > size) parts.push(line);
    else parts[parts.length - 1] = last + line;
  }
  return parts;
}

function open({
  servers,
  user,
  password,
  token,
  credentials,
  ca,
  tls,
  timeout,
}: z.output<typeof schema>): Promise<NatsConnection> {
  return connect({
    servers,
    timeout,
    // It comes back by itself for as long as the process lives.
    maxReconnectAttempts: -1,
    ...(user !== undefined && { user, pass: password ?? '' }),
    ...(token !== undefined && { token }),
    ...(credentials !== undefined && {
      authenticator: credsAuthenticator(new TextEncoder().encode(credentials)),
    }),
    ...((tls || ca !== undefined) && { tls: ca === undefined ? {} : { caFile: ca } }),
  });
}

function failure(servers: string, subject: string, cause: unknown): SinkError {
  // Not exported by its library, which calls a subject without a stream by this name, too.
  if ((cause as Error).name === 'JetStreamNotEnabled') {
    return new SinkError(`no stream of JetStream at ${servers} takes the subject ${subject}: make one`, {
      cause,
    });
  }
  if (cause instanceof JetStreamApiError) {
    // 4xx: this message will not do; 5xx: the server cannot at the moment.
    return new SinkError(`JetStream does not take the batch: ${cause.message}`, {
      isRefusal: cause.status >= 400 && cause.status < 500,
      cause,
    });
  }
  if (cause instanceof errors.AuthorizationError || cause instanceof errors.PermissionViolationError)
    return new SinkError(`${servers} refuses the user, or the subject ${subject}`, {
      isRefusal: true,
      cause,
    });
  const { name } = cause as Error;
  return new SinkError(`${servers} cannot be reached, or does not answer (${name})`, { cause });
}
