import { Host, resolveConfig } from 'usher-bots';
import { silentLog } from '../../../core/session/silent-log.ts';
import { echoBot } from '../../echo-bot.ts';

/** Another worker of the fleet that a console shows. */
const [url = '', store = '', agents = '', ttl = '', password = ''] = process.argv.slice(2);

const host = new Host(
  resolveConfig({
    server: { url, proxy: false },
    store,
    fleet: { ttl: Number(ttl) },
    agents: agents
      .split(',')
      .map((username) => ({ username, password, nickname: username, bots: [echoBot] })),
  }),
  silentLog,
);
await host.start();
process.stdout.write('joined\n');
