import pg from 'pg';
import { type Observable, Subject } from 'rxjs';
import { storeBroken, storeUnavailable } from '../store-errors.ts';
import { isConnectionLost, isRepeatable, postgresError, ReadOnlyServer } from './postgres-errors.ts';
import type { PostgresPlace } from './postgres-place.ts';

/** SQL, and its name if it comes again: the server parses it once for each connection then. */
export interface Statement {
  readonly name?: string;
  readonly text: string;
}

/** Where statements go: a connection, within a transaction or not. */
export interface Connection {
  query<Row extends object>(statement: Statement, values?: readonly unknown[]): Promise<readonly Row[]>;
}

export interface DatabaseOptions {
  /** Connections at most. */
  readonly connections: number;
  /** Milliseconds until an answer is given up; a server that has vanished is noticed by it. */
  readonly deadlineMs: number;
}

/** Tries of what may be repeated: deadlocks, and two who created the same. */
const tries = 5;
const oldestServer = 140_000;

const types = new pg.TypeOverrides();
// Our 64-bit numbers are tokens, versions and times: all below 2^53.
types.setTypeParser(pg.types.builtins.INT8, Number);

/**
 * A few connections to whichever host of a place takes writes. A lost connection is an expected state: what was under
 * way fails, and the next request makes a new one, on the next host if need be.
 */
export class Database {
  readonly name: string;
  readonly #place: PostgresPlace;
  readonly #options: DatabaseOptions;
  readonly #pools: readonly pg.Pool[];
  readonly #restored = new Subject<void>();
  /** When each connection was made, in losses: those from before the last one are not trusted. */
  readonly #madeAfter = new WeakMap<pg.ClientBase, number>();
  #losses = 0;
  #at = 0;
  #isAway = false;
  #isClosed = false;

  /** Emits when it answers again after a connection was lost: another server may be the one that answers. */
  readonly restored$: Observable<void> = this.#restored.asObservable();

  constructor(place: PostgresPlace, options: DatabaseOptions) {
    this.name = place.name;
    this.#place = place;
    this.#options = options;
    this.#pools = place.hosts.map((_, at) => this.#poolOf(at));
  }

  /** The host that was last found to take writes. */
  get host(): PostgresPlace['hosts'][number] {
    return this.#place.hosts[this.#at] as PostgresPlace['hosts'][number];
  }

  /** One statement, which is a transaction of its own: durable when this resolves. */
  query<Row extends object>(statement: Statement, values: readonly unknown[] = []): Promise<readonly Row[]> {
    return this.#run((client) => ask(client, statement, values));
  }

