import { openSqliteStore, type Store } from 'usher-bots';
import { describe, expect, it, onTestFinished } from 'vitest';
import { keys } from '../../../core/experiment/records.ts';
import { ShardedRecords } from '../../../core/experiment/sharded-records.ts';
import { switchesOf, turn } from '../../../core/experiment/switches.ts';
import { storeUnavailable } from '../../../core/store/store-errors.ts';
import { VirtualTime } from '../../../core/testing/virtual-time.ts';

/** Records over three stores, some of which can be lost. */
function threeStores() {
  const stores = [0, 1, 2].map(() => openSqliteStore(':memory:'));
  onTestFinished(async () => void (await Promise.all(stores.map((store) => store.close()))));
  const lost = new Set<number>();
  const records = new ShardedRecords(stores, (shard) => !lost.has(shard));
  return { stores, lost, records };
}

const units = Array.from({ length: 60 }, (_, nth) => keys.unit('greeting', `unit-${nth}`));
const unavailable = { code: 'USHER_STORE_UNAVAILABLE' };

describe('the records of experiments over several stores', () => {
  it('give a unit the arm that was decided first, whoever asks', async () => {
    const { stores, records } = threeStores();
    const other = new ShardedRecords(stores);
    const first = await records.keep(units.map((key) => ({ key, body: { arm: 'a' } })));
    const second = await other.keep(units.map((key) => ({ key, body: { arm: 'b' } })));
    expect([...second].sort()).toEqual([...first].sort());
    expect(new Map(await other.recorded(units)).size).toBe(60);
    const here = await Promise.all(stores.map((store) => store.recorded(units)));
    expect(here.map(({ size }) => size > 10)).toEqual([true, true, true]);
    expect(here.reduce((sum, { size }) => sum + size, 0)).toBe(60);
  });

  it('give no arm rather than another one while the store of a unit is away', async () => {
    const { stores, lost, records } = threeStores();
    await records.keep(units.map((key) => ({ key, body: { arm: 'a' } })));
    lost.add(1);
    const answers = await Promise.all(
      units.map((key) =>
        records.keep([{ key, body: { arm: 'b' } }]).then(
          (kept) => (kept.get(key) as { arm: string }).arm,
          ({ code }: { code: string }) => code,
        ),
      ),
    );
    const away = (await stores[1]?.recorded(units))?.size ?? 0;
    expect(answers.filter((answer) => answer === 'USHER_STORE_UNAVAILABLE').length).toBe(away);
    expect(answers.filter((answer) => answer === 'a').length).toBe(60 - away);
    lost.clear();
    for (const { arm } of (await records.recorded(units)).values() as Iterable<{ arm: string }>)
      expect(arm).toBe('a');
  });

  it('do not have a chat wait for a store that has not been found away yet', async () => {
    await VirtualTime.run(async (time) => {
      const silent = new Proxy(openSqliteStore(':memory:'), {
        get: (target, name) =>
          name === 'recorded' ? () => new Promise(() => undefined) : Reflect.get(target, name),
      }) as Store;
      const records = new ShardedRecords([silent, silent]);
      const asked = records.recorded(units.slice(0, 1)).catch((thrown: unknown) => thrown);
      await time.advance(1_000);
      expect(await asked).toMatchObject(unavailable);
    });
  });

  it('are read as from one store: in the order of their bytes, each key once', async () => {
    const { stores, records } = threeStores();
    const [one, other, third] = stores as Store[] as [Store, Store, Store];
    const chat = (id: string) => ({ key: keys.chat('greeting', id), body: id });
    await one.keep(['b', '\u{ff5e}', 'e'].map(chat));
    await other.keep(['a', '\u{1f600}', 'c', 'e'].map(chat));
    await third.keep([...['d', 'ä'].map(chat), { key: keys.chat('greetings', 'x'), body: 'x' }]);
    const read = await Array.fromAsync(records.kept(keys.chats('greeting')));
    expect(read.map(({ body }) => body)).toEqual(['a', 'b', 'c', 'd', 'e', 'ä', '\u{ff5e}', '\u{1f600}']);
    expect(await Array.fromAsync(records.kept('nothing'))).toEqual([]);
    for await (const { body } of records.kept(keys.chats('greeting'))) if (body === 'c') break;
  });

  it('are not read in part', async () => {
    const { stores, lost, records } = threeStores();
    lost.add(2);
    await expect(Array.fromAsync(records.kept('experiment/'))).rejects.toMatchObject(unavailable);
    lost.clear();
    const broken = Object.defineProperty(stores[0] as Store, 'kept', {
      value: () => {
        throw storeUnavailable('shard 0', 'gone');
      },
    });
    expect(broken).toBe(stores[0]);
    await expect(Array.fromAsync(records.kept('experiment/'))).rejects.toMatchObject(unavailable);
  });

  it('have all switches of an experiment in one store, so that it can be stopped while others are away', async () => {
    const { stores, lost, records } = threeStores();
    const at = { stopped: true, reason: 'enough', at: 1 };
    await turn(records, 'greeting', at);
    const homes = await Promise.all(stores.map((store) => Array.fromAsync(store.kept('experiment/'))));
    const home = homes.findIndex(({ length }) => length > 0);
    for (const shard of [0, 1, 2]) if (shard !== home) lost.add(shard);
    await turn(records, 'greeting', { ...at, stopped: false });
    expect((await switchesOf(records, 'greeting')).map(({ stopped }) => stopped)).toEqual([true, false]);
    lost.add(home);
    await expect(turn(records, 'greeting', at)).rejects.toMatchObject(unavailable);
  });
});
