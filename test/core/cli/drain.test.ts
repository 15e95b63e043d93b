import { readFileSync } from 'node:fs';
import type { Simulator } from 'usher-bots/simulator';
import { describe, expect, it } from 'vitest';
import { cora, password, seat, simulator } from '../../integration/contact-centre.ts';
import { type Command, usher } from './command.ts';
import { configFile } from './config-file.ts';

/** One agent who hands its chats over to Cora when it is to stop. */
const config = (): string =>
  configFile(`
import { defineBot, defineConfig } from '@/core/index.ts';
import { autoAccept } from '@/plugins/auto-accept.ts';
import { greeter } from '@/plugins/greeter.ts';
import { handOff } from '@/plugins/hand-off.ts';
import { wrapUp } from '@/plugins/wrap-up.ts';
export default defineConfig(({ env }) => ({
  server: { url: env.GWS_URL },
  agents: [{ username: 'Ada', password: env.GWS_PASSWORD, nickname: 'Ada', bots: [defineBot({
    name: 'drained',
    handles: ({ kind }) => kind !== 'consultation',
    plugins: [
      autoAccept(),
      greeter({ text: 'Hello!' }),
      handOff({
        to: { agentId: '${cora.id}' },
        onDrain: env.HANDS_OVER === 'yes',
        texts: { requested: 'I must go, a colleague takes over.', accepted: 'Here is my colleague.' },
        fallback: { text: 'Please write again in a minute.' },
      }),
      wrapUp(),
    ],
  })] }],
}));`);

interface Running {
  readonly command: Command;
  readonly file: string;
}

async function started(server: Simulator, flags: readonly string[] = [], env = {}): Promise<Running> {
  const file = config();
  const command = usher(['start', '-c', file, ...flags], {
    GWS_URL: server.url,
    GWS_PASSWORD: password,
    ...env,
  });
  await command.prints(/Ada is ready/);
  return { command, file };
}

/** So many customers who have been greeted. */
async function greeted(server: Simulator, count: number, steps: (nth: number) => readonly object[]) {
  const customers = Array.from({ length: count }, (_one, nth) =>
    server.arrive({
      firstName: `Mia${nth}`,
      steps: [{ expect: 'Hello', within: 60_000 }, ...steps(nth)] as never,
    }),
  );
  await expect
    .poll(
      () =>
        [...server.chats.values()].filter(({ lines }) => lines.some(({ text }) => text === 'Hello!')).length,
      {
        timeout: 60_000,
      },
    )
    .toBe(count);
  return customers;
}

describe('a stop with open chats', { timeout: 120_000 }, () => {
  it('at SIGTERM leaves none of 50 behind: each ended by itself or was handed over', async () => {
    const server = await simulator({ agents: [seat('Ada', 50), cora] });
    const { command } = await started(server, ['--drain-within', '60'], { HANDS_OVER: 'yes' });
    const customers = await greeted(server, 50, (nth) =>
      nth % 5 === 0
        ? [{ expect: 'I must go', within: 60_000 }, { leave: true }]
        : [
            { expect: 'I must go', within: 60_000 },
            { expect: 'Here is my colleague', within: 60_000 },
            { expect: 'Cora here', within: 60_000 },
            { leave: true },
          ],
    );
    command.child.kill('SIGTERM');
    expect(await command.ended).toBe(0);
    const [, finished = '0'] = /(\d+) chats? finished/.exec(command.stdout()) ?? [];
    const [, handedOver = '0'] = /(\d+) chats? handed over\n/.exec(command.stdout()) ?? [];
    expect(Number(finished) + Number(handedOver)).toBe(50);
    expect(Number(handedOver)).toBeGreaterThanOrEqual(40);
    expect(command.stdout()).not.toMatch(/left open/);
    const results = await Promise.all(customers.map(({ done }) => done));
    expect(results.map(({ failure }) => failure)).toEqual(results.map(() => undefined));
    expect(server.agents.find(({ username }) => username === 'Ada')).toMatchObject({ loggedIn: false });
  });

  it('by usher drain waits for those that end by themselves, tells how many are open, and ends with 0', async () => {
    const server = await simulator({ agents: [seat('Ada', 3)] });
    const { command, file } = await started(server);
    await greeted(server, 3, (nth) => [{ pause: 1_000 + nth * 500 }, { leave: true }]);
    const drain = usher(['drain', '-c', file, '--within', '30']);
    expect(await drain.ended).toBe(0);
    expect(drain.stdout()).toMatch(
      /^3 chats are open\n(.*\n)*1 chat is open\n(.*\n)*stopped: 3 chats finished\n$/,
    );
    expect(await command.ended).toBe(0);
  });

  it('that is too short leaves chats on the server, and says so', async () => {
    const server = await simulator({ agents: [seat('Ada', 3)] });
    const { command, file } = await started(server);
    await greeted(server, 2, () => [{ pause: 60_000 }]);
    const drain = usher(['drain', '-c', file, '--within', '1', '--json']);
    expect(await drain.ended).toBe(1);
    expect(JSON.parse(drain.stdout())).toEqual({ finished: 0, handedOver: 0, passedOn: 0, left: 2 });
    expect(await command.ended).toBe(0);
    expect(command.stdout()).toMatch(/^stopped: 2 chats left open on the server$/m);
  });

  it('of which there is nothing to stop is refused, with the reason', async () => {
    const drain = usher(['drain', '-c', config()]);
    expect(await drain.ended).toBe(1);
    expect(drain.stderr()).toMatch(
      /^usher: no process runs .*bots\.config\.ts here\. Fix: .*USHER_NOT_RUNNING/,
    );
  });

  it.each(['/proc/none', '/tmp'])(
    'cannot be asked for by usher drain where %s is no place for it, and the bots run all the same',
    async (place) => {
      const command = usher(['start', '--once'], { XDG_RUNTIME_DIR: place });
      expect(await command.ended).toBe(0);
      expect(command.stderr()).toMatch(/^usher: usher drain will not find this process: /);
    },
  );

  it('as systemd does it with the unit of docs/deployment.md: in good order before the time is over', async () => {
    const unit = readFileSync('docs/deployment.md', 'utf8');
    const [, verb = ''] = /ExecStart=.*usher\.js (\w+)$/m.exec(unit) ?? [];
    const patience = Number(/TimeoutStopSec=(\d+)/.exec(unit)?.[1]) * 1_000;
    // systemd sends SIGTERM where a unit names no KillSignal.
    expect(unit).not.toMatch(/KillSignal/);
    const server = await simulator({ agents: [seat('Ada', 3)] });
    const command = usher([verb, '-c', config()], {
      GWS_URL: server.url,
      GWS_PASSWORD: password,
      LOG_LEVEL: 'info',
      LOG_FORMAT: 'json',
    });
    await command.prints(/Ada is ready/);
    await greeted(server, 2, () => [{ pause: 90_000 }]);
    const before = performance.now();
    command.child.kill('SIGTERM');
    expect(await command.ended).toBe(0);
    expect(performance.now() - before).toBeLessThan(patience);
    expect(command.stderr()).not.toContain(password);
  });
});
