import { BehaviorSubject, type Observable, queueScheduler, Subject } from 'rxjs';
import type { ErrorCode } from '../errors.ts';
import type { Agent } from '../model/agent.ts';
import { type InteractionEnd, isTerminal } from '../model/interaction.ts';
import type { InteractionChanged, Notification, TranscriptUpdated } from '../model/notification.ts';
import { type InteractionMemory, LiveInteraction, type LiveInteractionOptions } from './live-interaction.ts';

/** Called for what is dropped, so that nothing is dropped in silence. */
export type Report = (code: ErrorCode, message: string, interactionId?: string) => void;

export interface InteractionsOptions {
  /** What is remembered of a chat that appears. Default: nothing. */
  readonly recall?: (interactionId: string) => InteractionMemory | undefined;
  /** Has the server send a transcript, where lines are missing. Default: they are not waited for long. */
  readonly read?: LiveInteractionOptions['read'];
}

/** The interactions that were told of since the server was asked for a list. */
export type Snapshot = Set<string>;

/** How many ended interactions are remembered by id, lest a late notification open them again. */
const rememberedEnds = 256;

/** What became of the open interactions when the server listed them. */
export interface Reconciled {
  /** How many ended meanwhile. */
  readonly vanished: number;
  /** How many began meanwhile. */
  readonly appeared: number;
  /** Those that are in conversation. */
  readonly going: readonly LiveInteraction[];
}

/**
 * Notifications in, interactions out. The open interactions of one agent, found by id; nothing is kept of
 * those that ended.
 */
export class Interactions {
  readonly #agent: Agent;
  readonly #report: Report;
  readonly #options: InteractionsOptions;
  readonly #open = new Map<string, LiveInteraction>();
  readonly #snapshots = new Set<Snapshot>();
  readonly #ended = new Set<string>();
  readonly #opened = new Subject<LiveInteraction>();
  readonly #count = new BehaviorSubject(0);

  /** Each interaction once, when it first appears. */
  readonly opened$: Observable<LiveInteraction> = this.#opened.asObservable();

  /** How many are open now. */
  readonly count$: Observable<number> = this.#count.asObservable();

  constructor(agent: Agent, report: Report, options: InteractionsOptions = {}) {
    this.#agent = agent;
    this.#report = report;
    this.#options = options;
  }

