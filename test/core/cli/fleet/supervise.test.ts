import { readFileSync, utimesSync, writeFileSync } from 'node:fs';
import { openSqliteStore } from 'usher-bots';
import type { Simulator } from 'usher-bots/simulator';
import { describe, expect, it, onTestFinished } from 'vitest';
import { isGone } from '../../../../core/fleet/process-name.ts';
import { password, seat, simulator } from '../../../integration/contact-centre.ts';
import { temporaryFile } from '../../store/temporary-file.ts';
import { type Command, usher } from '../command.ts';
import { configFile } from '../config-file.ts';

const names = ['Ada', 'Bea', 'Cleo', 'Dora'];

const config = (): string =>
  configFile(`
import { defineBot, defineConfig, definePlugin } from '@/core/index.ts';
import { autoAccept } from '@/plugins/auto-accept.ts';
import { greeter } from '@/plugins/greeter.ts';
import { wrapUp } from '@/plugins/wrap-up.ts';
const echo = definePlugin({
  name: 'echo',
  message: () => ({ text }, { operations }) => operations.sendMessage('re: ' + text),
});
export default defineConfig(({ env }) => ({
  server: { url: env.GWS_URL, requestTimeout: 1_000, settleTime: 400 },
  store: env.USHER_STORE,
  fleet: { ttl: 6_000 },
  agents: ${JSON.stringify(names)}.map((username) => ({
    username, password: env.GWS_PASSWORD, nickname: username,
    bots: [defineBot({ name: 'tested', plugins: [autoAccept(), greeter({ text: 'Hello!' }), echo(), wrapUp()] })],
  })),
}));`);

interface Supervised {
  readonly command: Command;
  readonly file: string;
  /** Of the store. */
  readonly place: string;
  readonly server: Simulator;
  /** How many agents each of the workers has, and how many nobody. */
  shares(): Promise<{ readonly loads: readonly number[]; readonly free: number }>;
  /** The process ids of the workers. */
  pids(): Promise<readonly number[]>;
}

async function supervised(workers: number): Promise<Supervised> {
  const server = await simulator({ agents: names.map((name) => seat(name, 3)) });
  const file = config();
  const place = temporaryFile();
  const store = openSqliteStore(place);
  onTestFinished(() => store.close());
  const command = usher(['start', '-c', file, '--workers', String(workers)], {
    GWS_URL: server.url,
    GWS_PASSWORD: password,
    USHER_STORE: place,
  });
  const living = async () => (await store.census()).workers.filter(({ name }) => !isGone(name));
  const running: Supervised = {
    command,
    file,
    place,
    server,
    shares: async () => {
      const loads = (await living()).map(({ load }) => load);
      return { loads, free: names.length - loads.reduce((sum, load) => sum + load, 0) };
    },
    pids: async () => (await living()).map(({ name }) => Number(name.split(':').at(-2))),
  };
  await expect.poll(running.shares, { timeout: 60_000 }).toEqual({
    loads: Array<number>(workers).fill(names.length / workers),
    free: 0,
  });
  await expect.poll(() => server.agents.every(({ ready }) => ready), { timeout: 60_000 }).toBe(true);
  return running;
}

/** Customers who go on chatting until they are told to stop. */
function chatting(server: Simulator, count: number) {
  let going = true;
  const says = (nth: number) => [
    { say: `line ${nth}` },
    { expect: `re: line ${nth}`, within: 60_000 },
    { pause: 200 },
  ];
  const customers = Array.from({ length: count }, (_, at) => {
    let said = 0;
    const next = (): readonly object[] => {
      said += 1;
      return going || said < 3 ? [...says(said), { choose: next }] : [{ leave: true }];
    };
    return server.arrive({
      firstName: `Mia${at}`,
      steps: [{ expect: 'Hello', within: 60_000 }, { choose: next }] as never,
    });
  });
  return async (): Promise<void> => {
    going = false;
    const results = await Promise.all(customers.map(({ done }) => done));
    for (const { failure, heard } of results) {
      expect(failure).toBeUndefined();
      const texts = heard.map(({ text }) => text);
      expect(texts).toEqual(['Hello!', ...texts.slice(1).map((_, nth) => `re: line ${nth + 1}`)]);
    }
  };
}

