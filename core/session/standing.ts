import { BehaviorSubject, type Observable } from 'rxjs';
import type { SessionStatus } from '../model/journal-entry.ts';
import type { Journal } from '../ports.ts';
import { withinBudget } from './within-budget.ts';

/** Where one agent's session stands, for whoever asks and for the journal. */
export class Standing {
  readonly #username: string;
  readonly #journal: Journal;
  readonly #status = new BehaviorSubject<SessionStatus>('starting');

  readonly status$: Observable<SessionStatus> = this.#status.asObservable();

  constructor(username: string, journal: Journal) {
    this.#username = username;
    this.#journal = journal;
  }

  get status(): SessionStatus {
    return this.#status.value;
  }

  record(status: SessionStatus, detail?: string): void {
    if (this.status === status && status !== 'starting') return;
    this.#status.next(status);
    const event = { kind: 'session' as const, status, ...(detail !== undefined && { detail }) };
    this.#journal.record(this.#username, event);
  }

  /** The session is being stopped, or has been; one that has failed stays so. */
  end(status: 'stopping' | 'stopped'): void {
    if (this.status !== 'failed') this.record(status);
    if (status === 'stopped') this.#status.complete();
  }

  /** Takes a step of stopping and tells whether it was taken in time. */
  step(budget: number, name: string, run: () => Promise<unknown>): Promise<boolean> {
    return withinBudget(budget, run, (why) =>
      this.#journal.record(this.#username, {
        kind: 'problem',
        code: 'USHER_STOP_TIMEOUT',
        message: `stopping: ${name}: ${why}`,
      }),
    );
  }
}
