import type { DatabaseSync, StatementSync } from 'node:sqlite';
import { storeUnavailable } from '../store-errors.ts';
import { sqliteError } from './sqlite-errors.ts';

/** A connection to SQLite whose errors are those of the store. */
export class Database {
  /** As in messages: `the store /var/lib/usher/usher.db`. */
  readonly name: string;
  readonly #connection: DatabaseSync;
  readonly #beginReading: StatementSync;
  readonly #beginWriting: StatementSync;
  readonly #commit: StatementSync;

  constructor(name: string, connection: DatabaseSync) {
    this.name = name;
    this.#connection = connection;
    this.#beginReading = connection.prepare('begin');
    // At once a writer: what begins as a reader may find at its first write that another one was quicker.
    this.#beginWriting = connection.prepare('begin immediate');
    this.#commit = connection.prepare('commit');
  }

  prepare(sql: string): StatementSync {
    return this.#connection.prepare(sql);
  }

  /** Reads of one moment. */
  read<Result>(work: () => Result): Result {
    return this.#transaction(this.#beginReading, work);
  }

  /** Durable when this returns. If anything fails, nothing has happened. */
  write<Result>(work: () => Result): Result {
    return this.#transaction(this.#beginWriting, work);
  }

  close(): void {
    if (this.#connection.isOpen) this.#connection.close();
  }

  #transaction<Result>(begin: StatementSync, work: () => Result): Result {
    if (!this.#connection.isOpen) throw storeUnavailable(this.name, 'it is closed');
    try {
      begin.run();
      const result = work();
      this.#commit.run();
      return result;
    } catch (error) {
      throw sqliteError(this.name, error);
    } finally {
      if (this.#connection.isTransaction) this.#connection.exec('rollback');
    }
  }
}
