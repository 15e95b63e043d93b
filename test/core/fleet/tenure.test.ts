import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { hostname } from 'node:os';
import { firstValueFrom } from 'rxjs';
import { afterEach, describe, expect, it } from 'vitest';
import { isGone, processName } from '../../../core/fleet/process-name.ts';
import { Tenure } from '../../../core/fleet/tenure.ts';
import { openSqliteStore } from '../../../core/store/sqlite/open-sqlite-store.ts';
import type { Store } from '../../../core/store/store.ts';

const stores: Store[] = [];
const tenures: Tenure[] = [];

function memory(): Store {
  const store = openSqliteStore(':memory:');
  stores.push(store);
  return store;
}

async function take(store: Store, agents: string[], ttl?: number): Promise<Tenure> {
  const tenure = await Tenure.take(store, agents, ttl === undefined ? {} : { ttl });
  tenures.push(tenure);
  return tenure;
}

afterEach(async () => {
  await Promise.allSettled(tenures.splice(0).map((tenure) => tenure.end()));
  await Promise.allSettled(stores.splice(0).map((store) => store.close()));
});

async function deadPid(): Promise<number> {
  const child = spawn(process.execPath, ['-e', '0']);
  await once(child, 'exit');
  return child.pid ?? 0;
}

describe('a tenure', () => {
  it('holds its agents, and writes under its claim', async () => {
    const tenure = await take(memory(), ['ada', 'bea']);
    expect(tenure.holds(1_000)).toBe(true);
    await expect(tenure.commit('ada', { interaction: 'I', version: 0, state: { shape: 1 } })).resolves.toBe(
      'ok',
    );
    await expect(tenure.commit('ada', { interaction: 'I', version: 0, state: { shape: 1 } })).resolves.toBe(
      'conflict',
    );
  });

  it('hands on, with what the chats had come to, when it ends', async () => {
    const store = memory();
    const first = await take(store, ['ada']);
    await first.commit('ada', { interaction: 'I', version: 0, state: { seen: 3 } });
    await first.end();
    const second = await take(store, ['ada']);
    expect(second.interactionsOf('ada')).toMatchObject([{ id: 'I', version: 1, state: { seen: 3 } }]);
    await expect(first.commit('ada', { interaction: 'I', version: 1, state: { seen: 4 } })).resolves.toBe(
      'fenced',
    );
  });

  it('takes over at once from a process of this host that is gone', async () => {
    const store = memory();
    await store.enrol(['ada']);
    const lease = await store.join({
      name: `${hostname()}:${await deadPid()}:1`,
      capacity: 1,
      ttlMs: 3_600_000,
    });
    const [claim] = await store.claim(lease, 1);
    const tenure = await take(store, ['ada']);
    expect(tenure.holds(0)).toBe(true);
    const change = { agent: 'ada', token: claim?.token ?? 0, interaction: 'I', version: 0, state: {} };
    await expect(store.commit(change)).resolves.toBe('fenced');
  });

  it('waits for one that lives until its lease must have ended, and then says who has the seat', async () => {
    const store = memory();
    await take(store, ['ada']);
    await expect(take(store, ['ada', 'bea'], 100)).rejects.toMatchObject({
      code: 'USHER_SEAT_TAKEN',
      message: 'another process runs ada',
    });
    // What it had claimed meanwhile is free again.
    await expect(take(store, ['bea'])).resolves.toBeDefined();
  });

  it('renews itself', async () => {
    const store = memory();
    const tenure = await take(store, ['ada'], 200);
    const before = (await store.census()).workers[0]?.expires ?? 0;
    await expect
      .poll(async () => (await store.census()).workers[0]?.expires ?? 0)
      .toBeGreaterThan(before + 100);
    expect(tenure.holds(0)).toBe(true);
  });

  it('tells when it has lost its agents', async () => {
    const store = memory();
    const tenure = await take(store, ['ada'], 400);
    const lost = firstValueFrom(tenure.lost$);
    const { workers } = await store.census();
    await store.expire(workers[0]?.incarnation ?? '');
    await expect(lost).resolves.toMatchObject({ code: 'USHER_SEAT_TAKEN' });
    expect(tenure.holds(0)).toBe(false);
  });
});

describe('the name of a process', () => {
  it('is not gone while it lives', () => {
    expect(isGone(processName())).toBe(false);
  });

  it('is gone when it has ended, or when its id is another process by now', async () => {
    expect(isGone(`${hostname()}:${await deadPid()}:1`)).toBe(true);
    if (process.platform === 'linux') expect(isGone(`${hostname()}:${process.pid}:1`)).toBe(true);
  });

  it.each(['elsewhere:1:1', 'nonsense', '', ':::'])('of %j is not known to be', (name) => {
    expect(isGone(name)).toBe(false);
  });
});
