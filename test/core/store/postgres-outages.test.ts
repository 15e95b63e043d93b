import pg from 'pg';
import { openStore, type Store, UsherError } from 'usher-bots';
import { describe, expect, it, onTestFinished } from 'vitest';
import { administer, newDatabase } from '../../postgres/new-database.ts';
import { PostgresServer } from '../../postgres/postgres-server.ts';
import { tunnelTo } from '../../postgres/tunnel.ts';

/** What is to be expected of any call while the store is away. */
const unavailable = (error: unknown): boolean =>
  error instanceof UsherError && error.code === 'USHER_STORE_UNAVAILABLE';

/** A worker that commits steps of three chats, whatever happens, and knows what it was acknowledged. */
class Committer {
  readonly acknowledged = new Map<string, number>();
  readonly failures: unknown[] = [];
  #isOver = false;
  #done: Promise<unknown> = Promise.resolve();
  readonly #store: Store;

  constructor(store: Store) {
    this.#store = store;
  }

  async begin(): Promise<void> {
    await this.#store.enrol(['ada']);
    const lease = await this.#store.join({ name: 'w', capacity: 1, ttlMs: 600_000 });
    const [claim] = await this.#store.claim(lease, 1);
    const token = claim?.token ?? 0;
    this.#done = Promise.all(['a', 'b', 'c'].map((chat) => this.#commit(chat, token)));
  }

  get steps(): number {
    return [...this.acknowledged.values()].reduce((sum, step) => sum + step, 0);
  }

  async end(): Promise<void> {
    this.#isOver = true;
    await this.#done;
  }

  async #commit(chat: string, token: number): Promise<void> {
    for (let version = 0; !this.#isOver; ) {
      const step = { agent: 'ada', token, interaction: chat, version, state: version + 1 };
      try {
        const result = await this.#store.commit({ ...step, publish: [[chat, version + 1]] });
        // A conflict after a failure: the step of which nothing was known has taken effect.
        expect(result === 'ok' || (result === 'conflict' && this.failures.length > 0)).toBe(true);
        version += 1;
        this.acknowledged.set(chat, version);
      } catch (error) {
        this.failures.push(error);
        if (!unavailable(error)) throw error;
      }
    }
  }
}

/** What stands in the store: the version of each chat, and the events in their order. */
async function found(store: Store): Promise<{ versions: Map<string, number>; events: unknown[] }> {
  for (const { incarnation } of (await store.census()).workers) await store.expire(incarnation);
  const heir = await store.join({ name: 'heir', capacity: 1, ttlMs: 600_000 });
  const [claim] = await store.claim(heir, 1);
  const events: unknown[] = [];
  for (let part = 0; part < store.parts; part += 1) {
    for await (const batch of store.drain(part, Number.POSITIVE_INFINITY)) events.push(...batch.events);
  }
  return { versions: new Map(claim?.interactions.map(({ id, version }) => [id, version])), events };
}

async function expectNothingLost(store: Store, { acknowledged }: Committer): Promise<void> {
  const { versions, events } = await found(store);
  for (const [chat, step] of acknowledged) {
    expect([step, step + 1]).toContain(versions.get(chat));
    const told = (events as [string, number][]).filter(([of]) => of === chat).map(([, at]) => at);
    expect(told).toEqual(Array.from({ length: versions.get(chat) ?? 0 }, (_, at) => at + 1));
  }
}

const counting = (store: Store): { readonly times: number } => {
  const count = { times: 0 };
  store.restored$.subscribe(() => {
    count.times += 1;
  });
  return count;
};

async function ownServer(): Promise<PostgresServer> {
  const server = await PostgresServer.start();
  onTestFinished(() => server.remove());
  return server;
}

describe('a server', () => {
  it('crashes under load and starts again: nothing acknowledged is lost, and the store comes back', {
    timeout: 60_000,
  }, async () => {
    const server = await ownServer();
    const store = await openStore(server.url());
    onTestFinished(() => store.close());
    const restored = counting(store);
    const worker = new Committer(store);
    await worker.begin();
    await expect.poll(() => worker.steps).toBeGreaterThan(100);
    expect(restored.times).toBe(0);
    await server.stop('immediate');
    await expect.poll(() => worker.failures.length).toBeGreaterThan(3);
    await server.resume();
    const before = worker.steps;
    await expect.poll(() => worker.steps, { timeout: 20_000 }).toBeGreaterThan(before + 100);
    await worker.end();
    expect(worker.failures.every(unavailable)).toBe(true);
    expect(restored.times).toBeGreaterThanOrEqual(1);
    await expectNothingLost(store, worker);
  });

  it('fails over to a synchronous standby: nothing acknowledged is lost', { timeout: 120_000 }, async () => {
    const server = await ownServer();
    const standby = await server.standby('second');
    onTestFinished(() => standby.remove());
    await administer(server.url(), "alter system set synchronous_standby_names = 'second'");
    await administer(server.url(), 'select pg_reload_conf()');
    await expect(openStore(standby.url())).rejects.toMatchObject({
      code: 'USHER_STORE_UNAVAILABLE',
      message: expect.stringMatching(/did not answer: 127\.0\.0\.1:\d+ is a standby, or read only$/),
    });
    const hosts = `127.0.0.1:${standby.port},127.0.0.1:${server.port}`;
    // The standby is named first, and passed over as long as it is one.
    const store = await openStore(server.url().replace(/127\.0\.0\.1:\d+/, hosts));
    onTestFinished(() => store.close());
    const restored = counting(store);
    const worker = new Committer(store);
    await worker.begin();
    await expect.poll(() => worker.steps).toBeGreaterThan(100);
    server.kill();
    await expect.poll(() => worker.failures.length).toBeGreaterThan(3);
    await standby.promote();
    const before = worker.steps;
    await expect.poll(() => worker.steps, { timeout: 30_000 }).toBeGreaterThan(before + 100);
    await worker.end();
    expect(restored.times).toBeGreaterThanOrEqual(1);
    await expectNothingLost(store, worker);
  });
});

