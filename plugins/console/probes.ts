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
 * 503 and why otherwise. Agents whose store does not answer are named either way. `/metrics`: for Prometheus. None of them tells anything of customers.
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
    if (host.isReady) return reply.type('text/plain').send(`${readyText(host)}\n`);
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

/** What the process can do it does, also where a part of the stores is lost: nobody is served by taking it out. */
function readyText({ strandedAgents: stranded }: HostContext): string {
  return stranded.length === 0 ? 'ready' : `ready; the store of these does not answer: ${aFew(stranded)}`;
}

function whyNot({ isStopping, agents, strandedAgents }: HostContext): string {
  if (isStopping) return 'not ready: the process is being stopped';
  const absent = agents.filter(({ status }) => status !== 'ready');
  const away =
    strandedAgents.length === 0 ? '' : `; the store of these does not answer: ${aFew(strandedAgents)}`;
  return `not ready: ${aFew(absent.map(({ username, status }) => `${username} is ${status}`))}${away}`;
}

/** Names at most a few. */
function aFew(all: readonly string[]): string {
  const more = all.length - 5;
  return `${all.slice(0, 5).join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
}
