import { Host, resolveConfig } from 'usher-bots';
import { silentLog } from '../../core/session/silent-log.ts';
import { answerUsage, tellConductor } from './answer-usage.ts';
import { answeringBot } from './answering-bot.ts';

/** Usher with everything on: order, once in, once out, capabilities, lanes, the journal. */
const [url = '', sessions = '1'] = process.argv.slice(2);

async function start(count: number): Promise<void> {
  const agents = Array.from({ length: count }, (_, at) => ({
    username: `agent${at}`,
    password: 'secret',
    bots: [answeringBot],
  }));
  const host = new Host(resolveConfig({ server: { url }, agents }), silentLog);
  const failed = await host.start();
  if (failed.length > 0) throw failed[0]?.error;
}

answerUsage();
await start(Number(sessions));
tellConductor({ told: 'ready' });