  /** Read committed: each statement sees what was committed before it. If anything fails, nothing has happened. */
  transaction<Result>(work: (connection: Connection) => Promise<Result>): Promise<Result> {
    return this.#run(async (client) => {
      await client.query('begin');
      try {
        const result = await work({ query: (statement, values = []) => ask(client, statement, values) });
        await client.query('commit');
        return result;
      } catch (error) {
        if (!isConnectionLost(error)) await client.query('rollback');
        throw error;
      }
    });
  }

  async close(): Promise<void> {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#restored.complete();
    await Promise.all(this.#pools.map((pool) => pool.end()));
  }

  async #run<Result>(work: (client: pg.ClientBase) => Promise<Result>): Promise<Result> {
    for (let left = tries; ; left -= 1) {
      const client = await this.#connect();
      try {
        const result = await work(client);
        client.release();
        this.#answered();
        return result;
      } catch (error) {
        const isLost = isConnectionLost(error);
        client.release(isLost);
        if (isLost) this.#lose(client);
        if (!isRepeatable(error) || left === 1) throw postgresError(this.name, error);
      }
    }
  }

  /** @throws UsherError USHER_STORE_UNAVAILABLE, USHER_STORE_BROKEN */
  async #connect(): Promise<pg.PoolClient> {
    for (let left = this.#pools.length; ; left -= 1) {
      if (this.#isClosed) throw storeUnavailable(this.name, 'it is closed');
      const at = this.#at;
      try {
        return await this.#fresh(at);
      } catch (error) {
        this.#isAway = true;
        if (this.#at === at) this.#at = (at + 1) % this.#pools.length;
        if (left === 1) throw postgresError(this.name, error);
      }
    }
  }

  async #fresh(at: number): Promise<pg.PoolClient> {
    for (;;) {
      const client = await (this.#pools[at] as pg.Pool).connect();
      if (this.#madeAfter.get(client) === this.#losses) return client;
      client.release(true);
    }
  }

  /** One lost connection casts doubt on all of its age: better none is tried than each in turn, to its deadline. */
  #lose(client: pg.ClientBase): void {
    this.#isAway = true;
    if (this.#madeAfter.get(client) === this.#losses) this.#losses += 1;
  }

  #answered(): void {
    if (!this.#isAway) return;
    this.#isAway = false;
    this.#restored.next();
  }

  #poolOf(at: number): pg.Pool {
    const { hosts, user, password, database, ssl, applicationName } = this.#place;
    const { connections, deadlineMs } = this.#options;
    const pool = new pg.Pool({
      ...hosts[at],
      user,
      ...(password !== undefined && { password }),
      database,
      ssl,
      application_name: applicationName,
      types,
      max: connections,
      connectionTimeoutMillis: Math.ceil(deadlineMs * 0.6),
      query_timeout: deadlineMs,
      keepAlive: true,
      idleTimeoutMillis: 60_000,
      onConnect: (client) => this.#prepare(client, at),
    });
    // Without a listener an idle connection that is lost would end the process.
    pool.on('error', (_, client) => this.#lose(client));
    pool.on('connect', (client) => client.on('error', () => this.#lose(client)));
    return pool;
  }

  /** @throws ReadOnlyServer, and UsherError USHER_STORE_BROKEN for a server that is too old. */
  async #prepare(client: pg.ClientBase, at: number): Promise<void> {
    const settings = sessionSettings(this.#options.deadlineMs);
    const { rows } = await client.query(
      `select ${settings.map(([name, value]) => `set_config('${name}', '${value}', false)`).join()},
         pg_is_in_recovery() or current_setting('default_transaction_read_only')::boolean as "readOnly",
         current_setting('server_version_num')::int as version`,
    );
    const { readOnly, version } = rows[0] as { readOnly: boolean; version: number };
    const host = this.#place.hosts[at];
    if (readOnly) throw new ReadOnlyServer(`${host?.host}:${host?.port}`);
    if (version < oldestServer) {
      throw storeBroken(this.name, `is PostgreSQL ${Math.floor(version / 10_000)}: it takes 14 or newer`);
    }
    this.#madeAfter.set(client, this.#losses);
  }
}

/**
 * Nothing hangs for ever, on the server's side too. And every plan goes by the indexes: a plan that was made while a
 * table was empty would otherwise read all of it when it is full.
 */
function sessionSettings(deadlineMs: number): readonly (readonly [name: string, value: string | number])[] {
  return [
    ['statement_timeout', Math.ceil(deadlineMs * 0.8)],
    ['lock_timeout', Math.ceil(deadlineMs * 0.6)],
    ['idle_in_transaction_session_timeout', deadlineMs],
    ['tcp_keepalives_idle', 10],
    ['tcp_keepalives_interval', 5],
    ['tcp_keepalives_count', 3],
    ['plan_cache_mode', 'force_generic_plan'],
    ['enable_seqscan', 'off'],
    ['enable_hashjoin', 'off'],
    ['enable_mergejoin', 'off'],
    ['jit', 'off'],
  ];
}

async function ask<Row extends object>(
  client: pg.ClientBase,
  { name, text }: Statement,
  values: readonly unknown[],
): Promise<readonly Row[]> {
  const { rows } = await client.query<Row>({
    ...(name !== undefined && { name }),
    text,
    values: [...values],
  });
  return rows;
}
