import pg from 'pg';
import { openStore, type Store } from 'usher-bots';
import { describe, expect, it, onTestFinished } from 'vitest';
import { administer, emptiedDatabase } from '../../postgres/new-database.ts';
import { settableClock } from './settable-clock.ts';

const rounds = 3_000;

/** It is about locks, not about the disk. */
const inMemory = `do $$ begin
  execute format('alter database %I set synchronous_commit = off', current_database());
end $$`;
const succeeds = (promise: Promise<unknown>): Promise<boolean> =>
  promise.then(
    () => true,
    () => false,
  );

async function opened(url: string): Promise<Store> {
  const store = await openStore(url);
  onTestFinished(() => store.close());
  return store;
}

it('lets a renewal or a reaping win, never both and never neither', { timeout: 120_000 }, async () => {
  const url = await emptiedDatabase();
  await administer(url, inMemory);
  const joiner = await opened(`${url}?application_name=joiner`);
  const owner = await opened(`${url}?application_name=owner`);
  const reaper = await opened(`${url}?application_name=reaper`);
  const set = await settableClock(url);
  onTestFinished(set.restore);
  // For its owner the lease has a moment left; the reaper looks a moment later.
  await set(0, 'joiner');
  await set(9, 'owner');
  await set(10, 'reaper');
  await owner.enrol(Array.from({ length: rounds }, (_, round) => `agent-${round}`));

  const won = { renewal: 0, reaper: 0, both: 0, neither: 0 };
  for (let round = 0; round < rounds; round += 1) {
    const lease = await joiner.join({ name: 'w', capacity: 1, ttlMs: 10 });
    // One in ten has an agent, which must go with the lease.
    const [claim] = round % 10 === 0 ? await owner.claim(lease, 1, [`agent-${round}`]) : [];
    const renewal = () => succeeds(owner.renew(lease));
    const renewing = round % 2 === 0 ? renewal() : undefined;
    const reaping = reaper.reap();
    const renewed = await (renewing ?? renewal());
    await reaping;
    const isThere = await renewal();
    won[renewed ? (isThere ? 'renewal' : 'both') : isThere ? 'neither' : 'reaper'] += 1;
    if (claim !== undefined) {
      const change = {
        agent: claim.agent,
        token: claim.token,
        interaction: 'chat',
        version: 0,
        state: round,
      };
      expect(await owner.commit(change)).toBe(renewed ? 'ok' : 'fenced');
    }
  }
  expect(won).toMatchObject({ both: 0, neither: 0 });
  expect(won.renewal).toBeGreaterThan(0);
  expect(won.reaper).toBeGreaterThan(0);
});

describe('workers that take each other over while they commit', () => {
  it('neither lose nor double a step, and never stand in each other’s way for good', {
    timeout: 60_000,
  }, async () => {
    const url = await emptiedDatabase();
    const stores = [await opened(url), await opened(url), await opened(url)];
    const agents = Array.from({ length: 12 }, (_, at) => `agent-${at}`);
    const chats = ['a', 'b', 'c', 'd'];
    await stores[0]?.enrol(agents);
    let steps = 0;
    const work = async (store: Store): Promise<void> => {
      for (let turn = 0; turn < 30; turn += 1) {
        const lease = await store.join({ name: 'w', capacity: 4, ttlMs: 60_000 });
        const claims = await store.claim(lease, 6);
        // Two steps of every chat, the second while somebody may already have been given the agent.
        for (const step of [1, 2]) {
          const results = await Promise.all(
            claims.flatMap(({ agent, token, interactions }) =>
              chats.map((interaction) => {
                const version = interactions.find(({ id }) => id === interaction)?.version ?? 0;
                const change = { agent, token, interaction, version: version + step - 1, state: turn };
                return store.commit({ ...change, publish: [[agent, interaction, version + step]] });
              }),
            ),
          );
          steps += results.filter((result) => result === 'ok').length;
          expect(results).not.toContain('conflict');
          if (step === 1)
            void store.release(
              lease,
              claims.slice(3).map(({ agent }) => agent),
            );
        }
        await store.leave(lease);
      }
    };
    await Promise.all(stores.map(work));

    const [store] = stores as [Store];
    const heir = await store.join({ name: 'heir', capacity: 12, ttlMs: 60_000 });
    const left = await store.claim(heir, 12);
    const versions = left.flatMap(({ agent, interactions }) =>
      interactions.map(({ id, version }) => [agent, id, version] as const),
    );
    expect(versions.reduce((sum, [, , version]) => sum + version, 0)).toBe(steps);
    const events: unknown[] = [];
    for (let part = 0; part < store.parts; part += 1) {
      for await (const batch of store.drain(part, Number.POSITIVE_INFINITY)) events.push(...batch.events);
    }
    const told = Map.groupBy(events as [string, string, number][], ([agent, chat]) => `${agent} ${chat}`);
    for (const [agent, chat, version] of versions) {
      expect(told.get(`${agent} ${chat}`)?.map(([, , step]) => step)).toEqual(
        Array.from({ length: version }, (_, at) => at + 1),
      );
    }
  });
});

it('a worker that stands still in the middle of a claim keeps nobody from reaping and claiming', async () => {
  const url = await emptiedDatabase();
  const store = await opened(url);
  await store.enrol(['ada', 'bob', 'cyd']);
  const still = await store.join({ name: 'still', capacity: 1, ttlMs: 60_000 });
  const gone = await store.join({ name: 'gone', capacity: 1, ttlMs: 60_000 });
  await store.claim(gone, 1, ['bob']);
  await administer(url, 'update usher.worker set expires = 0');
  const holder = new pg.Client(url);
  await holder.connect();
  onTestFinished(() => holder.end());
  await holder.query('begin');
  await holder.query('select from usher.worker where incarnation = $1 for share', [still.incarnation]);
  await holder.query("select from usher.agent where id = 'ada' for no key update");

  expect(await store.reap()).toBe(1);
  const heir = await store.join({ name: 'heir', capacity: 3, ttlMs: 60_000 });
  expect((await store.claim(heir, 3)).map(({ agent }) => agent).sort()).toEqual(['bob', 'cyd']);
  await holder.query('rollback');
  await store.reap();
  expect((await store.census()).workers.map(({ name }) => name)).toEqual(['heir']);
  expect((await store.claim(heir, 3)).map(({ agent }) => agent)).toEqual(['ada']);
});
