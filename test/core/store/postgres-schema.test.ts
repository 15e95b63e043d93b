import { openStore } from 'usher-bots';
import { describe, expect, it, onTestFinished } from 'vitest';
import { storePlace } from '../../../core/store/open-store.ts';
import { migratePlace } from '../../../core/store/postgres/migrate-place.ts';
import { knownVersions } from '../../../core/store/postgres/migrations.ts';
import type { PostgresPlace } from '../../../core/store/postgres/postgres-place.ts';
import { administer, asked, newDatabase } from '../../postgres/new-database.ts';

const placeOf = (url: string): PostgresPlace => storePlace(url) as PostgresPlace;

/** Everything that a database holds of ours, column by column. */
const shape = (url: string) =>
  asked(
    url,
    `select table_name::text, column_name::text, data_type::text, column_default::text
     from information_schema.columns where table_schema = 'usher' and table_name <> 'usher_schema_lock'
     union all select relname::text, pg_get_indexdef(oid), '', '' from pg_class
       where relnamespace = 'usher'::regnamespace and relkind in ('i', 'I') and relname not like 'usher_schema_lock%'
     union all select proname::text, prosrc, '', '' from pg_proc where pronamespace = 'usher'::regnamespace
     order by 1, 2`,
  );

describe('the tables', () => {
  it('are made by whoever comes first, however many come at once', async () => {
    const url = await newDatabase();
    const stores = await Promise.all([1, 2, 3, 4].map(() => openStore(url)));
    onTestFinished(async () => {
      await Promise.all(stores.map((store) => store.close()));
    });
    await stores[0]?.enrol(['ada']);
    for (const store of stores) expect((await store.census()).agents).toBe(1);
    expect(await asked(url, 'select name from usher.usher_schema')).toEqual(
      knownVersions.map((name) => ({ name })),
    );
  });

  it('are the same when somebody runs by hand what a dry run prints', async () => {
    const [byHand, byUsher] = [await newDatabase(), await newDatabase()];
    const { script, added } = await migratePlace(placeOf(byHand), true);
    expect(added).toEqual([]);
    expect(await asked(byHand, "select to_regnamespace('usher') as there")).toEqual([{ there: null }]);
    await administer(byHand, script);
    expect((await migratePlace(placeOf(byUsher), false)).added).toEqual(knownVersions);
    expect(await shape(byHand)).toEqual(await shape(byUsher));
    expect(await migratePlace(placeOf(byHand), false)).toEqual({ script: '-- nothing to do', added: [] });
    await (await openStore(byHand)).close();
  });

  it('of a newer version are refused, by all that could touch them', async () => {
    const url = await newDatabase();
    await (await openStore(url)).close();
    await administer(url, "insert into usher.usher_schema values ('0099-later', '2030-01-01T00:00:00.000Z')");
    const refusal = {
      code: 'USHER_STORE_BROKEN',
      message: expect.stringMatching(
        new RegExp(
          `has tables of version 0099-later, and this Usher knows ${knownVersions.at(-1)}: update Usher$`,
        ),
      ),
    };
    await expect(openStore(url)).rejects.toMatchObject(refusal);
    await expect(migratePlace(placeOf(url), false)).rejects.toMatchObject(refusal);
  });

  it('have versions that sort in their order', () => {
    expect([...knownVersions].sort()).toEqual(knownVersions);
    expect(knownVersions.every((name) => /^\d{4}-[a-z-]+$/.test(name))).toBe(true);
  });
});

describe('the census', () => {
  it('is true also of what is done by hand', async () => {
    const url = await newDatabase();
    const store = await openStore(url);
    onTestFinished(() => store.close());
    await store.enrol(['ada', 'bob', 'cyd', 'dan']);
    const lease = await store.join({ name: 'w', capacity: 3, ttlMs: 60_000 });
    await store.claim(lease, 3);
    await administer(url, "delete from usher.agent where id in ('ada', 'dan')");
    await administer(url, "update usher.agent set owner = null where id = 'bob'");
    await administer(url, "insert into usher.agent (id) values ('eve'), ('fay')");
    const { agents, free, workers } = await store.census();
    expect({ agents, free, load: workers[0]?.load }).toEqual({ agents: 4, free: 3, load: 1 });
  });
});

describe('a batch of events', () => {
  it('is drained by one at a time, and by another when that one has died', async () => {
    const url = await newDatabase();
    const [one, other] = [await openStore(url), await openStore(url)];
    onTestFinished(async () => {
      await Promise.all([one.close(), other.close()]);
    });
    await one.enrol(['ada']);
    const [claim] = await one.claim(await one.join({ name: 'w', capacity: 1, ttlMs: 60_000 }), 1);
    const token = claim?.token ?? 0;
    for (const version of [0, 1, 2]) {
      await one.commit({ agent: 'ada', token, interaction: 'c', version, state: 1, publish: [version] });
    }
    const all = async (store: typeof one) => {
      const events: unknown[] = [];
      for (let part = 0; part < store.parts; part += 1) {
        for await (const batch of store.drain(part, 9)) events.push(...batch.events);
      }
      return events;
    };
    const part = (await asked(url, 'select distinct part from usher.outbox'))[0]?.['part'] as number;
    const held = one.drain(part, 9)[Symbol.asyncIterator]();
    expect((await held.next()).value?.events).toEqual([0]);
    expect(await all(other)).toEqual([]);
    await administer(url, 'update usher.outbox_part set until = 0');
    expect(await all(other)).toEqual([0, 1, 2]);
    expect(await held.next()).toMatchObject({ done: true });
  });
});
