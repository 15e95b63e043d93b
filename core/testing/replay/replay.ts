import { Observable, of, Subject } from 'rxjs';
import type { Bot } from '../../bot/define-bot.ts';
import type { ArmChooser } from '../../bot/running-plugin.ts';
import type { Dialect } from '../../dialects/dialect.ts';
import type { JournalEntry } from '../../model/journal-entry.ts';
import type { Operation } from '../../model/operation.ts';
import { hasLeft, type Outcome } from '../../model/outcome.ts';
import type { RecordedEntry, Recording } from '../../recording/recording.ts';
import { rootContainer } from '../../session/container.ts';
import { SessionLedger } from '../../session/ledger.ts';
import { LiveJournal } from '../../session/live-journal.ts';
import { RxClock } from '../../session/rx-clock.ts';
import { Seat } from '../../session/seat.ts';
import type { Service } from '../../session/services.ts';
import { silentLog } from '../../session/silent-log.ts';
import { VirtualTime } from '../virtual-time.ts';
import { recordedArms } from './recorded-arms.ts';

export interface ReplayOptions {
  readonly bots: readonly Bot[];
  readonly services?: readonly Service[];
  readonly dialect: Dialect;
  /** Which arms of experiments the chats are in. Default: those that they were in. */
  readonly experiments?: ArmChooser;
  /** How many entries have been replayed. */
  readonly onProgress?: (count: number) => void;
}

/** Milliseconds that the bots may go on after the last entry. */
const afterwards = 60_000;

/**
 * Runs bots on a recording in virtual time: notifications come when they came, and operations end as they ended. What
 * was not asked for then is taken at once. Gives the journal of the bots.
 */
export function replay(recording: Recording, options: ReplayOptions): Promise<readonly JournalEntry[]> {
  const { header, entries } = recording;
  return VirtualTime.run(async (time) => {
    const wire = new RecordedWire(entries);
    const journal: JournalEntry[] = [];
    const { seat, stop } = takeSeat(recording, options, wire, (entry) => journal.push(entry));
    for (const [at, entry] of entries.entries()) {
      await time.advance(Math.max(0, entry.t - time.now));
      happen(entry, seat, wire);
      if (at % 1_000 === 0) options.onProgress?.(at);
    }
    await time.advance(afterwards);
    await stop();
    return journal;
  }, header.at);
}

function takeSeat(
  { header, entries }: Recording,
  { bots, services = [], dialect, experiments }: ReplayOptions,
  wire: RecordedWire,
  onEntry: (entry: JournalEntry) => void,
): { readonly seat: Seat; readonly stop: () => Promise<void> } {
  const [clock, log] = [new RxClock(), silentLog];
  const journal = new LiveJournal(clock, log);
  const listening = journal.entries$.subscribe(onEntry);
  const root = rootContainer({ clock, journal, log, services });
  const seat = new Seat({
    agent: header.agent,
    bots,
    dialect,
    send: (operation) => wire.send(operation),
    ledger: new SessionLedger(),
    mayAct: () => true,
    line$: of('online'),
    list: async () => undefined,
    onDeaf: () => undefined,
    settleTime: 0,
    isFinal: true,
    root,
    services: { clock, journal, log, services, experiments: experiments ?? recordedArms(entries) },
  });
  return {
    seat,
    stop: async () => {
      // What the end of the session cuts short was not the bots' doing.
      listening.unsubscribe();
      await seat.close();
      await root.unbindAllAsync();
    },
  };
}

function happen(entry: RecordedEntry, seat: Seat, wire: RecordedWire): void {
  switch (entry.kind) {
    case 'notification':
      if (entry.topic === 'history') seat.takeTranscript(entry.notification);
      else seat.take(entry.notification, entry.topic);
      return;
    case 'snapshot': {
      const snapshot = seat.interactions.beginSnapshot();
      for (const id of entry.told) snapshot.add(id);
      seat.interactions.reconcile(entry.listed, snapshot);
      seat.interactions.dropSnapshot(snapshot);
      return;
    }
    case 'owner':
      return giveWord(entry, seat);
    case 'outcome':
      return wire.end(entry.outcome);
    default:
      return;
  }
}

/** Who takes over from outside, and gives back, is in no notification. */
function giveWord({ interactionId, owner }: Extract<RecordedEntry, { kind: 'owner' }>, seat: Seat): void {
  const interaction = seat.interactions.get(interactionId);
  if (interaction === undefined) return;
  if (owner.kind === 'bot') seat.ownership.giveBack(interaction);
  else if (owner.kind === 'human' && owner.by === 'take-over')
    seat.ownership.takeOver(interaction, owner.name);
}

/** The wire as it was: each operation ends with the outcome that the one like it had, when it had it. */
class RecordedWire {
  /** How many outcomes are still to come, by what they are about. */
  readonly #coming = new Map<string, number>();
  /** Outcomes whose operations have not been asked for yet. */
  readonly #early = new Map<string, Outcome[]>();
  /** Operations whose outcomes have not come yet. */
  readonly #waiting = new Map<string, Subject<Outcome>[]>();

  constructor(entries: readonly RecordedEntry[]) {
    for (const entry of entries) {
      if (entry.kind !== 'outcome' || !isOfWire(entry.outcome)) continue;
      const key = keyOf(entry.outcome.operation);
      this.#coming.set(key, (this.#coming.get(key) ?? 0) + 1);
    }
  }

  send(operation: Operation): Observable<Outcome> {
    return new Observable((subscriber) => {
      const key = keyOf(operation);
      const early = this.#early.get(key)?.shift();
      if (early !== undefined) return of({ ...early, operation }).subscribe(subscriber);
      const waiting = this.#waiting.get(key) ?? [];
      if (waiting.length >= (this.#coming.get(key) ?? 0))
        return of<Outcome>({ operation, kind: 'sent', attempts: 1 }).subscribe(subscriber);
      const answer = new Subject<Outcome>();
      this.#waiting.set(key, [...waiting, answer]);
      subscriber.add(() => this.#forget(key, answer));
      return answer.subscribe({
        next: (outcome) => {
          subscriber.next({ ...outcome, operation });
          subscriber.complete();
        },
      });
    });
  }

  /** An outcome of the recording. */
  end(outcome: Outcome): void {
    if (!isOfWire(outcome)) return;
    const key = keyOf(outcome.operation);
    this.#coming.set(key, (this.#coming.get(key) ?? 0) - 1);
    const answer = this.#waiting.get(key)?.shift();
    if (answer !== undefined) answer.next(outcome);
    // What was cancelled then may not even be asked for now.
    else if (hasLeft(outcome)) this.#early.set(key, [...(this.#early.get(key) ?? []), outcome]);
  }

  #forget(key: string, answer: Subject<Outcome>): void {
    const waiting = this.#waiting.get(key)?.filter((other) => other !== answer) ?? [];
    if (waiting.length === 0) this.#waiting.delete(key);
    else this.#waiting.set(key, waiting);
  }
}

/** It had passed everything but the wire, which may have been down. */
function isOfWire(outcome: Outcome): boolean {
  return hasLeft(outcome) || outcome.reason === 'cancelled' || outcome.reason === 'ended';
}
/** Signs of typing overtake other operations, and each other. */
function keyOf(operation: Operation): string {
  const { interactionId, name } = operation;
  return `${interactionId} ${name}${'typing' in operation ? ` ${operation.typing}` : ''}`;
}
