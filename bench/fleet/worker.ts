import { Host, resolveConfig } from 'usher-bots';
import { silentLog } from '../../core/session/silent-log.ts';
import { answerUsage } from '../contenders/answer-usage.ts';
import { answeringBot } from '../contenders/answering-bot.ts';
import type { FromWorker, ToWorker } from './worker-protocol.ts';

/** A worker of a fleet on PostgreSQL, with everything on. */
const [url = '', store = '', agents = '1'] = process.argv.slice(2);

const tell = (message: FromWorker): void => void process.send?.(message);

const host = new Host(
  resolveConfig({
    server: { url },
    store,
    // More than a worker can, and yet not all at once: on a machine that is busy they would all be too late.
    fleet: { capacity: Number(agents), loginsPerSecond: 250 },
    agents: Array.from({ length: Number(agents) }, (_, at) => ({
      username: `agent${at}`,
      password: 'secret',
      bots: [answeringBot],
    })),
  }),
  silentLog,
);

answerUsage();
// Without the conductor nobody would end it.
process.on('disconnect', () => process.exit(1));
process.on('message', (message: ToWorker) => {
  if (message.ask === 'seats')
    tell({ told: 'seats', ready: host.sessions.filter(({ status }) => status === 'ready').length });
});
await host.start();
tell({ told: 'ready' });
