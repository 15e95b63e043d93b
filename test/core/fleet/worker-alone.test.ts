import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { hostname } from 'node:os';
import { Subject } from 'rxjs';
import { afterEach, describe, expect, it } from 'vitest';
import type { Crew } from '../../../core/fleet/crew.ts';
import type { Holding } from '../../../core/fleet/holding.ts';
import { isGone, processName } from '../../../core/fleet/process-name.ts';
import { Worker } from '../../../core/fleet/worker.ts';
import { openSqliteStore } from '../../../core/store/sqlite/open-sqlite-store.ts';
import type { Store } from '../../../core/store/store.ts';

const stores: Store[] = [];
const workers: Worker[] = [];

function memory(): Store {
  const store = openSqliteStore(':memory:');
  stores.push(store);
  return store;
}

interface Taken {
  readonly worker: Worker;
  readonly held: Map<string, Holding>;
  readonly dropped: string[];
}

/** A worker that has all of these agents, and lets them work. */
async function take(store: Store, agents: readonly string[], ttl?: number): Promise<Taken> {
  const held = new Map<string, Holding>();
  const dropped: string[] = [];
  const crew: Crew = {
    begin: (holding) => void held.set(holding.agent, holding),
    renew: (holding) => void held.set(holding.agent, holding),
    handOn: async () => undefined,
    retire: async () => undefined,
    drop: (agent, why) => void dropped.push(`${agent}: ${why.code}`),
    openChats: () => 0,
    loggingIn: 0,
    isCutOff: false,
  };
  const known = new Set(agents);
  const worker = new Worker({ store, crew, known: () => known, isAlone: true, ttl });
  await worker.join();
  workers.push(worker);
  await worker.start();
  return { worker, held, dropped };
}

const change = { interaction: 'I', version: 0, state: { shape: 1 } };

afterEach(async () => {
  await Promise.allSettled(workers.splice(0).map((worker) => worker.leave()));
  await Promise.allSettled(stores.splice(0).map((store) => store.close()));
});

async function deadPid(): Promise<number> {
  const child = spawn(process.execPath, ['-e', '0']);
  await once(child, 'exit');
  return child.pid ?? 0;
}

describe('a worker that is alone', () => {
  it('holds its agents, and writes under its claims', async () => {
    const { held } = await take(memory(), ['ada', 'bea']);
    expect([...held.keys()]).toEqual(['ada', 'bea']);
    expect(held.get('ada')?.holds(1_000)).toBe(true);
    await expect(held.get('ada')?.commit(change)).resolves.toBe('ok');
    await expect(held.get('ada')?.commit(change)).resolves.toBe('conflict');
  });

  it('hands on, with what the chats had come to, when it leaves', async () => {
    const store = memory();
    const first = await take(store, ['ada']);
    const ada = first.held.get('ada');
    await ada?.commit({ ...change, state: { seen: 3 } });
    await first.worker.leave();
    const second = await take(store, ['ada']);
    expect(second.held.get('ada')?.interactions).toMatchObject([{ id: 'I', version: 1, state: { seen: 3 } }]);
    await expect(ada?.commit({ ...change, version: 1 })).resolves.toBe('fenced');
  });

  it('takes over at once from a process of this host that is gone', async () => {
    const store = memory();
    await store.enrol(['ada']);
    const name = `${hostname()}:${await deadPid()}:1`;
    const lease = await store.join({ name, capacity: 1, ttlMs: 3_600_000 });
    const [claim] = await store.claim(lease, 1);
    const { held } = await take(store, ['ada']);
    expect(held.get('ada')?.holds(0)).toBe(true);
    await expect(store.commit({ ...change, agent: 'ada', token: claim?.token ?? 0 })).resolves.toBe('fenced');
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

  it('renews its lease', async () => {
    const store = memory();
    const { held } = await take(store, ['ada'], 200);
    const before = (await store.census()).workers[0]?.expires ?? 0;
    await expect
      .poll(async () => (await store.census()).workers[0]?.expires ?? 0)
      .toBeGreaterThan(before + 100);
    expect(held.get('ada')?.holds(0)).toBe(true);
  });

  it('drops its agents when it has lost them, and does not come back', async () => {
    const store = memory();
    const { held, dropped } = await take(store, ['ada'], 400);
    const [worker] = (await store.census()).workers;
    await store.expire(worker?.incarnation ?? '');
    await expect.poll(() => dropped).toEqual(['ada: USHER_SEAT_TAKEN']);
    expect(held.get('ada')?.holds(0)).toBe(false);
    expect((await store.census()).workers).toEqual([]);
  });

  it('claims everything anew when the store has been away, before anything is sent', async () => {
    const store = memory();
    const restored = new Subject<void>();
    Object.defineProperty(store, 'restored$', { value: restored });
    const { held } = await take(store, ['ada']);
    const before = held.get('ada');
    await before?.commit(change);
    restored.next();
    await expect.poll(() => before?.holds(0)).toBe(false);
    await expect.poll(() => held.get('ada')).not.toBe(before);
    expect(held.get('ada')?.interactions).toMatchObject([{ id: 'I', version: 1 }]);
    await expect(before?.commit({ ...change, version: 1 })).resolves.toBe('fenced');
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
