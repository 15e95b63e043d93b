import { readFileSync } from 'node:fs';
import { openStore, UsherError } from 'usher-bots';
import { storeContract } from 'usher-bots/testing';
import { beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { inspectStores } from '../../../core/store/inspect-store.ts';
import { storePlace } from '../../../core/store/open-store.ts';
import { administer, asked, emptiedDatabase, newDatabase } from '../../postgres/new-database.ts';

const script = readFileSync('docs/operations/postgres-worker.sql', 'utf8');

const asWorker = (url: string): string => url.replace('postgres@', 'usher_worker@');

/** A database whose tables the owner has made, and on which the worker's role has its rights. */
async function granted(url: string): Promise<string> {
  await (await openStore(url)).close();
  await administer(url, script);
  return asWorker(url);
}

describe('the role of a worker, with the rights of docs/operations/postgres-worker.sql', () => {
  let url = '';
  beforeAll(async () => {
    url = await granted(await emptiedDatabase());
  });

  const empty = async () => {
    await emptiedDatabase();
    return [await openStore(url), await openStore(url)] as const;
  };
  it.each(storeContract(empty))('$promise', ({ check }) => check());

  it.each([
    ['create table usher.mine (a int)', /permission denied for schema usher/],
    ['create table public.mine (a int)', /permission denied for schema public/],
    ['create schema mine', /permission denied for database/],
    ['drop table usher.once', /must be owner of table once/],
    ['alter table usher.agent add mine int', /must be owner of table agent/],
    ['truncate usher.interaction', /permission denied for table interaction/],
    ['delete from usher.agent', /permission denied for table agent/],
    ["update usher.once set body = '1'", /permission denied for table once/],
    ['insert into usher.usher_schema values (1, 1)', /permission denied for table usher_schema/],
  ])('may not: %s', async (sql, message) => {
    await expect(administer(url, sql)).rejects.toThrow(message);
  });

  it('is found to suffice by the check', async () => {
    const [found] = await inspectStores([storePlace(url)]);
    expect(found).toMatch(
      /^postgres:\/\/127\.0\.0\.1:\d+\/\w+: PostgreSQL [\d.]+, writable at 127\.0\.0\.1, tables of version 0003-shard, rights of usher_worker suffice$/,
    );
  });

  it('makes and drops partitions all the same, by the function of their owner', async () => {
    const store = await openStore(url);
    onTestFinished(() => store.close());
    await administer(url, 'select usher.outbox_upkeep()');
    const owner = url.replace('usher_worker@', 'postgres@');
    expect(await partitions(owner)).toHaveLength(3);
    await administer(
      owner,
      `create table usher.outbox_2020010100 partition of usher.outbox for values from (1577836800000) to (1577840400000);
       create table usher.outbox_2020010101 partition of usher.outbox for values from (1577840400000) to (1577844000000);
       insert into usher.outbox (part, events, at) values (0, '[1]', 1577840400000)`,
    );
    await administer(url, 'select usher.outbox_upkeep()');
    expect(await partitions(owner)).toHaveLength(4);
    expect(await partitions(owner)).toContain('outbox_2020010101');
    expect((await Array.fromAsync(store.drain(0, 9))).map(({ events }) => events)).toEqual([[1]]);
    await administer(url, 'select usher.outbox_upkeep()');
    expect(await partitions(owner)).toHaveLength(3);
  });
});

async function partitions(url: string): Promise<string[]> {
  const rows = await asked(
    url,
    "select relname::text as name from pg_class where relname ~ '^outbox_\\d{10}$' and relkind = 'r' order by 1",
  );
  return rows.map(({ name }) => String(name));
}

describe('a role with too few rights', () => {
  const refusal = (promise: Promise<unknown>): Promise<string> =>
    promise.then(
      () => 'it was opened',
      (error) => {
        if (error instanceof UsherError && error.code === 'USHER_STORE_BROKEN') return error.message;
        throw error;
      },
    );

  it('is told what to do while there are no tables', async () => {
    const url = await newDatabase();
    await administer(
      url,
      `do $$ begin create role usher_worker login; exception when duplicate_object then null; end $$`,
    );
    const message = await refusal(openStore(asWorker(url)));
    expect(message).toMatch(
      /has no tables of Usher, and usher_worker may not make them: run usher store migrate --owner ROLE/,
    );
    const [found] = await inspectStores([storePlace(asWorker(url))]);
    expect(found).toMatchObject({ code: 'USHER_STORE_BROKEN', message });
  });

  it('is told which are missing by the check, and by what it does', async () => {
    const url = await newDatabase();
    const worker = await granted(url);
    await administer(
      url,
      'revoke insert on usher.once from usher_worker; revoke execute on function usher.outbox_upkeep() from usher_worker',
    );
    const [found] = await inspectStores([storePlace(worker)]);
    expect(found).toHaveProperty(
      'message',
      expect.stringMatching(
        /gives usher_worker too few rights; it lacks insert on usher\.once, execute on usher\.outbox_upkeep\(\)$/,
      ),
    );
    const store = await openStore(worker);
    onTestFinished(() => store.close());
    expect(await refusal(store.keep([{ key: 'a', body: 1 }]))).toMatch(
      /gives the role too few rights: docs\/operations/,
    );
  });
});
