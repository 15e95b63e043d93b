import { asyncScheduler, Subject } from 'rxjs';
import type { Notification } from '../../model/notification.ts';

/** What may go wrong between the agent and the contact centre, and what each is. */
export const faultKinds = {
  duplicate: 'every notification arrives twice',
  reorder: 'transcript lines overtake each other',
  delay: 'notifications arrive 300 ms late',
  gap: 'transcript indexes leave numbers out',
  lateReply: 'the answer to an operation comes 200 ms after its effect',
  lateEffect: 'the effect of an operation comes 400 ms after its answer',
  lostReply: 'an operation takes effect, and its answer is lost',
  lostRequest: 'an operation is lost on its way, and nobody knows',
  failsLater: 'an operation is taken, and comes to nothing',
  refused: 'operations are refused',
  offline: 'the connection is lost: what happens is read when it stands again',
} as const;

export type Fault = keyof typeof faultKinds;

/** Milliseconds; a line is waited for a little longer than it can be overtaken for. */
export const lateness = { notification: 300, reply: 200, effect: 400, overtaken: 100 } as const;

/** The faults that are on, and what they do to notifications on their way. */
export class Faults {
  readonly #on = new Set<Fault>();
  readonly #changes = new Subject<{ readonly fault: Fault; readonly on: boolean }>();
  readonly #deliver: (notification: Notification) => void;
  #overtaken: Notification[] = [];

  /** Emits when a fault begins or ends. */
  readonly changes$ = this.#changes.asObservable();

  constructor(deliver: (notification: Notification) => void) {
    this.#deliver = deliver;
  }

  has(fault: Fault): boolean {
    return this.#on.has(fault);
  }

  begin(...faults: readonly Fault[]): void {
    for (const fault of faults) {
      if (!(fault in faultKinds))
        throw new RangeError(`${fault} is none of ${Object.keys(faultKinds).join(', ')}`);
      if (this.#on.has(fault)) continue;
      this.#on.add(fault);
      this.#changes.next({ fault, on: true });
    }
  }

  /** Default: all of them. */
  end(...faults: readonly Fault[]): void {
    for (const fault of faults.length === 0 ? [...this.#on] : faults) {
      if (!this.#on.delete(fault)) continue;
      this.#changes.next({ fault, on: false });
    }
  }

  /** Takes a notification of the server to the agent, as well as the faults let it. */
  pass(notification: Notification): void {
    if (this.has('offline')) return;
    if (this.has('delay')) {
      asyncScheduler.schedule(() => this.#inOrder(notification), lateness.notification);
    } else this.#inOrder(notification);
  }

  #inOrder(notification: Notification): void {
    if (!this.has('reorder') || notification.kind !== 'transcript') return this.#copies(notification);
    this.#overtaken.unshift(notification);
    if (this.#overtaken.length > 1) return this.#release();
    asyncScheduler.schedule(() => this.#release(), lateness.overtaken);
  }

  #release(): void {
    for (const notification of this.#overtaken.splice(0)) this.#copies(notification);
  }

  #copies(notification: Notification): void {
    if (this.has('offline')) return;
    this.#deliver(notification);
    if (this.has('duplicate')) this.#deliver(notification);
  }
}
