import { greetingExperiment } from './bots/greeting-experiment.ts';
import { receptionist } from './bots/receptionist.ts';
import { virtualAgent } from './bots/virtual-agent.ts';
import { chooseBot, defineConfig } from './core/index.ts';
import { webConsole } from './plugins/console.ts';
import { telemetry } from './plugins/telemetry.ts';

const cora = 'c0ab1a4e5d2f4b7c9e8a3f6d1c0b2a49';

export default defineConfig(({ env }) => ({
  server: {
    // Without GWS_URL, `npm start` brings up its own simulated server, customers included.
    url: env.GWS_URL,
    dialect: env.GWS_DIALECT,
    // A private authority; a proxy is taken from HTTPS_PROXY.
    ca: env.GWS_CA,
  },
  // With a file, open chats outlive the process.
  store: env.USHER_STORE,
  plugins: [
    webConsole({
      port: env.PORT,
      host: env.HOST,
      token: env.USHER_CONSOLE_TOKEN,
      viewToken: env.USHER_CONSOLE_VIEW_TOKEN,
      publicUrl: env.USHER_CONSOLE_URL,
      audit: env.USHER_CONSOLE_AUDIT,
    }),
    // Sends metrics and traces where OTEL_EXPORTER_OTLP_ENDPOINT says.
    telemetry(),
  ],
  agents: [
    {
      username: env.GWS_USERNAME ?? 'ada',
      password: env.GWS_PASSWORD,
      nickname: env.GWS_NICKNAME ?? 'Ada',
      // `npm start -- --bot virtual-agent`
      bots: [
        chooseBot(env.USHER_BOT ?? 'receptionist', {
          // The GWS user id of the colleague to ask; the default is Cora of the simulator.
          receptionist: () => receptionist({ colleague: env.GWS_COLLEAGUE ?? cora, patience: 10_000 }),
          'greeting-experiment': () => greetingExperiment(),
          'virtual-agent': () => virtualAgent({ colleague: env.GWS_COLLEAGUE ?? cora }),
        }),
      ],
    },
  ],
}));
