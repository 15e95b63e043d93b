import { defineBot, definePlugin, Host, resolveConfig } from 'usher-bots';
import { autoAccept } from 'usher-bots/plugins/auto-accept';
import { greeter } from 'usher-bots/plugins/greeter';
import { typing } from 'usher-bots/plugins/typing';
import { wrapUp } from 'usher-bots/plugins/wrap-up';
import { silentLog } from '../../core/session/silent-log.ts';

/** A worker that is going to be killed: one agent on a server, with its store in a file. */
const [url = '', dialect = '', store = ''] = process.argv.slice(2);

/** Answers each line of the customer by its own words. */
const echo = definePlugin({
  name: 'echo',
  message:
    () =>
    ({ text }, { operations }) =>
      operations.sendMessage(`re: ${text}`),
});

const host = new Host(
  resolveConfig({
    server: { url, dialect, settleTime: 400, requestTimeout: 1_000, auditEvery: 500 },
    store,
    agents: [
      {
        username: 'ada',
        password: 'correct horse',
        nickname: 'Ada',
        bots: [
          defineBot({
            name: 'tested',
            plugins: [
              autoAccept(),
              greeter({ text: 'Hello {FirstName}!' }),
              echo(),
              wrapUp(),
              typing({ charactersPerSecond: 1_000, minimum: 2, maximum: 20 }),
            ],
          }),
        ],
      },
    ],
  }),
  silentLog,
);
const failed = await host.start();
for (const { error } of failed) process.stderr.write(`${error.message}\n`);
process.stdout.write(failed.length === 0 ? 'ready\n' : 'failed\n');
process.on('SIGTERM', () => void host.stop());
