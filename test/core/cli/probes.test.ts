import { describe, expect, it } from 'vitest';
import { password, seat, simulator } from '../../integration/contact-centre.ts';
import { usher } from './command.ts';
import { configFile } from './config-file.ts';

const config = (): string =>
  configFile(`
import { defineBot, defineConfig } from '@/core/index.ts';
import { autoAccept } from '@/plugins/auto-accept.ts';
import { webConsole } from '@/plugins/console.ts';
import { wrapUp } from '@/plugins/wrap-up.ts';
export default defineConfig(({ env }) => ({
  server: { url: env.GWS_URL },
  plugins: [webConsole({ port: 0, page: false })],
  agents: [{ username: 'Ada', password: env.GWS_PASSWORD, nickname: 'Ada',
    bots: [defineBot({ name: 'quiet', plugins: [autoAccept(), wrapUp()] })] }],
}));`);

describe('the probes of a process', { timeout: 60_000 }, () => {
  it('tell the truth at the start, after a loss, when it is over, and in a drain', async () => {
    const server = await simulator({ agents: [seat('Ada', 5)] });
    server.faults.plan({ kind: 'slow', operation: 'GET /me', ms: [1_500, 1_500] });
    const command = usher(['start', '-c', config(), '--drain-within', '20'], {
      GWS_URL: server.url,
      GWS_PASSWORD: password,
    });
    await command.prints(/probes and metrics on http/);
    const url = /http:\S+/.exec(command.stdout().slice(command.stdout().indexOf('probes')))?.[0] ?? '';
    const probe = async (path: string): Promise<string> => {
      const answer = await fetch(url + path).catch(() => undefined);
      return answer === undefined ? 'nobody' : `${answer.status} ${(await answer.text()).trim()}`;
    };
    const ready = (): Promise<string> => probe('/readyz');
    const story: string[] = [];
    const tell = async (what: string): Promise<void> => {
      story.push(`${what}: healthz ${await probe('/healthz')}, readyz ${await ready()}`);
    };

    await tell('start');
    await expect.poll(ready, { timeout: 15_000 }).toBe('200 ready');
    await tell('logged in');

    const customer = server.arrive({ firstName: 'Mia', steps: [{ expectAgent: 'Ada' }, { pause: 600_000 }] });
    await expect.poll(() => server.chats.get(customer.chatId)?.active.length).toBe(1);
    const back = server.restart({ downFor: 1_500 });
    await expect.poll(ready, { timeout: 15_000 }).toBe('503 not ready: Ada is recovering');
    await tell('server gone');
    await back;
    await expect.poll(ready, { timeout: 15_000 }).toBe('200 ready');
    await tell('recovered');

    command.child.kill('SIGTERM');
    await expect.poll(ready, { timeout: 15_000 }).toBe('503 not ready: the process is being stopped');
    await tell('drain');
    customer.leave();
    expect(await command.ended).toBe(0);
    await tell('ended');
    expect(story).toEqual([
      'start: healthz 200 ok, readyz 503 not ready: Ada is starting',
      'logged in: healthz 200 ok, readyz 200 ready',
      'server gone: healthz 200 ok, readyz 503 not ready: Ada is recovering',
      'recovered: healthz 200 ok, readyz 200 ready',
      'drain: healthz 200 ok, readyz 503 not ready: the process is being stopped',
      'ended: healthz nobody, readyz nobody',
    ]);
  });

  it('a port that is taken is told of with the fix, and the bots run all the same', async () => {
    const server = await simulator({ agents: [seat('Ada', 5)] });
    const port = new URL(server.url).port;
    const file = configFile(`
import { defineBot, defineConfig } from '@/core/index.ts';
import { webConsole } from '@/plugins/console.ts';
export default defineConfig(({ env }) => ({
  server: { url: env.GWS_URL },
  plugins: [webConsole({ port: env.PORT })],
  agents: [{ username: 'Ada', password: env.GWS_PASSWORD, bots: [defineBot({ name: 'quiet', plugins: [] })] }],
}));`);
    const command = usher(['start', '-c', file], {
      GWS_URL: server.url,
      GWS_PASSWORD: password,
      PORT: port,
      LOG_LEVEL: 'warn',
    });
    await command.prints(/Ada is ready/);
    await command.prints(new RegExp(`port ${port} is taken`));
    command.child.kill('SIGTERM');
    expect(await command.ended).toBe(0);
  });
});
