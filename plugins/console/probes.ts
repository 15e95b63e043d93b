import { PrometheusExporter } from '@opentelemetry/exporter-prometheus';
import { MeterProvider, type ViewOptions } from '@opentelemetry/sdk-metrics';
import type { FastifyInstance } from 'fastify';
import type { HostContext } from '../../core/index.ts';
import { resource } from '../telemetry/exporters.ts';
import { measure } from '../telemetry/measure.ts';
import { type MetricDescription, metrics } from '../telemetry/metrics.ts';

/** Prometheus has the unit in the name; collectors that take OTLP add it by themselves. */
const views: ViewOptions[] = Object.entries<MetricDescription>(metrics)
  .filter(([, { unit }]) => unit === 's')
  .map(([name]) => ({ instrumentName: name, name: `${name}.seconds` }));

/**
 * `/healthz`: the process runs. `/readyz`: every agent is subscribed and Ready, and the process is not being stopped;
 * 503 and why otherwise. `/metrics`: for Prometheus. None of them tells anything of customers.
 */
export function addProbes(server: FastifyInstance, host: HostContext): void {
  const exporter = new PrometheusExporter({ preventServerStart: true, withoutScopeInfo: true });
  const meters = new MeterProvider({ resource: resource(), readers: [exporter], views });
  const measuring = measure(host, meters.getMeter('usher-bots'));
  server.addHook('onClose', async () => {
    measuring.unsubscribe();
    await meters.shutdown();
  });
  server.get('/healthz', async (_request, reply) => reply.type('text/plain').send('ok\n'));
  server.get('/readyz', async (_request, reply) => {
    if (host.isReady) return reply.type('text/plain').send('ready\n');
    return reply
      .code(503)
      .type('text/plain')
      .send(`${whyNot(host)}\n`);
  });
  server.get('/metrics', (request, reply) => {
    reply.hijack();
    exporter.getMetricsRequestHandler(request.raw, reply.raw);
  });
}

/** Names at most a few of the agents that are not Ready. */
function whyNot({ isStopping, agents }: HostContext): string {
  if (isStopping) return 'not ready: the process is being stopped';
  const absent = agents.filter(({ status }) => status !== 'ready');
  const named = absent.slice(0, 5).map(({ username, status }) => `${username} is ${status}`);
  const more = absent.length - named.length;
  return `not ready: ${named.join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
}
