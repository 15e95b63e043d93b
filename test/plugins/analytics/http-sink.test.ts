import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { SinkError } from 'usher-bots';
import { httpSink } from 'usher-bots/plugins/analytics/http-sink';
import { afterEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import { aBatch } from './a-batch.ts';

const { signal } = new AbortController();

interface Taken {
  readonly body: string;
  readonly headers: IncomingMessage['headers'];
}

/** A target on a real socket, which answers as it is told. */
async function target(answer: (response: ServerResponse) => void) {
  const taken: Taken[] = [];
  const server = createServer(async (request, response) => {
    const body = await text(request);
    taken.push({ body, headers: request.headers });
    answer(response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const { port } = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}/events?of=usher`, name: `http://127.0.0.1:${port}/events`, taken };
}

async function failure(publishing: Promise<void>): Promise<SinkError> {
  const thrown = await publishing.then(
    () => 'published',
    (error: unknown) => error,
  );
  expect(thrown).toBeInstanceOf(SinkError);
  return thrown as SinkError;
}

afterEach(() => vi.unstubAllEnvs());

describe('the sink of HTTP', () => {
  it('posts JSON lines with the id of the batch, and secrets from the environment', async () => {
    vi.stubEnv('SINK_TOKEN', 'm0st-s3cret');
    vi.stubEnv('SINK_TENANT', 'tenant-7');
    const { url, taken } = await target((response) => response.writeHead(202).end());
    const headers = { 'x-tenant': { env: 'SINK_TENANT' }, 'x-plain': 'yes' };
    await httpSink({ url, token: { env: 'SINK_TOKEN' }, headers }).publish(aBatch(7), signal);
    expect(taken).toHaveLength(1);
    expect(taken[0]?.headers).toMatchObject({
      'content-type': 'application/x-ndjson',
      'idempotency-key': '5e1f-0-7',
      authorization: 'Bearer m0st-s3cret',
      'x-tenant': 'tenant-7',
      'x-plain': 'yes',
    });
    const lines = taken[0]?.body
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(lines).toEqual(aBatch(7).events);
  });

  it('tells what passes from what does not, and how long it is to wait', async () => {
    for (const [status, headers, expected] of [
      [503, {}, { isRefusal: false, retryAfter: undefined }],
      [500, {}, { isRefusal: false, retryAfter: undefined }],
      [429, { 'retry-after': '7' }, { isRefusal: false, retryAfter: 7_000 }],
      [
        503,
        { date: 'Sun, 29 Nov 2026 08:00:00 GMT', 'retry-after': 'Sun, 29 Nov 2026 08:00:30 GMT' },
        { isRefusal: false, retryAfter: 30_000 },
      ],
      [400, {}, { isRefusal: true }],
      [401, {}, { isRefusal: true }],
      [413, {}, { isRefusal: true }],
      [307, { location: 'http://elsewhere.example/' }, { isRefusal: true }],
    ] as const) {
      const { url, name, taken } = await target((response) => response.writeHead(status, headers).end('no'));
      const error = await failure(httpSink({ url }).publish(aBatch(1), signal));
      expect(error).toMatchObject(expected);
      expect(error.message).toBe(
        expected.isRefusal ? `${name} refused the batch: ${status}` : `${name} answered ${status}`,
      );
      // The relay tries again, not the sink.
      expect(taken).toHaveLength(1);
    }
  });

  it('takes no answer, half an answer and no server for what they are', async () => {
    const silent = await target(() => undefined);
    const late = await failure(httpSink({ url: silent.url, timeout: 150 }).publish(aBatch(1), signal));
    expect(late).toMatchObject({ message: `${silent.name} did not answer in time`, isRefusal: false });

    const dying = await target((response) => {
      response.writeHead(200, { 'content-length': 100 }).write('half');
      setImmediate(() => response.destroy());
    });
    const half = await failure(httpSink({ url: dying.url }).publish(aBatch(1), signal));
    expect(half.message).toMatch(/cannot be reached/);

    const dead = await target((response) => void response.destroy());
    expect((await failure(httpSink({ url: dead.url }).publish(aBatch(1), signal))).isRefusal).toBe(false);

    const gone = await failure(httpSink({ url: 'http://127.0.0.1:65535/x' }).publish(aBatch(1), signal));
    expect(gone.message).toBe('http://127.0.0.1:65535/x cannot be reached: ECONNREFUSED');
  });

  it('is given up when nobody waits any more', async () => {
    const { url } = await target(() => undefined);
    const giving = new AbortController();
    const publishing = failure(httpSink({ url }).publish(aBatch(1), giving.signal));
    giving.abort();
    expect((await publishing).isRefusal).toBe(false);
  });

  it('refuses options that do not do, and tells no secret', () => {
    for (const [options, fault] of [
      [{ url: 'ftp://host/' }, 'url: must be an http or https URL'],
      [{ url: 'https://ada:s3cret@host/' }, 'url: holds credentials: give them by token or headers'],
      [
        { url: 'https://host/', token: 's3cret' },
        "token: must name a variable, as in { env: 'ANALYTICS_TOKEN' }: a secret does not stand in a config",
      ],
      [
        { url: 'https://host/', token: { env: 'NOT_THERE' } },
        'token: NOT_THERE is not set: set NOT_THERE, or NOT_THERE_FILE',
      ],
      [{ url: 'https://host/', timeout: 90_000 }, 'timeout: must be 20,000 or less'],
    ] as const) {
      expect(() => httpSink(options as never)).toThrow(`analytics.sink: http: ${fault}`);
    }
  });
});