describe('usher start --workers', { timeout: 240_000 }, () => {
  it('shares the agents, starts a killed worker again, replaces all at SIGHUP, and ends with a sum', async () => {
    const { command, server, shares, pids } = await supervised(2);
    const finish = chatting(server, 6);
    await expect.poll(() => server.operations.length, { timeout: 60_000 }).toBeGreaterThan(30);

    const [first = 0, second = 0] = await pids();
    process.kill(first, 'SIGKILL');
    await command.prints(/worker \d ended with SIGKILL; it is started again in 0\.5 s/);
    await expect.poll(shares, { timeout: 60_000 }).toEqual({ loads: [2, 2], free: 0 });
    expect(await pids()).not.toContain(first);

    command.child.kill('SIGHUP');
    await command.prints(/all workers are new/);
    await expect.poll(shares, { timeout: 60_000 }).toEqual({ loads: [2, 2], free: 0 });
    expect(await pids()).not.toContain(second);
    await finish();

    command.child.kill('SIGTERM');
    expect(await command.ended).toBe(0);
    expect(command.stdout()).toMatch(/\[1\] .*\n/);
    expect(command.stdout()).toMatch(/^stopped: (.*, )?\d+ chats? passed on to another worker$/m);
    expect(server.agents.every(({ loggedIn }) => !loggedIn)).toBe(true);
  });

  it('replaces the workers when the config changes, and keeps them where it is broken now', async () => {
    const { command, file, pids } = await supervised(1);
    const [old] = await pids();
    utimesSync(file, new Date(), new Date());
    await command.prints(/bots\.config\.ts has changed: the workers are replaced one by one/);
    await command.prints(/all workers are new/);
    const [fresh] = await pids();
    expect(fresh).not.toBe(old);
    writeFileSync(file, 'export default {');
    await command.prints(/the new worker 1 ended with 2; those that are left go on as they were/);
    expect(await pids()).toEqual([fresh]);
    command.child.kill('SIGINT');
    expect(await command.ended).toBe(0);
  });

  it('is shown by usher fleet, and drained worker by worker, whoever started it', async () => {
    const { command, file, place, shares } = await supervised(2);
    const env = { USHER_STORE: place, GWS_URL: 'http://127.0.0.1:1', GWS_PASSWORD: password };
    const shown = usher(['fleet', '-c', file, '--json'], env);
    expect(await shown.ended).toBe(0);
    const { free, workers } = JSON.parse(shown.stdout());
    expect([free, workers.map(({ agents }: { agents: number }) => agents)]).toEqual([0, [2, 2]]);
    const id = workers[0].incarnation.slice(0, 8);
    const drain = usher(['fleet', 'drain', id, '-c', file], env);
    expect(await drain.ended).toBe(0);
    expect(drain.stdout()).toMatch(/ has left\n$/);
    await command.prints(/worker \d has ended, as somebody asked it to/);
    await expect.poll(shares, { timeout: 60_000 }).toEqual({ loads: [4], free: 0 });
    const again = usher(['fleet', 'drain', id, '-c', file], env);
    expect(await again.ended).toBe(1);
    expect(again.stderr()).toMatch(/no worker is ".{8}"; there are .*USHER_NO_WORKER/);
    command.child.kill('SIGTERM');
    expect(await command.ended).toBe(0);
  });

  it('gives up a worker that ends at once, again and again', async () => {
    const server = await simulator({ agents: names.map((name) => seat(name)) });
    const file = config();
    writeFileSync(file, `if (process.env.USHER_WORKER) process.exit(7);\n${readFileSync(file, 'utf8')}`);
    const command = usher(['start', '-c', file, '--workers', '1'], {
      GWS_URL: server.url,
      GWS_PASSWORD: password,
      USHER_STORE: temporaryFile(),
    });
    expect(await command.ended).toBe(1);
    expect(command.stdout().match(/ended with 7; it is started again/g)).toHaveLength(4);
    expect(command.stderr()).toMatch(/worker 1 is given up: .* last with 7.*USHER_WORKER_GIVEN_UP/);
  });

  it.each([
    ['no server', {}, /workers need a server: set server\.url/],
    ['no store', { GWS_URL: 'http://127.0.0.1:1' }, /fleet needs a store that its processes share/],
  ])('is refused where there is %s', async (_what, env, text) => {
    const command = usher(['start', '-c', 'bots.config.ts', '--workers', '2'], { GWS_PASSWORD: 'x', ...env });
    expect(await command.ended).toBe(2);
    expect(command.stderr()).toMatch(text);
  });
});
