import { symlinkSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { openStore, type Store } from 'usher-bots';
import { describe, expect, it, onTestFinished } from 'vitest';
import { inspectStores } from '../../../core/store/inspect-store.ts';
import { openShards, type ShardsOptions } from '../../../core/store/open-shards.ts';
import { type StorePlace, storePlace } from '../../../core/store/open-store.ts';
import { shardOf } from '../../../core/store/shard-of.ts';
import { storeUnavailable } from '../../../core/store/store-errors.ts';
import { newDatabase } from '../../postgres/new-database.ts';
import { temporaryFile } from './temporary-file.ts';

async function opened(places: readonly StorePlace[], options?: ShardsOptions): Promise<readonly Store[]> {
  const stores = await openShards(places, options);
  onTestFinished(async () => void (await Promise.all(stores.map((store) => store.close()))));
  return stores;
}

/** Opens them and closes them, as a process that has come and gone. */
async function used(...places: StorePlace[]): Promise<void> {
  for (const store of await openShards(places)) await store.close();
}

const refusal = (places: readonly StorePlace[], options?: ShardsOptions) =>
  openShards(places, options).then(
    () => 'none',
    (thrown: { code?: string; message: string }) => `${thrown.code}: ${thrown.message}`,
  );

const marks = (stores: readonly Store[]) => Promise.all(stores.map((store) => store.mark()));

/** Opens all but some that do not answer. */
const without = (away: Set<StorePlace>) => (place: StorePlace) => {
  if (away.has(place)) throw storeUnavailable(`${String(place)}`, 'nobody is there');
  return openStore(place);
};

describe('the shard of an agent', () => {
  it('is the same for ever', () => {
    // python3: int.from_bytes(hashlib.sha256(name.encode()).digest()[:4], 'big') % 6
    const names = ['ada', 'bea', 'cleo', 'Zoë@https://gws'];
    expect(names.map((agent) => shardOf(agent, 6))).toEqual([1, 2, 1, 1]);
    expect(shardOf('ada', 1)).toBe(0);
  });

  it('spreads names that differ in a number evenly', () => {
    const counts = [0, 0, 0, 0, 0, 0];
    for (let nth = 0; nth < 12_000; nth += 1) {
      const shard = shardOf(`agent-${nth}@https://gws.example.com`, 6);
      counts[shard] = (counts[shard] ?? 0) + 1;
    }
    for (const count of counts) expect(Math.abs(count - 2_000)).toBeLessThan(200);
  });
});

describe('the stores of a list', () => {
  it('are marked by whoever opens them first, and are those shards for good', async () => {
    const places = [temporaryFile(), temporaryFile(), temporaryFile()];
    const expected = [0, 1, 2].map((shard) => ({ shard, of: 3 }));
    expect(await marks(await opened(places))).toEqual(expected);
    expect(await marks(await opened(places))).toEqual(expected);
    const alone = temporaryFile();
    expect(await marks(await opened([alone]))).toEqual([{ shard: 0, of: 1 }]);
  });

  it('are left as they are by whoever only looks', async () => {
    const places = [temporaryFile(), temporaryFile()];
    expect(await marks(await opened(places, { marksNew: false }))).toEqual([undefined, undefined]);
  });

  it('are refused in another order, in another number, and twice', async () => {
    const [a, b, c] = [temporaryFile(), temporaryFile(), temporaryFile()] as const;
    await used(a, b, c);
    expect(await refusal([b, a, c])).toBe(
      `USHER_STORE_SHARD: store[0], ${b}, is shard 1 of 3; store[1], ${a}, is shard 0 of 3; store[2], ${c}, is shard 2 of 3: list the stores in the order of their shards, from 0`,
    );
    expect(await refusal([a, b])).toBe(
      `USHER_STORE_SHARD: store[0], ${a}, is shard 0 of 3; store[1], ${b}, is shard 1 of 3: the config lists 2: list all 3 in their order, for the number is fixed once they are made`,
    );
    expect(await refusal([a])).toBe(
      `USHER_STORE_SHARD: store, ${a}, is shard 0 of 3: the config lists 1: list all 3 in their order, for the number is fixed once they are made`,
    );
    const again = `${a}.link`;
    symlinkSync(a, again);
    expect(await refusal([a, again, c])).toBe(
      `USHER_STORE_SHARD: store[1], ${again}, is shard 0 of 3: one store is listed by two names: each shard needs one of its own`,
    );
    expect(await marks(await opened([a, b, c]))).toEqual([0, 1, 2].map((shard) => ({ shard, of: 3 })));
  });

  it('are not taken from somebody who uses one alone, and nothing new is marked then', async () => {
    const [alone, fresh] = [temporaryFile(), temporaryFile()];
    await used(alone);
    expect(await refusal([fresh, alone])).toBe(
      `USHER_STORE_SHARD: store[1], ${alone}, is a store that is used alone: take a new store in place of it, or list it alone`,
    );
    expect(await marks(await opened([fresh]))).toEqual([{ shard: 0, of: 1 }]);
  });

  it('count as alone where they have agents from before there were shards', async () => {
    const file = temporaryFile();
    const store = await openStore(file);
    await store.enrol(['ada']);
    await store.close();
    const database = new DatabaseSync(file);
    database.exec('drop table shard; delete from usher_schema where version = 4');
    database.close();
    expect(await refusal([temporaryFile(), file])).toMatch(/is a store that is used alone/);
    expect(await marks(await opened([file]))).toEqual([{ shard: 0, of: 1 }]);
  });

  it('do without one that does not answer, and with it when it does', async () => {
    const places = [temporaryFile(), temporaryFile()];
    await used(...places);
    const away = new Set<StorePlace>([places[1] ?? '']);
    const [, late] = await opened(places, { open: without(away) });
    await expect(late?.census()).rejects.toMatchObject({ code: 'USHER_STORE_UNAVAILABLE' });
    await expect(Array.fromAsync(late?.kept('x') ?? [])).rejects.toMatchObject({
      code: 'USHER_STORE_UNAVAILABLE',
    });
    expect(late?.parts).toBe(0);
    away.clear();
    await late?.enrol(['ada']);
    const lease = await late?.join({ name: 'w', capacity: 1, ttlMs: 60_000 });
    expect(lease && (await late?.claim(lease, 1))?.map(({ agent }) => agent)).toEqual(['ada']);
    expect([late?.parts, await late?.mark()]).toEqual([1, { shard: 1, of: 2 }]);
    await late?.close();
    await expect(late?.census()).rejects.toMatchObject({ code: 'USHER_STORE_UNAVAILABLE' });
  });

  it('refuse a late one that is another shard', async () => {
    const [a, b, other] = [temporaryFile(), temporaryFile(), temporaryFile()] as const;
    await used(a, b);
    await used(other);
    const away = new Set<StorePlace>([other]);
    const [, late] = await opened([a, other], { open: without(away) });
    away.clear();
    await expect(late?.census()).rejects.toMatchObject({ code: 'USHER_STORE_SHARD' });
  });

  it('have all to answer while one of them is new, and one of them in any case', async () => {
    const places = [temporaryFile(), temporaryFile()];
    const open = without(new Set(places.slice(1)));
    expect(await refusal(places, { open })).toMatch(/^USHER_STORE_UNAVAILABLE: .* nobody is there$/);
    expect(await marks(await opened(places, { marksNew: false }))).toEqual([undefined, undefined]);
    await used(...places);
    expect(await refusal(places, { open: without(new Set(places)) })).toMatch(/^USHER_STORE_UNAVAILABLE/);
    expect(await refusal([places[0] ?? '', '/nowhere/usher.db'])).toMatch(/^USHER_STORE_BROKEN/);
  });

  it('are databases as well, told without their passwords, and known to the check', async () => {
    const urls = [await newDatabase(), await newDatabase()];
    const [one, other] = urls.map((url) => storePlace(url.replace('postgres@', 'postgres:s3cret@'))) as [
      StorePlace,
      StorePlace,
    ];
    await used(one, other);
    const wrong = await refusal([other, one]);
    expect(wrong).toMatch(
      /^USHER_STORE_SHARD: store\[0\], postgres:\/\/127\.0\.0\.1:\d+\/\w+, is shard 1 of 2; store\[1\], /,
    );
    expect(wrong).not.toContain('s3cret');
    expect(await inspectStores([one, other])).toEqual([
      expect.stringMatching(/rights of postgres suffice; shard 0 of 2$/),
      expect.stringMatching(/rights of postgres suffice; shard 1 of 2$/),
    ]);
    const [, , fault] = await inspectStores([other, one]);
    expect(`USHER_STORE_SHARD: ${(fault as Error).message}`).toBe(wrong);
    expect(await inspectStores([one])).toMatchObject([
      expect.stringMatching(/rights of postgres suffice$/),
      { code: 'USHER_STORE_SHARD' },
    ]);
  });
});
