import type { Allowance } from '../store.ts';
import type { Database, Statement } from './database.ts';

// The second of two that draw at once waits for the row of the first, and goes by what is left then. A clock that was
// set back fills nothing.
const filled = 'least($3::float8, a.rest + greatest(0, usher.clock_ms() - a.at) * $2::float8 / 1000)';
const draw: Statement = {
  name: 'allowance draw',
  text: `
    insert into usher.allowance as a (name, rest, at, drawn)
    values ($1, $3::float8 - floor($4::float8), usher.clock_ms(), floor($4::float8))
    on conflict (name) do update set
      rest = ${filled} - floor(least(${filled}, $4::float8)),
      at = usher.clock_ms(),
      drawn = floor(least(${filled}, $4::float8))
    returning drawn::float8`,
};

/** What all workers together may do in a time. */
export class Allowances {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  /** Returns how much of `max` was there. */
  async draw({ name, perSecond, burst }: Allowance, max: number): Promise<number> {
    const [row] = await this.#database.query<{ drawn: number }>(draw, [
      name,
      perSecond,
      burst,
      Math.min(max, burst),
    ]);
    return row?.drawn ?? 0;
  }
}
