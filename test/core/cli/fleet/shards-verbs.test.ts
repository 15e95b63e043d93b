import { openSqliteStore } from 'usher-bots';
import { describe, expect, it, onTestFinished } from 'vitest';
import { isGone } from '../../../../core/fleet/process-name.ts';
import { password, seat, simulator } from '../../../integration/contact-centre.ts';
import { temporaryFile } from '../../store/temporary-file.ts';
import { usher } from '../command.ts';
import { configFile } from '../config-file.ts';

const names = Array.from({ length: 12 }, (_, nth) => `Ada${nth}`);

const config = configFile(`
import { defineBot, defineConfig } from '@/core/index.ts';
import { autoAccept } from '@/plugins/auto-accept.ts';
export default defineConfig(({ env }) => ({
  server: { url: env.GWS_URL },
  store: [env.STORE_A, env.STORE_B],
  fleet: { ttl: 60_000 },
  agents: ${JSON.stringify(names)}.map((username) => ({
    username, password: env.GWS_PASSWORD, nickname: username,
    bots: [defineBot({ name: 'quiet', plugins: [autoAccept()] })],
  })),
}));`);

describe('the verbs on several stores', { timeout: 120_000 }, () => {
  it('run, show, free and drain workers in all of them', async () => {
    const server = await simulator({ agents: names.map((name) => seat(name)) });
    const files = [temporaryFile(), temporaryFile()] as const;
    const stores = files.map((file) => openSqliteStore(file));
    onTestFinished(async () => void (await Promise.all(stores.map((store) => store.close()))));
    const env = { GWS_URL: server.url, GWS_PASSWORD: password, STORE_A: files[0], STORE_B: files[1] };
    const run = async (args: readonly string[], more: Record<string, string> = {}) => {
      const command = usher([...args, '-c', config], { NO_COLOR: '1', ...env, ...more });
      return { exit: await command.ended, stdout: command.stdout(), stderr: command.stderr() };
    };
    /** Of each store: the processes that have agents there, and how many agents nobody runs. */
    const seen = async () => {
      const censuses = await Promise.all(stores.map((store) => store.census()));
      return censuses.map(({ workers, free }) => ({
        pids: workers.filter(({ load }) => load > 0).map(({ name }) => Number(name.split(':').at(-2))),
        gone: workers.filter(({ name }) => isGone(name)).length,
        free,
      }));
    };
    const shared = { pids: [expect.any(Number), expect.any(Number)], gone: 0, free: 0 };
    const supervisor = usher(['start', '-c', config, '--workers', '2'], env);
    await expect.poll(seen, { timeout: 60_000 }).toEqual([shared, shared]);

    const shown = await run(['fleet', '--json']);
    const state = JSON.parse(shown.stdout) as {
      workers: { shard: number; name: string; agents: number }[];
      shards: { agents: number }[];
    };
    expect(shown.exit).toBe(0);
    expect(state).toMatchObject({
      agents: 12,
      free: 0,
      shards: files.map((store, shard) => ({ shard, store, answers: true, free: 0 })),
    });
    expect(state.shards.reduce((sum, { agents }) => sum + agents, 0)).toBe(12);
    expect(state.workers.map(({ shard }) => shard)).toEqual([0, 0, 1, 1]);

    // The lease would last for another minute: it is the supervisor that frees them, in both.
    const [first = 0] = (await seen())[0]?.pids ?? [];
    process.kill(first, 'SIGKILL');
    await supervisor.prints(/ended with SIGKILL/);
    await expect.poll(seen, { timeout: 60_000 }).toEqual([shared, shared]);
    expect((await seen()).flatMap(({ pids }) => pids)).not.toContain(first);

    const { name = '' } = state.workers.find((worker) => !worker.name.includes(`:${first}:`)) ?? {};
    const drained = await run(['fleet', 'drain', name, '--json', '--within', '60']);
    expect(drained).toMatchObject({ exit: 0 });
    expect(JSON.parse(drained.stdout)).toEqual({ worker: name, drained: true, agents: 0 });
    const one = { pids: [expect.any(Number)], gone: 0, free: 0 };
    await expect.poll(seen, { timeout: 60_000 }).toEqual([one, one]);

    const swapped = { STORE_A: files[1], STORE_B: files[0] };
    const [refused, checked, away, migrated] = await Promise.all([
      run(['start', '--workers', '2'], swapped),
      run(['check'], { ...swapped, GWS_URL: '' }),
      run(['fleet'], { STORE_B: 'postgres://ada@127.0.0.1:1/usher' }),
      run(['store', 'migrate']),
    ]);
    expect(refused.exit).toBe(2);
    expect(refused.stderr).toMatch(/store\[0\], \S+, is shard 1 of 2; .* in the order of their shards/);
    expect(checked.exit).toBe(2);
    expect(checked.stdout).toMatch(/✓ store: \S+: SQLite, .*; shard 1 of 2\n.*\n✗ store: store\[0\], /);
    expect(away.exit).toBe(1);
    expect(away.stdout).toMatch(
      /^shard {2}worker .*\n0 .*\nshard 1, postgres:\/\/127\.0\.0\.1:1\/usher, does not answer: its \d+ agents are run for no longer than a lease\n/,
    );
    expect(migrated).toMatchObject({ exit: 0, stderr: expect.stringMatching(/SQLite.*\n.*SQLite/) });

    supervisor.child.kill('SIGTERM');
    expect(await supervisor.ended).toBe(0);
    expect(await seen()).toEqual([
      { pids: [], gone: 0, free: expect.any(Number) },
      { pids: [], gone: 0, free: expect.any(Number) },
    ]);
  });
});
