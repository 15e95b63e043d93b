import pg from 'pg';

/** What a store has been given to write so far. */
interface Written {
  /** Rows of interactions that were made or changed. */
  readonly commits: number;
  /** Bytes of write-ahead log. */
  readonly log: number;
}

export interface StoreMeter {
  read(): Promise<Written>;
  end(): Promise<void>;
}

export const noStore: StoreMeter = { read: async () => ({ commits: 0, log: 0 }), end: async () => {} };

// The server's own counters. They are up to a second late, in the beginning as in the end.
const counters = `
  select coalesce(sum(n_tup_ins + n_tup_upd), 0)::float8 as commits,
    pg_wal_lsn_diff(pg_current_wal_lsn(), '0/0')::float8 as log
  from pg_stat_user_tables where schemaname = 'usher' and relname = 'interaction'`;

/** Reads the counters of a PostgreSQL server. */
export async function storeMeter(url: string): Promise<StoreMeter> {
  const client = new pg.Client(url);
  await client.connect();
  return {
    read: async () => {
      const { rows } = await client.query<Written>(counters);
      return rows[0] ?? { commits: 0, log: 0 };
    },
    end: () => client.end(),
  };
}
