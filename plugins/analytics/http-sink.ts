import ky, { HTTPError, type KyInstance, TimeoutError } from 'ky';
import { z } from 'zod';
import { type AnalyticsSink, SinkError } from '../../core/index.ts';
import { linesOf } from './lines.ts';
import { checked, secret } from './sink-options.ts';

const schema = z.strictObject({
  /** Where batches are posted. */
  url: z.url({ protocol: /^https?$/, error: 'must be an http or https URL' }).refine(isBare, {
    error: 'holds credentials: give them by token or headers',
  }),
  /** Sent as `Authorization: Bearer …`. */
  token: secret.optional(),
  /** Headers of yours, as texts or from the environment. */
  headers: z.record(z.string(), z.union([z.string(), secret])).default({}),
  /** Milliseconds until an answer is given up. Default: 10,000. */
  timeout: z.int().positive().max(20_000, 'must be 20,000 or less').default(10_000),
});

export type HttpSinkOptions = z.input<typeof schema>;

/**
 * Posts each batch as JSON lines (`application/x-ndjson`), with its id as `Idempotency-Key`; any answer of 2xx means that
 * the target has it for good. See docs/analytics.md.
 *
 * @throws UsherError USHER_CONFIG_INVALID
 */
export function httpSink(options: HttpSinkOptions): AnalyticsSink {
  const { url, token, headers, timeout } = checked('http', schema, options);
  const { origin, pathname } = new URL(url);
  const target = ky.create({
    timeout,
    // The relay tries again, for longer than a request may take.
    retry: 0,
    redirect: 'manual',
    headers: {
      ...headers,
      ...(token !== undefined && { authorization: `Bearer ${token}` }),
      'content-type': 'application/x-ndjson',
    },
  });
  return {
    name: 'http',
    publish: (batch, signal) => post(target, url, `${origin}${pathname}`, batch, signal),
  };
}

async function post(
  target: KyInstance,
  url: string,
  name: string,
  batch: Parameters<AnalyticsSink['publish']>[0],
  signal: AbortSignal,
): Promise<void> {
  try {
    const answer = await target.post(url, {
      body: linesOf(batch),
      headers: { 'idempotency-key': batch.id },
      signal,
    });
    // Half an answer is none: the connection broke before the target was done.
    await answer.arrayBuffer();
  } catch (thrown) {
    throw failure(name, thrown);
  }
}

/** Nothing of the answer is told but its status: it may repeat what was sent. */
function failure(name: string, cause: unknown): SinkError {
  if (cause instanceof TimeoutError) return new SinkError(`${name} did not answer in time`, { cause });
  if (!(cause instanceof HTTPError)) {
    const code = codeIn(cause);
    return new SinkError(`${name} cannot be reached${code === undefined ? '' : `: ${code}`}`, { cause });
  }
  const { status, headers } = cause.response;
  const passes = status >= 500 || status === 429 || status === 408 || status === 425;
  const refused = passes ? 'answered' : 'refused the batch:';
  return new SinkError(`${name} ${refused} ${status}`, {
    isRefusal: !passes,
    retryAfter: millisecondsIn(headers),
    cause,
  });
}

/** What the network says, however deep its error is wrapped. */
function codeIn(thrown: unknown): string | undefined {
  for (let error = thrown; error instanceof Error; error = error.cause) {
    if ('code' in error && typeof error.code === 'string') return error.code;
  }
  return undefined;
}

/** Longer than this, a target does not decide for others. */
const longestWait = 3_600_000;

/** `Retry-After` in seconds, or as a date beside that of the answer, so that no clock of ours is asked. */
function millisecondsIn(headers: Headers): number | undefined {
  const wanted = headers.get('retry-after');
  if (wanted === null) return undefined;
  const until = Date.parse(wanted) - Date.parse(headers.get('date') ?? '');
  const wait = /^\d+$/.test(wanted) ? Number(wanted) * 1_000 : until;
  return Number.isFinite(wait) ? Math.min(Math.max(wait, 0), longestWait) : undefined;
}

function isBare(url: string): boolean {
  const { username, password } = new URL(url);
  return username === '' && password === '';
}
