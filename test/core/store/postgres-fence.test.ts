import pg from 'pg';
import { type Change, type Claim, openStore, type Store } from 'usher-bots';
import { describe, expect, it, onTestFinished } from 'vitest';
import { asked, emptiedDatabase } from '../../postgres/new-database.ts';

async function opened(url: string): Promise<Store> {
  const store = await openStore(url);
  onTestFinished(() => store.close());
  return store;
}

/** Somebody who holds an agent's row until told to let it go, so that a statement can be stopped half-way. */
async function holdingAgent(url: string, agent: string): Promise<() => Promise<void>> {
  const client = new pg.Client(url);
  await client.connect();
  onTestFinished(() => client.end());
  await client.query('begin');
  await client.query('select from usher.agent where id = $1 for no key update', [agent]);
  return async () => void (await client.query('rollback'));
}

/** Resolves when so many statements of workers wait for a lock. */
const blocked = (url: string, count: number): Promise<void> =>
  expect
    .poll(async () => {
      const rows = await asked(
        url,
        `select pid from pg_stat_activity
         where datname = current_database() and application_name = 'usher' and wait_event_type = 'Lock'`,
      );
      return rows.length;
    })
    .toBe(count);

async function twoAgents(store: Store) {
  await store.enrol(['ada', 'bob']);
  const lease = await store.join({ name: 'zombie', capacity: 2, ttlMs: 60_000 });
  const claims = await store.claim(lease, 2);
  const of = (agent: string): Claim => claims.find((claim) => claim.agent === agent) as Claim;
  return { lease, ada: of('ada'), bob: of('bob') };
}

const change = ({ agent, token }: Claim, interaction: string, version: number, state: string): Change => ({
  agent,
  token,
  interaction,
  version,
  state,
  once: [{ key: `${agent} ${interaction} ${version}`, body: state }],
  publish: [state],
});

describe('a commit that stands still half-way, by one who is no longer the owner when it goes on', () => {
  it('changes nothing of what was claimed meanwhile, and the rest of its batch is done', async () => {
    const url = await emptiedDatabase();
    const [zombie, other] = [await opened(url), await opened(url)];
    const { lease, ada, bob } = await twoAgents(zombie);
    expect(await zombie.commit(change(ada, 'open', 0, 'begun'))).toBe('ok');
    expect(await zombie.commit(change(ada, 'closing', 0, 'begun'))).toBe('ok');
    const letGo = await holdingAgent(url, 'bob');
    const late = Promise.all([
      zombie.commit(change(ada, 'open', 1, 'late')),
      zombie.commit({ ...change(ada, 'closing', 1, 'late'), state: null }),
      zombie.commit(change(bob, 'new', 0, 'in time')),
    ]);
    await blocked(url, 1);
    await other.release(lease, ['ada']);
    const heir = await other.join({ name: 'heir', capacity: 1, ttlMs: 60_000 });
    const [claim] = await other.claim(heir, 1, ['ada']);
    await letGo();
    expect(await late).toEqual(['fenced', 'fenced', 'ok']);
    expect(claim?.interactions).toEqual([
      { id: 'closing', version: 1, state: 'begun' },
      { id: 'open', version: 1, state: 'begun' },
    ]);
    expect(await other.commit(change(claim as Claim, 'open', 1, 'mine'))).toBe('ok');
    expect(await other.commit(change(claim as Claim, 'closing', 1, 'mine'))).toBe('ok');
    expect(await other.recorded(['ada open 1', 'ada closing 1', 'bob new 0'])).toEqual(
      new Map([
        ['ada open 1', 'mine'],
        ['ada closing 1', 'mine'],
        ['bob new 0', 'in time'],
      ]),
    );
  });

  it('is waited for where it creates, and is found by the next owner', async () => {
    const url = await emptiedDatabase();
    const [zombie, other] = [await opened(url), await opened(url)];
    const { lease, ada, bob } = await twoAgents(zombie);
    const letGo = await holdingAgent(url, 'bob');
    const late = Promise.all([
      zombie.commit(change(ada, 'new', 0, 'in time')),
      zombie.commit(change(bob, 'new', 0, 'in time')),
    ]);
    await blocked(url, 1);
    const released = other.release(lease, ['ada']);
    await blocked(url, 2);
    const heir = await other.join({ name: 'heir', capacity: 1, ttlMs: 60_000 });
    expect(await other.claim(heir, 1, ['ada'])).toEqual([]);
    await letGo();
    expect(await late).toEqual(['ok', 'ok']);
    await released;
    expect(await other.claim(heir, 1, ['ada'])).toEqual([
      { agent: 'ada', token: ada.token + 1, interactions: [{ id: 'new', version: 1, state: 'in time' }] },
    ]);
    expect(await zombie.commit(change(ada, 'new', 1, 'late'))).toBe('fenced');
  });
});

describe('a claim that meets a commit under way', () => {
  it('waits for it, and tells what it has come to', async () => {
    const url = await emptiedDatabase();
    const [zombie, other] = [await opened(url), await opened(url)];
    const { lease, ada } = await twoAgents(zombie);
    expect(await zombie.commit(change(ada, 'open', 0, 'begun'))).toBe('ok');
    // A commit by hand that has changed the row and is not done yet.
    const client = new pg.Client(url);
    await client.connect();
    onTestFinished(() => client.end());
    await client.query('begin');
    await client.query(`update usher.interaction set version = 2, state = '"changed"' where agent = 'ada'`);
    await other.release(lease, ['ada']);
    const heir = await other.join({ name: 'heir', capacity: 1, ttlMs: 60_000 });
    const claim = other.claim(heir, 1, ['ada']);
    await blocked(url, 1);
    await client.query('commit');
    expect((await claim)[0]?.interactions).toEqual([{ id: 'open', version: 2, state: 'changed' }]);
  });
});
