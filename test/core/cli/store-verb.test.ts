import { openSqliteStore } from 'usher-bots';
import { describe, expect, it } from 'vitest';
import { knownVersions } from '../../../core/store/postgres/migrations.ts';
import { administer, asked, newDatabase } from '../../postgres/new-database.ts';
import { temporaryFile } from '../store/temporary-file.ts';
import { usher } from './command.ts';
import { configFile } from './config-file.ts';

const config = configFile(`
import { defineConfig } from '@/core/index.ts';
import { receptionist } from '@/bots/receptionist.ts';

export default defineConfig(({ env }) => ({
  store: env.USHER_STORE,
  agents: [{ username: 'ada', bots: [receptionist()] }],
}));
`);

async function run(args: readonly string[], env: Record<string, string> = {}) {
  const command = usher(args, { NO_COLOR: '1', ...env });
  const exit = await command.ended;
  const [stdout, stderr] = [command.stdout(), command.stderr()];
  expect(`${stdout}${stderr}`).not.toContain('s3cret');
  return { exit, stdout, stderr };
}

/** The URL of a database, and that of a role that may nothing yet. */
async function database() {
  const url = await newDatabase();
  await administer(
    url,
    'do $$ begin create role usher_worker login; exception when duplicate_object then null; end $$',
  );
  const as = (user: string): string => url.replace('postgres@', `${user}:s3cret@`);
  return { url, worker: as('usher_worker'), owner: as('postgres') };
}

describe('usher store migrate', { timeout: 60_000 }, () => {
  const migrate = ['store', 'migrate', '-c', config];

  it('makes the tables as their owner, once: 0', async () => {
    const { url, worker } = await database();
    const env = { USHER_STORE: worker, PGPASSWORD: 's3cret' };
    const refused = await run(migrate, env);
    expect(refused.exit).toBe(1);
    expect(refused.stderr).toMatch(
      /^usher: the store postgres:\S+ has no tables of Usher, and usher_worker may not make them: run usher store migrate --owner ROLE.*\[USHER_STORE_BROKEN\]\n$/,
    );
    const made = await run([...migrate, '--owner', 'postgres'], env);
    expect(made).toMatchObject({
      exit: 0,
      stdout: '',
      stderr: expect.stringContaining(`: added ${knownVersions.join(', ')}\n`),
    });
    const again = await run([...migrate, '--owner', 'postgres'], env);
    expect(again).toMatchObject({ exit: 0, stderr: expect.stringMatching(/: nothing to do\n$/) });
    expect(await asked(url, 'select name from usher.usher_schema')).toEqual(
      knownVersions.map((name) => ({ name })),
    );
  });

  it('prints the SQL instead, and changes nothing: 0', async () => {
    const { url, worker } = await database();
    const { exit, stdout } = await run([...migrate, '--dry-run'], { USHER_STORE: worker });
    expect(exit).toBe(0);
    expect(stdout).toMatch(
      /^begin;\ncreate schema if not exists usher;[\s\S]*create table usher\.interaction[\s\S]*commit;\n$/,
    );
    expect(await asked(url, "select to_regnamespace('usher') as there")).toEqual([{ there: null }]);
  });

  it('needs a store, and one that it can reach', async () => {
    expect(await run(migrate)).toMatchObject({
      exit: 2,
      stderr: expect.stringContaining('names no `store`'),
    });
    const nowhere = { USHER_STORE: 'postgres://ada:s3cret@127.0.0.1:1/usher' };
    expect(await run(migrate, nowhere)).toMatchObject({
      exit: 1,
      stderr: expect.stringMatching(/did not answer: connect ECONNREFUSED.*\[USHER_STORE_UNAVAILABLE\]/),
    });
  });
});

