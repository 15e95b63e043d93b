import { Subject } from 'rxjs';
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
} from './store.ts';
import { storeUnavailable } from './store-errors.ts';

/** A store that did not answer when it was to be opened: it is opened by the first call that it answers. */
export class LateStore extends Store {
  readonly #name: string;
  readonly #open: () => Promise<Store>;
  readonly #restored = new Subject<void>();
  #store: Store | undefined;
  #opening: Promise<Store> | undefined;
  #isClosed = false;

  override readonly restored$ = this.#restored.asObservable();

  /** @param open Rejects while it does not answer. */
  constructor(name: string, open: () => Promise<Store>) {
    super();
    this.#name = name;
    this.#open = open;
  }

  /** 0 until it has answered. */
  override get parts(): number {
    return this.#store?.parts ?? 0;
  }

  override async mark(as?: ShardMark): Promise<ShardMark | undefined> {
    return (await this.#opened()).mark(as);
  }

  override async enrol(agents: readonly string[]): Promise<void> {
    return (await this.#opened()).enrol(agents);
  }

  override async join(worker: WorkerProfile): Promise<Lease> {
    return (await this.#opened()).join(worker);
  }

  override async renew(lease: Lease, capacity?: number): Promise<void> {
    return (await this.#opened()).renew(lease, capacity);
  }

  override async leave(lease: Lease): Promise<void> {
    return (await this.#opened()).leave(lease);
  }

  override async expire(incarnation: Incarnation): Promise<void> {
    return (await this.#opened()).expire(incarnation);
  }

  override async reap(): Promise<number> {
    return (await this.#opened()).reap();
  }

  override async claim(lease: Lease, max: number, only?: readonly string[]): Promise<readonly Claim[]> {
    return (await this.#opened()).claim(lease, max, only);
  }

  override async release(lease: Lease, agents: readonly string[]): Promise<void> {
    return (await this.#opened()).release(lease, agents);
  }

  override async commit(change: Change): Promise<CommitResult> {
    return (await this.#opened()).commit(change);
  }

  override async recorded(keys: readonly string[]): Promise<ReadonlyMap<string, Json>> {
    return (await this.#opened()).recorded(keys);
  }

  override async keep(entries: readonly OnceEntry[]): Promise<ReadonlyMap<string, Json>> {
    return (await this.#opened()).keep(entries);
  }

  override async *kept(prefix: string): AsyncGenerator<OnceEntry, void> {
    yield* (await this.#opened()).kept(prefix);
  }

  override async draw(allowance: Allowance, max: number): Promise<number> {
    return (await this.#opened()).draw(allowance, max);
  }

  override async census(): Promise<Census> {
    return (await this.#opened()).census();
  }

  override async *drain(part: number, max: number): AsyncGenerator<OutboxBatch, void> {
    yield* (await this.#opened()).drain(part, max);
  }

  override async waiting(): Promise<OutboxCensus> {
    return (await this.#opened()).waiting();
  }

  override async close(): Promise<void> {
    this.#isClosed = true;
    await this.#opening?.catch(() => undefined);
    await this.#store?.close();
    this.#restored.complete();
  }

  async #opened(): Promise<Store> {
    if (this.#store !== undefined) return this.#store;
    if (this.#isClosed) throw storeUnavailable(this.#name, 'it is closed');
    // Whoever asks meanwhile waits for the same try.
    this.#opening ??= this.#open().finally(() => {
      this.#opening = undefined;
    });
    const store = await this.#opening;
    if (this.#store === undefined) {
      this.#store = store;
      store.restored$.subscribe(this.#restored);
      if (this.#isClosed) await store.close();
    }
    return store;
  }
}
