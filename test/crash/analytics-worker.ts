import { defineBot, definePlugin, Host, resolveConfig } from 'usher-bots';
import { httpSink } from 'usher-bots/plugins/analytics/http-sink';
import { autoAccept } from 'usher-bots/plugins/auto-accept';
import { greeter } from 'usher-bots/plugins/greeter';
import { wrapUp } from 'usher-bots/plugins/wrap-up';
import { silentLog } from '../../core/session/silent-log.ts';

/** A worker that tells of its chats, and is going to be killed. */
const [url = '', store = '', agents = '', target = ''] = process.argv.slice(2);

/** Answers each line of the customer by its own words. */
const echo = definePlugin({
  name: 'echo',
  message:
    () =>
    ({ text }, { operations }) =>
      operations.sendMessage(`re: ${text}`),
});

const bot = defineBot({
  name: 'tested',
  plugins: [autoAccept(), greeter({ text: 'Hello {FirstName}!' }), echo(), wrapUp()],
});

const host = new Host(
  resolveConfig({
    server: { url, settleTime: 400, requestTimeout: 1_000, auditEvery: 500 },
    store,
    fleet: { ttl: 3_500 },
    analytics: { sink: httpSink({ url: target, timeout: 500 }), every: 20 },
    agents: agents.split(',').map((username) => ({
      username,
      password: 'correct horse',
      nickname: username,
      bots: [bot],
    })),
  }),
  silentLog,
);
await host.start();
process.stdout.write('joined\n');
process.on('SIGTERM', () => void host.stop());