describe('usher check', { timeout: 60_000 }, () => {
  const check = ['check', '-c', config];

  it('tells whether the store can be used, without touching it', async () => {
    const { url, worker, owner } = await database();
    expect(await run(check, { USHER_STORE: worker })).toMatchObject({
      exit: 1,
      stdout: expect.stringMatching(
        /\n✗ store: .* has no tables of Usher, and usher_worker may not make them/,
      ),
    });
    expect(await run(check, { USHER_STORE: owner })).toMatchObject({
      exit: 0,
      stdout: expect.stringMatching(
        /\n✓ store: \S+: PostgreSQL [\d.]+, writable at 127\.0\.0\.1; its tables are made by/,
      ),
    });
    expect(await asked(url, "select to_regnamespace('usher') as there")).toEqual([{ there: null }]);
    expect(await run(check, { USHER_STORE: 'postgres://ada:s3cret@127.0.0.1:1/usher' })).toMatchObject({
      exit: 1,
      stdout: expect.stringMatching(/\n✗ store: .* did not answer: connect ECONNREFUSED/),
    });
    expect(await run(check, { USHER_STORE: ':memory:' })).toMatchObject({
      exit: 0,
      stdout: expect.stringContaining('✓ store: in memory: it is forgotten with the process'),
    });
  });
});

describe('usher start', { timeout: 60_000 }, () => {
  it('keeps its chats in PostgreSQL, and tells nobody the password', async () => {
    const { url, owner } = await database();
    const env = { USHER_STORE: owner, LOG_LEVEL: 'trace', LOG_FORMAT: 'json' };
    const { exit } = await run(['start', '--once', '--json'], env);
    expect(exit).toBe(0);
    expect(await asked(url, 'select id from usher.agent')).toEqual([
      { id: expect.stringMatching(/^ada@http:/) },
    ]);
    expect(await asked(url, 'select count(*)::int as open from usher.interaction')).toEqual([{ open: 0 }]);
    expect((await asked(url, 'select token::int from usher.agent'))[0]).toEqual({ token: 1 });
  });
});

describe('usher store outbox', { timeout: 60_000 }, () => {
  const outbox = ['store', 'outbox', '-c', config];

  it('tells how many batches wait, and for how long: 0', async () => {
    const path = temporaryFile();
    const now = Date.now();
    const store = openSqliteStore(path, { now: () => now - 90_000 });
    await store.enrol(['ada']);
    const lease = await store.join({ name: 'w', capacity: 1, ttlMs: 600_000 });
    const [claim] = await store.claim(lease, 1);
    const change = { agent: 'ada', token: claim?.token ?? 0, interaction: 'chat', state: 1 };
    await store.commit({ ...change, version: 0, publish: ['first'] });
    await store.commit({ ...change, version: 1, publish: ['second', 'third'] });
    const told = await run(outbox, { USHER_STORE: path });
    expect(told).toMatchObject({ exit: 0, stderr: '' });
    const [, seconds] =
      /: 2 batches wait in the outbox, the oldest for (\d+) s \(no analytics in the config\)\n$/.exec(
        told.stdout,
      ) ?? [];
    expect(Number(seconds)).toBeGreaterThanOrEqual(90);
    const { batches, oldestAge } = JSON.parse(
      (await run([...outbox, '--json'], { USHER_STORE: path })).stdout,
    );
    expect([batches, oldestAge >= 90_000]).toEqual([2, true]);
    for await (const _ of store.drain(0, 9));
    await store.close();
    expect((await run(outbox, { USHER_STORE: path })).stdout).toContain(': nothing waits in the outbox (');
  });

  it('tells the same of PostgreSQL: 0', async () => {
    const { url } = await database();
    const told = await run([...outbox, '--json'], { USHER_STORE: url });
    expect(told).toMatchObject({ exit: 0, stdout: '{"batches":0}\n' });
  });

  it('says that there is none to look into: 2', async () => {
    for (const [env, reason] of [
      [{}, 'names no store that workers could share'],
      [{ USHER_STORE: '/tmp/not/there.db' }, '/tmp/not/there.db does not exist: no worker has run yet'],
    ] as const) {
      const refused = await run(outbox, env);
      expect(refused.exit).toBe(2);
      expect(refused.stderr).toContain(reason);
    }
  });
});
