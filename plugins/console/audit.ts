import { appendFileSync } from 'node:fs';
import type { Clock, Log } from '../../core/index.ts';
import type { AuditRow } from './wire.ts';

const kept = 500;

/** Who did what, and when. Every action has its log line, and its line in a file where one is named. */
export class Audit {
  readonly #clock: Clock;
  readonly #log: Log;
  readonly #file: string | undefined;
  readonly #rows: AuditRow[] = [];

  constructor(clock: Clock, log: Log, file: string | undefined) {
    this.#clock = clock;
    this.#log = log;
    this.#file = file;
  }

  /** The latest first. */
  get rows(): readonly AuditRow[] {
    return this.#rows.toReversed();
  }

  /** @throws Error when the file cannot be written: what is not audited is not done. */
  note(who: string, action: string, on: string, result: string): void {
    const row = { at: this.#clock.now(), who, action, on, result };
    if (this.#file !== undefined) appendFileSync(this.#file, `${JSON.stringify(row)}\n`, { mode: 0o600 });
    this.#rows.push(row);
    if (this.#rows.length > kept) this.#rows.shift();
    this.#log.info({ audit: true, who, action, on, result }, `console: ${action}`);
  }
}
