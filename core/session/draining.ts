import { filter, firstValueFrom, merge, NEVER, type Observable, of, ReplaySubject, take, timer } from 'rxjs';
import type { Drain } from '../model/hand-off.ts';
import { suppressed } from '../model/outcome.ts';
import type { Clock, Interceptor, Journal } from '../ports.ts';
import type { Interactions } from '../streams/interactions.ts';

/** What became of the chats that were open when the session was to stop. */
export interface DrainReport {
  /** They came to their end by themselves. */
  readonly finished: number;
  /** A colleague, or a queue, has them now. */
  readonly handedOver: number;
  /** Another worker of the fleet goes on with them, and the customer notices nothing. */
  readonly passedOn: number;
  /** They are still open on the server: the next process takes them up. */
  readonly left: number;
}

export const nothingToDrain: DrainReport = { finished: 0, handedOver: 0, passedOn: 0, left: 0 };

export function sumOf(reports: readonly DrainReport[]): DrainReport {
  return reports.reduce(
    (sum, { finished, handedOver, passedOn, left }) => ({
      finished: sum.finished + finished,
      handedOver: sum.handedOver + handedOver,
      passedOn: sum.passedOn + passedOn,
      left: sum.left + left,
    }),
    nothingToDrain,
  );
}

const handsOver: ReadonlySet<string> = new Set(['transfer', 'completeTransfer', 'completeConference']);

/** The end of a session before its end: no new chats, and time for those that are open. */
export class Draining {
  readonly #clock: Clock;
  readonly #begun = new ReplaySubject<Drain>(1);
  #isOn = false;

  /** Emits, also late, when the session is to stop. */
  readonly drain$: Observable<Drain> = this.#begun.asObservable();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Lets no invitation be accepted any more. */
  readonly interceptor: Interceptor = (operation, next) =>
    this.#isOn && operation.name === 'accept'
      ? of(suppressed(operation, 'draining', 'the session is being stopped'))
      : next(operation);

  /** Gives the open chats so many milliseconds to end, or to be handed over. `hurry$` cuts that short. */
  async run(
    interactions: Interactions,
    journal: Journal,
    within: number,
    hurry$: Observable<unknown> = NEVER,
  ): Promise<DrainReport> {
    const open = new Set(
      interactions.open.filter(({ now }) => now.state !== 'Invited').map((interaction) => interaction.id),
    );
    const given = new Set<string>();
    const listening = journal.entries$.subscribe((entry) => {
      if (entry.kind !== 'outcome' || entry.outcome.kind !== 'sent') return;
      const { name, interactionId } = entry.outcome.operation;
      if (open.has(interactionId) && handsOver.has(name)) given.add(interactionId);
    });
    this.#isOn = true;
    this.#begun.next({ deadline: this.#clock.now() + within });
    const ended$ = interactions.count$.pipe(
      filter(() => [...open].every((id) => interactions.get(id) === undefined)),
    );
    await firstValueFrom(merge(ended$, timer(within), hurry$).pipe(take(1)), { defaultValue: 0 });
    listening.unsubscribe();
    const left = [...open].filter((id) => interactions.get(id) !== undefined && !given.has(id)).length;
    return { finished: open.size - given.size - left, handedOver: given.size, passedOn: 0, left };
  }
}
