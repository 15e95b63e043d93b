/** How a store in PostgreSQL behaves in this process. */
export interface PostgresStoreOptions {
  /** The clock by which a lease is counted in this process, in ms, never set. Default: performance.now. */
  readonly monotonic?: () => number;
  /** Milliseconds until an answer is given up; less than the ttl of leases. Default: 5,000. */
  readonly deadlineMs?: number;
  /** Connections at most. Default: 4. */
  readonly connections?: number;
  /** The most changes in one transaction. Default: 100. */
  readonly batch?: number;
}
