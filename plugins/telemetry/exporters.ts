import { OTLPMetricExporter } from '@opentelemetry/exporter-metrics-otlp-http';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import {
  detectResources,
  envDetector,
  type Resource,
  resourceFromAttributes,
} from '@opentelemetry/resources';
import { MeterProvider, PeriodicExportingMetricReader } from '@opentelemetry/sdk-metrics';
import { BatchSpanProcessor, TracerProvider } from '@opentelemetry/sdk-trace';

type Env = Readonly<Record<string, string | undefined>>;

/** Who sends: `OTEL_SERVICE_NAME` and `OTEL_RESOURCE_ATTRIBUTES` have the last word. */
export function resource(): Resource {
  return resourceFromAttributes({ 'service.name': 'usher' }).merge(
    detectResources({ detectors: [envDetector] }),
  );
}

/** Sends metrics by OTLP, if the environment says where to. */
export function otlpMeters(env: Env): MeterProvider | undefined {
  if (!isWanted(env, 'METRICS')) return undefined;
  const every = Number(env['OTEL_METRIC_EXPORT_INTERVAL'] ?? 60_000);
  const exportIntervalMillis = Number.isFinite(every) && every > 0 ? every : 60_000;
  return new MeterProvider({
    resource: resource(),
    readers: [
      new PeriodicExportingMetricReader({
        exporter: new OTLPMetricExporter(),
        exportIntervalMillis,
        exportTimeoutMillis: Math.min(exportIntervalMillis, 30_000),
      }),
    ],
  });
}

/** Sends traces by OTLP, if the environment says where to. */
export function otlpTraces(env: Env): TracerProvider | undefined {
  if (!isWanted(env, 'TRACES')) return undefined;
  return new TracerProvider({
    resource: resource(),
    spanProcessors: [new BatchSpanProcessor({ exporter: new OTLPTraceExporter() })],
  });
}

/** What the environment asks for that cannot be done; empty if it can. */
export function unsupported(env: Env): readonly string[] {
  const protocols = ['', 'TRACES_', 'METRICS_'].map((signal) => `OTEL_EXPORTER_OTLP_${signal}PROTOCOL`);
  const exporters = ['OTEL_TRACES_EXPORTER', 'OTEL_METRICS_EXPORTER'];
  const wrong = (name: string, known: readonly string[]): string[] => {
    const value = env[name];
    return value === undefined || value === '' || known.includes(value)
      ? []
      : [`${name} is ${value}; known: ${known.join(', ')}`];
  };
  return [
    ...protocols.flatMap((name) => wrong(name, ['http/json'])),
    ...exporters.flatMap((name) => wrong(name, ['otlp', 'none'])),
  ];
}

function isWanted(env: Env, signal: 'METRICS' | 'TRACES'): boolean {
  if (env['OTEL_SDK_DISABLED']?.toLowerCase() === 'true') return false;
  if (env[`OTEL_${signal}_EXPORTER`] === 'none') return false;
  return Boolean(env['OTEL_EXPORTER_OTLP_ENDPOINT'] || env[`OTEL_EXPORTER_OTLP_${signal}_ENDPOINT`]);
}
