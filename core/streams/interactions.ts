import { BehaviorSubject, type Observable, queueScheduler, Subject } from 'rxjs';
import type { ErrorCode } from '../errors.ts';
import type { Agent } from '../model/agent.ts';
import { type InteractionEnd, isTerminal } from '../model/interaction.ts';
import type { InteractionChanged, Notification, TranscriptUpdated } from '../model/notification.ts';
import type { Interaction } from '../ports.ts';
import { LiveInteraction } from './live-interaction.ts';

/** Called for what is dropped, so that nothing is dropped in silence. */
export type Report = (code: ErrorCode, message: string, interactionId?: string) => void;

/**
 * Notifications in, interactions out. The open interactions of one agent, found by id; nothing is kept of
 * those that ended.
 */
export class Interactions {
  readonly #agent: Agent;
  readonly #report: Report;
  readonly #open = new Map<string, LiveInteraction>();
  readonly #opened = new Subject<Interaction>();
  readonly #count = new BehaviorSubject(0);

  /** Each interaction once, when it first appears. */
  readonly opened$: Observable<Interaction> = this.#opened.asObservable();

  /** How many are open now. */
  readonly count$: Observable<number> = this.#count.asObservable();

  constructor(agent: Agent, report: Report) {
    this.#agent = agent;
    this.#report = report;
  }

  get open(): readonly LiveInteraction[] {
    return [...this.#open.values()];
  }

  get(id: string): Interaction | undefined {
    return this.#open.get(id);
  }

  /** Takes one notification. One that a subscriber causes while another is being told waits its turn. */
  apply(notification: Notification): void {
    queueScheduler.schedule(() => this.#apply(notification));
  }

  /**
   * Takes the open interactions as the server lists them: those it no longer lists have ended meanwhile, those
   * it lists are brought up to date like by any notification. Returns the chats that went on meanwhile, whose
   * transcripts may have grown.
   */
  reconcile(listed: readonly Notification[]): readonly LiveInteraction[] {
    const before = this.open;
    const ids = new Set(listed.flatMap((entry) => ('interactionId' in entry ? [entry.interactionId] : [])));
    const offered = new Set(listed.flatMap((entry) => (isInvitation(entry) ? [entry.interactionId] : [])));
    for (const { id, now } of before) {
      // What is offered now and was past that before is another conversation of the same chat.
      const isOther = offered.has(id) && now.state !== 'Invited';
      if (!ids.has(id) || isOther) this.#end(id, { reason: 'vanished' });
    }
    for (const notification of listed) this.apply(notification);
    return before.filter(({ now }) => !now.ended && now.state === 'Chatting');
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
    if (notification.change !== 'StatusChange' || update.state === undefined || isTerminal(update.state)) {
      const what = `${notification.change} for an interaction that is not open`;
      return this.#report('USHER_NOTIFICATION_STRAY', what, id);
    }
    const interaction = new LiveInteraction(id, this.#agent, update);
    this.#open.set(id, interaction);
    this.#count.next(this.#open.size);
    this.#opened.next(interaction);
  }

  #append(notification: TranscriptUpdated): void {
    const { interactionId: id, lines, problems } = notification;
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
    const repeated = interaction.append(lines, notification);
    if (repeated > 0) this.#report('USHER_LINE_REPEATED', `${repeated} transcript lines came again`, id);
  }

  #end(id: string, end: InteractionEnd): void {
    const interaction = this.#open.get(id);
    this.#forget(id);
    interaction?.end(end);
  }

  #forget(id: string): void {
    this.#open.delete(id);
    this.#count.next(this.#open.size);
  }
}

function isInvitation(notification: Notification): notification is InteractionChanged {
  return notification.kind === 'interaction' && notification.update.state === 'Invited';
}
