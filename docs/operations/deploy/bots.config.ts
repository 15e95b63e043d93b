import { agentsFrom, defineConfig } from 'usher-bots';
import { receptionist } from 'usher-bots/bots/receptionist';
import { webConsole } from 'usher-bots/plugins/console';
import { telemetry } from 'usher-bots/plugins/telemetry';

/** A worker of a fleet. Secrets come from the environment, each also by a file that NAME_FILE names. */
export default defineConfig(({ env }) => ({
  server: { url: env.GWS_URL, dialect: env.GWS_DIALECT, ca: env.GWS_CA },
  // A path, or the URL of a database; the latter may name a CA by sslrootcert.
  store: env.USHER_STORE,
  fleet: {},
  plugins: [
    webConsole({ host: env.HOST, port: env.PORT, token: env.USHER_CONSOLE_TOKEN }),
    // Sends metrics and traces where OTEL_EXPORTER_OTLP_ENDPOINT says.
    telemetry(),
  ],
  agents: agentsFrom({
    file: env.AGENTS_FILE ?? 'agents.yaml',
    bots: { receptionist: () => receptionist() },
  }),
}));
