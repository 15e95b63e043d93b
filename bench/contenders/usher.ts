import { defineBot, definePlugin, Host, resolveConfig } from 'usher-bots';
import { autoAccept } from 'usher-bots/plugins/auto-accept';
import { silentLog } from '../../core/session/silent-log.ts';
import { answerUsage, tellConductor } from './answer-usage.ts';

/** Usher with everything on: order, once in, once out, capabilities, lanes, the journal. */
const [url = '', sessions = '1'] = process.argv.slice(2);

const answering = definePlugin({
  name: 'answering',
  operationsPerSecond: 1_000_000,
  message:
    () =>
    ({ text }, { operations }) =>
      operations.sendMessage(`re: ${text}`),
});
const bot = defineBot({ name: 'bench', plugins: [autoAccept(), answering()] });

async function start(count: number): Promise<void> {
  const agents = Array.from({ length: count }, (_, at) => ({
    username: `agent${at}`,
    password: 'secret',
    bots: [bot],
  }));
  const host = new Host(resolveConfig({ server: { url }, agents }), silentLog);
  const failed = await host.start();
  if (failed.length > 0) throw failed[0]?.error;
}

answerUsage();
await start(Number(sessions));
tellConductor({ told: 'ready' });
