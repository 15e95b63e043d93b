import { receptionist } from './bots/receptionist.ts';
import { defineConfig } from './core/index.ts';

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
  agents: [
    {
      username: env.GWS_USERNAME ?? 'ada',
      password: env.GWS_PASSWORD,
      nickname: env.GWS_NICKNAME ?? 'Ada',
      bots: [
        receptionist({
          // The GWS user id of the colleague to consult; the default is Cora of the simulator.
          colleague: env.GWS_COLLEAGUE ?? 'c0ab1a4e5d2f4b7c9e8a3f6d1c0b2a49',
          patience: 10_000,
        }),
      ],
    },
  ],
}));
