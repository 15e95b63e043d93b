import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { defineBot } from 'usher-bots';
import { answers } from 'usher-bots/plugins/answers';
import { autoAccept } from 'usher-bots/plugins/auto-accept';
import { greeter } from 'usher-bots/plugins/greeter';
import { telemetry } from 'usher-bots/plugins/telemetry';
import { wrapUp } from 'usher-bots/plugins/wrap-up';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { unsupported } from '../../../plugins/telemetry/exporters.ts';
import { password, running, simulator } from '../../integration/contact-centre.ts';

interface Span {
  readonly name: string;
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId?: string;
  readonly startTimeUnixNano: string;
  readonly endTimeUnixNano: string;
  readonly attributes: readonly { readonly key: string; readonly value: Record<string, unknown> }[];
  readonly links?: readonly { readonly spanId: string }[];
}

/** A collector that takes OTLP in JSON. */
async function collector() {
  const received: { readonly path: string; readonly body: string; readonly key: unknown }[] = [];
  const server = createServer(async (request, response) => {
    let body = '';
    for await (const chunk of request.setEncoding('utf8')) body += chunk;
    received.push({ path: request.url ?? '', body, key: request.headers['x-key'] });
    response.setHeader('content-type', 'application/json').end('{}');
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => void server.close());
  const spans = (): Span[] =>
    received
      .filter(({ path }) => path === '/v1/traces')
      .flatMap(({ body }) => JSON.parse(body).resourceSpans)
      .flatMap(({ scopeSpans }) => scopeSpans)
      .flatMap((scope: { spans: Span[] }) => scope.spans);
  return { received, spans, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` };
}

const bot = defineBot({
  name: 'traced',
  plugins: [
    autoAccept(),
    greeter({ text: 'Hello!' }),
    answers({ answers: [{ when: ['hours'], reply: 'From 8 to 18 h.' }] }),
    wrapUp(),
  ],
});

async function serveOne(): Promise<void> {
  const server = await simulator();
  const { host, until } = await running({
    server: { url: server.url },
    plugins: [telemetry()],
    agents: [{ username: 'Ada', password, nickname: 'Ada', bots: [bot] }],
  });
  server.arrive({
    firstName: 'Rosalind',
    steps: [{ expect: 'Hello' }, { say: 'Your hours?' }, { expect: '18 h' }, { leave: true }],
  });
  await until(({ kind }) => kind === 'interaction-ended');
  await host.stop();
}

describe('telemetry', () => {
  it('sends traces from notification to operation, and metrics, at the latest when the process stops', async () => {
    const { received, spans, url } = await collector();
    vi.stubEnv('OTEL_EXPORTER_OTLP_ENDPOINT', url);
    vi.stubEnv('OTEL_EXPORTER_OTLP_HEADERS', 'x-key=secret');
    vi.stubEnv('OTEL_SERVICE_NAME', 'shop-bots');
    onTestFinished(() => void vi.unstubAllEnvs());
    await serveOne();
    await expect
      .poll(() => new Set(received.map(({ path }) => path)))
      .toEqual(new Set(['/v1/traces', '/v1/metrics']));
    expect(received[0]?.key).toBe('secret');
    expect(received[0]?.body).toContain('shop-bots');
    const all = received.map(({ body }) => body).join();
    expect(all).not.toMatch(/Rosalind|Your hours|From 8/);
    expect(all).toContain('usher.reply.latency');

    await expect.poll(() => spans().map(({ name }) => name)).toContain('operation stopProcessing');
    const byId = new Map(spans().map((span) => [span.spanId, span]));
    const attribute = (span: Span | undefined, name: string) =>
      Object.values(span?.attributes.find(({ key }) => key === name)?.value ?? {})[0];
    const of = (plugin: string, name: string) =>
      spans().find((span) => span.name === `operation ${name}` && attribute(span, 'usher.plugin') === plugin);
    const cause = (span: Span | undefined) => byId.get(span?.parentSpanId ?? '');

    const accept = of('auto-accept', 'accept');
    expect(cause(accept)?.name).toBe('notification interaction');
    expect(attribute(cause(accept), 'usher.interaction.state')).toBe('Invited');
    expect(attribute(accept, 'usher.outcome')).toBe('sent');
    const answer = of('answers', 'sendMessage');
    expect(cause(answer)?.name).toBe('notification transcript');
    expect(answer?.traceId).toBe(cause(answer)?.traceId);
    expect(BigInt(answer?.startTimeUnixNano ?? 0)).toBeGreaterThanOrEqual(
      BigInt(cause(answer)?.endTimeUnixNano ?? 0),
    );
    const notifications = spans().filter(({ name }) => name.startsWith('notification'));
    const [first, ...later] = notifications;
    expect(first?.links ?? []).toEqual([]);
    expect(new Set(later.flatMap(({ links = [] }) => links.map(({ spanId }) => spanId)))).toEqual(
      new Set([first?.spanId]),
    );
    expect(new Set(notifications.map(({ traceId }) => traceId)).size).toBe(notifications.length);
  });

  it('does nothing without an address, or where it is switched off', async () => {
    const { received, url } = await collector();
    await serveOne();
    vi.stubEnv('OTEL_EXPORTER_OTLP_ENDPOINT', url);
    vi.stubEnv('OTEL_SDK_DISABLED', 'true');
    onTestFinished(() => void vi.unstubAllEnvs());
    await serveOne();
    expect(received).toEqual([]);
  });

  it('names what it does not speak', () => {
    expect(unsupported({ OTEL_EXPORTER_OTLP_PROTOCOL: 'grpc', OTEL_TRACES_EXPORTER: 'zipkin' })).toEqual([
      'OTEL_EXPORTER_OTLP_PROTOCOL is grpc; known: http/json',
      'OTEL_TRACES_EXPORTER is zipkin; known: otlp, none',
    ]);
    expect(unsupported({})).toEqual([]);
  });
});