  get open(): readonly LiveInteraction[] {
    return [...this.#open.values()];
  }

  get(id: string): LiveInteraction | undefined {
    return this.#open.get(id);
  }

  /** Takes one notification. One that a subscriber causes while another is being told waits its turn. */
  apply(notification: Notification): void {
    queueScheduler.schedule(() => this.#apply(notification));
  }

  /**
   * Takes the open interactions as the server lists them: those it no longer lists have ended meanwhile, those
   * it lists are brought up to date like by any notification. The transcripts of those that go on may have grown.
   */
  reconcile(answered: readonly Notification[], since: Snapshot = new Set()): Reconciled {
    this.#snapshots.delete(since);
    // What was told of a chat since the list was asked for is newer than the list, and so is its end.
    const listed = answered.filter(
      (entry) => !('interactionId' in entry) || !since.has(entry.interactionId ?? ''),
    );
    const before = this.open.filter(({ id }) => !since.has(id));
    const named = listed.flatMap((entry) => (entry.kind === 'interaction' ? [entry.interactionId] : []));
    // One that cannot be read may be any of those that are missing from the list.
    const isSure = answered.every(({ kind }) => kind === 'interaction');
    const offered = new Set(listed.flatMap((entry) => (isInvitation(entry) ? [entry.interactionId] : [])));
    const vanished = before.filter(({ id, now }) => {
      // What is offered now and was past that before is another conversation of the same chat.
      const isOther = offered.has(id) && now.state !== 'Invited';
      return isOther || (isSure && !named.includes(id));
    });
    for (const { id } of vanished) this.#end(id, { reason: 'vanished' });
    for (const notification of listed) this.apply(notification);
    const known = new Set(before);
    for (const id of since) {
      const touched = this.#open.get(id);
      if (touched !== undefined) known.add(touched);
    }
    return {
      vanished: vanished.length,
      appeared: this.open.filter((interaction) => !known.has(interaction)).length,
      going: this.open.filter(({ now }) => now.state === 'Chatting'),
    };
  }

  /** To be called before the server is asked for a list: notes what is told of in the meantime. */
  beginSnapshot(): Snapshot {
    const touched: Snapshot = new Set();
    this.#snapshots.add(touched);
    return touched;
  }

  /** The list did not come. */
  dropSnapshot(snapshot: Snapshot): void {
    this.#snapshots.delete(snapshot);
  }

  /** Ends all that are open, because the session does. */
  endAll(): void {
    for (const id of [...this.#open.keys()]) this.#end(id, { reason: 'session-ended' });
  }

  close(): void {
    this.endAll();
    this.#opened.complete();
    this.#count.complete();
  }

  #apply(notification: Notification): void {
    if ('interactionId' in notification && notification.interactionId !== undefined) {
      for (const touched of this.#snapshots) touched.add(notification.interactionId);
    }
    switch (notification.kind) {
      case 'interaction':
        return this.#change(notification);
      case 'transcript':
        return this.#append(notification);
      case 'malformed':
        return this.#report(
          'USHER_NOTIFICATION_MALFORMED',
          `a notification is malformed: ${notification.problem}`,
        );
      case 'unknown':
        return this.#report(
          'USHER_NOTIFICATION_UNKNOWN',
          `messageType ${notification.messageType} is unknown`,
        );
      case 'channel':
        return;
    }
  }

  #change(notification: InteractionChanged): void {
    const { interactionId: id, update } = notification;
    const known = this.#open.get(id);
    if (known !== undefined) {
      if (update.state === 'Invited' && known.now.state !== 'Invited') {
        return this.#report(
          'USHER_NOTIFICATION_STRAY',
          `an invitation came again in state ${known.now.state}`,
          id,
        );
      }
      known.update(update, notification);
      if (known.now.ended) this.#forget(id);
      return;
    }
    const isOver = this.#ended.has(id) && update.state !== 'Invited';
    if (
      notification.change !== 'StatusChange' ||
      update.state === undefined ||
      isTerminal(update.state) ||
      isOver
    ) {
      const what = `${notification.change} for an interaction that is not open`;
      return this.#report('USHER_NOTIFICATION_STRAY', what, id);
    }
    const { recall, read } = this.#options;
    this.#ended.delete(id);
    const interaction = new LiveInteraction(id, this.#agent, update, { memory: recall?.(id), read });
    this.#open.set(id, interaction);
    this.#count.next(this.#open.size);
    this.#opened.next(interaction);
  }

  #append(notification: TranscriptUpdated): void {
    const { interactionId: id, lines, problems, whole } = notification;
    for (const problem of problems) {
      this.#report('USHER_NOTIFICATION_MALFORMED', `a transcript line is malformed: ${problem}`, id);
    }
    const interaction = this.#open.get(id);
    if (interaction === undefined) {
      return this.#report(
        'USHER_NOTIFICATION_STRAY',
        `${lines.length} transcript lines of a chat that is not open`,
        id,
      );
    }
    const { repeated, late } = interaction.append(lines, notification, whole);
    // A transcript that was asked for repeats what is known by its nature.
    if (repeated > 0 && whole !== true)
      this.#report('USHER_LINE_REPEATED', `${repeated} transcript lines came again`, id);
    if (late > 0) this.#report('USHER_LINE_LATE', `${late} transcript lines came after later ones`, id);
  }

  #end(id: string, end: InteractionEnd): void {
    const interaction = this.#open.get(id);
    this.#forget(id);
    interaction?.end(end);
  }

  #forget(id: string): void {
    this.#open.delete(id);
    this.#ended.add(id);
    for (const oldest of this.#ended) {
      if (this.#ended.size <= rememberedEnds) break;
      this.#ended.delete(oldest);
    }
    this.#count.next(this.#open.size);
  }
}

function isInvitation(notification: Notification): notification is InteractionChanged {
  return notification.kind === 'interaction' && notification.update.state === 'Invited';
}
