import { Observable } from 'rxjs';
import { definePlugin } from '../core/index.ts';
import { otlpMeters, otlpTraces, unsupported } from './telemetry/exporters.ts';
import { measure } from './telemetry/measure.ts';
import { traceChats } from './telemetry/trace.ts';

/** The name under which meters and tracers are asked for. */
const scope = 'usher-bots';

/**
 * Sends metrics and traces by OTLP where the standard `OTEL_*` variables say so, and does nothing without them. A
 * plugin of the process: it stands under `plugins` of the config. See docs/metrics.md.
 */
export const telemetry = definePlugin({
  name: 'telemetry',
  host: () => (host) =>
    new Observable<never>(() => {
      for (const what of unsupported(process.env)) host.log.warn({}, `telemetry: ${what}`);
      const meters = otlpMeters(process.env);
      const tracers = otlpTraces(process.env);
      const measuring = meters && measure(host, meters.getMeter(scope));
      const tracing = tracers && traceChats(host, tracers.getTracer(scope));
      const flushed = (thrown: unknown): void =>
        host.log.warn({ error: String(thrown) }, 'telemetry: the last of it could not be sent');
      return () => {
        measuring?.unsubscribe();
        tracing?.unsubscribe();
        meters?.shutdown().catch(flushed);
        tracers?.shutdown().catch(flushed);
      };
    }),
});