describe('a connection', () => {
  it('may be ended while nobody uses it, and nobody notices but restored$', async () => {
    const url = await newDatabase();
    const store = await openStore(url);
    onTestFinished(() => store.close());
    const restored = counting(store);
    await Promise.all([store.census(), store.census(), store.census()]);
    await administer(
      url,
      "select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'usher' and datname = current_database()",
    );
    await expect
      .poll(() =>
        store.census().then(
          () => restored.times,
          () => 0,
        ),
      )
      .toBe(1);
    await store.enrol(['ada']);
    expect((await store.census()).agents).toBe(1);
    expect(restored.times).toBe(1);
  });

  it('whose peer has vanished is given up, with all of its age, and another one is made', async () => {
    const url = await newDatabase();
    await (await openStore(url)).close();
    const tunnel = await tunnelTo(Number(new URL(url).port));
    const through = url.replace(/:\d+\//, `:${tunnel.port}/`);
    const store = await openStore(through, { deadlineMs: 400 });
    onTestFinished(async () => {
      await store.close();
      await tunnel.close();
    });
    const restored = counting(store);
    await Promise.all([store.census(), store.census(), store.census()]);
    tunnel.swallow();
    await expect(store.census()).rejects.toSatisfy(unavailable);
    await expect(store.enrol(['ada'])).rejects.toSatisfy(unavailable);
    tunnel.forward();
    await expect
      .poll(() =>
        store.enrol(['bob']).then(
          () => true,
          () => false,
        ),
      )
      .toBe(true);
    expect(restored.times).toBe(1);
  });

  it('waits no longer for a lock than it may, and nothing is half done', async () => {
    const url = await newDatabase();
    const store = await openStore(url, { deadlineMs: 1_000 });
    await store.enrol(['ada']);
    const holder = new pg.Client(url);
    await holder.connect();
    onTestFinished(async () => {
      await holder.end();
      await store.close();
    });
    const lease = await store.join({ name: 'w', capacity: 1, ttlMs: 60_000 });
    const restored = counting(store);
    await holder.query('begin; select from usher.worker for update');
    await expect(store.renew(lease)).rejects.toMatchObject({
      code: 'USHER_STORE_UNAVAILABLE',
      message: expect.stringContaining('lock timeout'),
    });
    await holder.query('rollback');
    await store.renew(lease);
    expect(restored.times).toBe(0);
  });

  it('is not to blame for a deadlock, which is tried again; for one that stays, the store is', async () => {
    const url = await newDatabase();
    const store = await openStore(url);
    onTestFinished(() => store.close());
    const restored = counting(store);
    // The first two of those that try are aborted, as a deadlock or a serialization failure aborts them.
    await administer(
      url,
      `create sequence public.tries;
       create function public.abort() returns trigger language plpgsql as $$ begin
         if nextval('public.tries') <= 2 then raise exception 'aborted' using errcode = '40P01'; end if;
         return new; end $$;
       create trigger abort before insert on usher.once for each row execute function public.abort()`,
    );
    expect(await store.keep([{ key: 'a', body: 1 }])).toEqual(new Map([['a', 1]]));
    await administer(url, 'alter sequence public.tries minvalue -99 restart with -99');
    await expect(store.keep([{ key: 'b', body: 1 }])).rejects.toSatisfy(unavailable);
    expect(await store.recorded(['a', 'b'])).toEqual(new Map([['a', 1]]));
    expect(restored.times).toBe(0);
  });

  it('to a name with several addresses tells of each that failed', async () => {
    await expect(openStore('postgres://ada@localhost:1/usher')).rejects.toMatchObject({
      code: 'USHER_STORE_UNAVAILABLE',
      message: expect.stringMatching(
        /^the store postgres:\/\/localhost:1\/usher did not answer: connect ECONNREFUSED /,
      ),
    });
  });

  it('that cannot be made says so, and to what', async () => {
    const tunnel = await tunnelTo(1);
    await tunnel.close();
    await expect(openStore(`postgres://ada:secret@127.0.0.1:${tunnel.port}/usher`)).rejects.toMatchObject({
      code: 'USHER_STORE_UNAVAILABLE',
      message: expect.stringMatching(
        /^the store postgres:\/\/127\.0\.0\.1:\d+\/usher did not answer: connect ECONNREFUSED/,
      ),
    });
  });
});
