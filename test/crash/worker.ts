import { Host, resolveConfig } from 'usher-bots';
import { silentLog } from '../../core/session/silent-log.ts';
import { echoBot } from '../echo-bot.ts';

/** A worker that is going to be killed: one agent on a server, with its store in a file. */
const [url = '', dialect = '', store = ''] = process.argv.slice(2);

const host = new Host(
  resolveConfig({
    server: { url, dialect, settleTime: 400, requestTimeout: 1_000, auditEvery: 500 },
    store,
    agents: [
      {
        username: 'ada',
        password: 'correct horse',
        nickname: 'Ada',
        bots: [echoBot],
      },
    ],
  }),
  silentLog,
);
const failed = await host.start();
for (const { error } of failed) process.stderr.write(`${error.message}\n`);
process.stdout.write(failed.length === 0 ? 'ready\n' : 'failed\n');
process.on('SIGTERM', () => void host.stop());
