import { randomUUID } from 'node:crypto';
import { firstValueFrom, NEVER, timer } from 'rxjs';
import { CommitGroups } from '../commit-groups.ts';
import { drainerName } from '../drainer-name.ts';
import { checkedId, type KeptChange, keptChange, keptEntries } from '../kept-change.ts';
import { LocalLease, localLease } from '../lease.ts';
import {
  type Allowance,
  type Census,
  type Change,
  type Claim,
  type CommitResult,
  type Incarnation,
  type Json,
  type Lease,
  type OnceEntry,
  type OutboxBatch,
  type OutboxCensus,
  type ShardMark,
  Store,
  type WorkerProfile,
} from '../store.ts';
import { leaseLost, storeUnavailable } from '../store-errors.ts';
import { Agents } from './agents.ts';
import { Allowances } from './allowances.ts';
import type { Database } from './database.ts';
import { Interactions } from './interactions.ts';
import { Outbox } from './outbox.ts';
import { Outcomes } from './outcomes.ts';
import { Shard } from './shard.ts';
import { Workers } from './workers.ts';

/** How many once keys are read at a time. */
const pageSize = 1_000;

interface Settings {
  readonly now: () => number;
  readonly monotonic: () => number;
  readonly batch: number;
}

/**
 * A store in SQLite. There is one writer at a time in the whole file, so a transaction needs no locks of its own:
 * what it reads stays true until it ends.
 */
export class SqliteStore extends Store {
  override readonly parts = 1;
  /** The file is always there, or it is broken for good. */
  override readonly restored$ = NEVER;
  readonly #database: Database;
  readonly #settings: Settings;
  readonly #workers: Workers;
  readonly #agents: Agents;
  readonly #interactions: Interactions;
  readonly #outcomes: Outcomes;
  readonly #outbox: Outbox;
  readonly #allowances: Allowances;
  readonly #shard: Shard;
  readonly #commits: CommitGroups;
  #closing = false;

  constructor(database: Database, settings: Settings) {
    super();
    this.#database = database;
    this.#settings = settings;
    this.#workers = new Workers(database);
    this.#agents = new Agents(database);
    this.#interactions = new Interactions(database);
    this.#outcomes = new Outcomes(database);
    this.#outbox = new Outbox(database);
    this.#allowances = new Allowances(database);
    this.#shard = new Shard(database);
    this.#commits = new CommitGroups(async (batch) => this.#writeBatch(batch), settings.batch);
  }

  override async mark(as?: ShardMark): Promise<ShardMark | undefined> {
    const stands = this.#database.read(() => this.#shard.mark);
    if (stands !== undefined || as === undefined) return stands;
    return this.#database.write(() => this.#shard.keep(as));
  }

