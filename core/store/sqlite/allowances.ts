import type { StatementSync } from 'node:sqlite';
import type { Allowance } from '../store.ts';
import type { Database } from './database.ts';

/** What all workers together may do in a time: how much is left of it, and when that was. */
export class Allowances {
  readonly #find: StatementSync;
  readonly #set: StatementSync;

  constructor(database: Database) {
    this.#find = database.prepare('select rest, at from allowance where name = ?');
    this.#set = database.prepare(
      'insert into allowance (name, rest, at) values (?1, ?2, ?3) on conflict do update set rest = ?2, at = ?3',
    );
  }

  /** Returns how much of `max` was there. */
  draw({ name, perSecond, burst }: Allowance, max: number, now: number): number {
    const known = this.#find.get(name) as { rest: number; at: number } | undefined;
    // A clock that was set back fills nothing.
    const passed = Math.max(0, now - (known?.at ?? now));
    const rest = Math.min(burst, (known?.rest ?? burst) + (passed * perSecond) / 1_000);
    const drawn = Math.floor(Math.min(rest, max));
    this.#set.run(name, rest - drawn, now);
    return drawn;
  }
}
