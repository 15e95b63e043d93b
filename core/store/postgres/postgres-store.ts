import { randomUUID } from 'node:crypto';
import type { Observable } from 'rxjs';
import { CommitGroups } from '../commit-groups.ts';
import { checkedId, keptChange, keptEntries } from '../kept-change.ts';
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
  readonly monotonic: () => number;
  readonly batch: number;
  readonly parts: number;
}

/** A store in PostgreSQL, for workers on any number of hosts. Only the server's clock judges leases. */
export class PostgresStore extends Store {
  override readonly parts: number;
  override readonly restored$: Observable<void>;
  readonly #database: Database;
  readonly #monotonic: () => number;
  readonly #workers: Workers;
  readonly #agents: Agents;
  readonly #outcomes: Outcomes;
  readonly #outbox: Outbox;
  readonly #allowances: Allowances;
  readonly #shard: Shard;
  readonly #commits: CommitGroups;
  #isClosing = false;

  constructor(database: Database, { monotonic, batch, parts }: Settings) {
    super();
    this.parts = parts;
    this.restored$ = database.restored$;
    this.#database = database;
    this.#monotonic = monotonic;
    this.#workers = new Workers(database);
    this.#agents = new Agents(database);
    this.#outcomes = new Outcomes(database);
    this.#allowances = new Allowances(database);
    this.#shard = new Shard(database);
    this.#outbox = new Outbox(database, monotonic);
    const interactions = new Interactions(database, parts);
    this.#commits = new CommitGroups(async (changes) => {
      if (changes.some(({ publish }) => publish.length > 0)) await this.#outbox.keepUp();
      return interactions.write(changes);
    }, batch);
  }

  override async mark(as?: ShardMark): Promise<ShardMark | undefined> {
    const stands = await this.#shard.mark();
    return stands !== undefined || as === undefined ? stands : this.#shard.keep(as);
  }

  override async enrol(agents: readonly string[]): Promise<void> {
    for (const agent of agents) checkedId('the name of an agent', agent);
    await this.#agents.enrol(agents);
  }

  override async join(worker: WorkerProfile): Promise<Lease> {
    checkedId('the name of a worker', worker.name);
    const askedAt = this.#monotonic();
    const incarnation = randomUUID();
    await this.#workers.join(incarnation, worker);
    return new LocalLease(incarnation, worker.ttlMs, this.#monotonic, askedAt);
  }

  override async draw(allowance: Allowance, max: number): Promise<number> {
    checkedId('the name of an allowance', allowance.name);
    return max >= 1 ? this.#allowances.draw(allowance, max) : 0;
  }

  override async renew(lease: Lease, capacity?: number): Promise<void> {
    const local = localLease(lease);
    const askedAt = this.#monotonic();
    const renewed = await this.#workers.renew(lease.incarnation, lease.ttlMs, capacity);
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

  override expire(incarnation: Incarnation): Promise<void> {
    return this.#workers.remove(incarnation);
  }

  override reap(): Promise<number> {
    return this.#workers.reap();
  }

  override async claim(lease: Lease, max: number, only?: readonly string[]): Promise<readonly Claim[]> {
    return max >= 1 ? this.#agents.claim(lease.incarnation, max, only) : [];
  }

  override release(lease: Lease, agents: readonly string[]): Promise<void> {
    return this.#agents.release(lease.incarnation, agents);
  }

  override async commit(change: Change): Promise<CommitResult> {
    const kept = keptChange(change);
    if (this.#isClosing) throw storeUnavailable(this.#database.name, 'it is closed');
    return this.#commits.add(kept);
  }

  override recorded(keys: readonly string[]): Promise<ReadonlyMap<string, Json>> {
    return this.#outcomes.find(keys);
  }

  override async keep(entries: readonly OnceEntry[]): Promise<ReadonlyMap<string, Json>> {
    const kept = keptEntries(entries);
    await this.#outcomes.insert(kept);
    return this.#outcomes.find(kept.map(({ key }) => key));
  }

  override async *kept(prefix: string): AsyncGenerator<OnceEntry, void> {
    checkedId('a prefix of once keys', prefix);
    let last = '';
    for (;;) {
      const page = await this.#outcomes.after(last, prefix, pageSize);
      yield* page;
      if (page.length < pageSize) return;
      last = page.at(-1)?.key ?? '';
    }
  }

  override census(): Promise<Census> {
    return this.#workers.census();
  }

  override async *drain(part: number, max: number): AsyncGenerator<OutboxBatch, void> {
    if (!Number.isInteger(part) || part < 0 || part >= this.parts) {
      throw new RangeError(`there is no part ${part}: the outbox of this store has 0 to ${this.parts - 1}`);
    }
    await this.#outbox.keepUp();
    yield* this.#outbox.drain(part, max);
  }

  override waiting(): Promise<OutboxCensus> {
    return this.#outbox.count();
  }

  override async close(): Promise<void> {
    this.#isClosing = true;
    await this.#commits.idle();
    await this.#database.close();
  }
}