  override async enrol(agents: readonly string[]): Promise<void> {
    for (const agent of agents) checkedId('the name of an agent', agent);
    this.#database.write(() => {
      for (const agent of agents) this.#agents.enrol(agent);
    });
  }

  override async join(worker: WorkerProfile): Promise<Lease> {
    const { now, monotonic } = this.#settings;
    checkedId('the name of a worker', worker.name);
    const askedAt = monotonic();
    const incarnation = randomUUID();
    this.#database.write(() => this.#workers.join(incarnation, worker, now()));
    return new LocalLease(incarnation, worker.ttlMs, monotonic, askedAt);
  }

  override async renew(lease: Lease, capacity?: number): Promise<void> {
    const { now, monotonic } = this.#settings;
    const local = localLease(lease);
    const askedAt = monotonic();
    const renewed = this.#database.write(() =>
      this.#workers.renew(lease.incarnation, lease.ttlMs, capacity, now()),
    );
    if (!renewed) {
      local.end();
      throw leaseLost(lease);
    }
    local.extend(askedAt);
  }

  override async leave(lease: Lease): Promise<void> {
    localLease(lease).end();
    await this.expire(lease.incarnation);
  }

  override async expire(incarnation: Incarnation): Promise<void> {
    this.#database.write(() => this.#workers.remove(incarnation));
  }

  override async reap(): Promise<number> {
    const { now } = this.#settings;
    // Every worker asks all the time, and nearly always in vain: look before taking the only writer's place.
    const expired = this.#database.read(() => this.#workers.expired(now()));
    if (expired.length === 0) return 0;
    return this.#database.write(() =>
      this.#workers
        .expired(now())
        .reduce((freed, incarnation) => freed + this.#workers.remove(incarnation), 0),
    );
  }

  override async claim(lease: Lease, max: number, only?: readonly string[]): Promise<readonly Claim[]> {
    if (!(max >= 1)) return [];
    const { now } = this.#settings;
    return this.#database.write(() => {
      if (!this.#workers.holds(lease.incarnation, now())) return [];
      return this.#agents.claim(lease.incarnation, max, only);
    });
  }

  override async release(lease: Lease, agents: readonly string[]): Promise<void> {
    this.#database.write(() => {
      for (const agent of agents) this.#agents.release(agent, lease.incarnation);
    });
  }

  override async commit(change: Change): Promise<CommitResult> {
    const kept = keptChange(change);
    if (this.#closing) throw storeUnavailable(this.#database.name, 'it is closed');
    return this.#commits.add(kept);
  }

  override async recorded(keys: readonly string[]): Promise<ReadonlyMap<string, Json>> {
    return this.#database.read(() => this.#outcomes.find(keys));
  }

  override async keep(entries: readonly OnceEntry[]): Promise<ReadonlyMap<string, Json>> {
    const kept = keptEntries(entries);
    const now = this.#settings.now();
    return this.#database.write(() => {
      for (const { key, body } of kept) this.#outcomes.insert(key, body, now);
      return this.#outcomes.find(kept.map(({ key }) => key));
    });
  }

  override async *kept(prefix: string): AsyncGenerator<OnceEntry, void> {
    checkedId('a prefix of once keys', prefix);
    let last = '';
    for (;;) {
      const page = this.#database.read(() => this.#outcomes.after(last, prefix, pageSize));
      yield* page;
      if (page.length < pageSize) return;
      last = page.at(-1)?.key ?? '';
      // Reading is synchronous here: others have their turn between two pages.
      await firstValueFrom(timer(0));
    }
  }

  override async draw(allowance: Allowance, max: number): Promise<number> {
    checkedId('the name of an allowance', allowance.name);
    if (!(max >= 1)) return 0;
    return this.#database.write(() => this.#allowances.draw(allowance, max, this.#settings.now()));
  }

  override async census(): Promise<Census> {
    return this.#database.read(() => this.#workers.census(this.#settings.now()));
  }

  override async *drain(part: number, max: number): AsyncGenerator<OutboxBatch, void> {
    if (part !== 0) throw new RangeError(`there is no part ${part}: the outbox of SQLite has part 0 alone`);
    const { now } = this.#settings;
    // Every worker looks all the time, and often in vain: look before taking the only writer's place.
    if (max < 1 || this.#database.read(() => this.#outbox.oldest()) === undefined) return;
    const drainer = drainerName();
    if (!this.#database.write(() => this.#outbox.take(drainer, now()))) return;
    try {
      for (let drained = 0, isHeld = true; isHeld && drained < max; drained += 1) {
        const batch = this.#database.read(() => this.#outbox.oldest());
        if (batch === undefined) return;
        yield batch;
        isHeld = this.#database.write(() => {
          this.#outbox.remove(batch.id);
          return this.#outbox.hold(drainer, now());
        });
      }
    } finally {
      this.#database.write(() => this.#outbox.giveBack(drainer));
    }
  }

  override async waiting(): Promise<OutboxCensus> {
    return this.#database.read(() => this.#outbox.count(this.#settings.now()));
  }

  override async close(): Promise<void> {
    this.#closing = true;
    await this.#commits.idle();
    this.#database.close();
  }

  #writeBatch(batch: readonly KeptChange[]): readonly CommitResult[] {
    const now = this.#settings.now();
    return this.#database.write(() => {
      const events: string[] = [];
      const results = batch.map((change) => {
        if (!this.#agents.isValid(change.agent, change.token)) return 'fenced';
        if (!this.#interactions.write(change)) return 'conflict';
        for (const { key, body } of change.once) this.#outcomes.insert(key, body, now);
        events.push(...change.publish);
        return 'ok';
      });
      this.#outbox.insert(events, now);
      return results;
    });
  }
}
