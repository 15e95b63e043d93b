import {
  defaultIfEmpty,
  filter,
  firstValueFrom,
  map,
  merge,
  mergeMap,
  type Observable,
  of,
  take,
  tap,
  timer,
} from 'rxjs';
import type { Send } from '../gateway/gateway.ts';
import type { Notification, TranscriptUpdated } from '../model/notification.ts';
import type { Operation } from '../model/operation.ts';
import type { Outcome } from '../model/outcome.ts';
import type { Interaction } from '../ports.ts';
import type { LiveInteraction } from '../streams/live-interaction.ts';

/** Milliseconds that a transcript may take to arrive as a notification once it was asked for. */
const transcriptPatience = 3_000;

export interface TranscriptsOptions {
  /** Transcripts come as notifications, and not as answers. */
  readonly isTold: boolean;
  /** Past the gate of the gateway. */
  readonly send: Send;
  /** Past the lane of the gateway. */
  readonly direct: Send;
  /** A transcript was asked for, and never came. */
  readonly onDeaf: () => void;
}

/** Asks the server for transcripts, and knows what it answers from what it tells by itself. */
export class Transcripts {
  readonly #options: TranscriptsOptions;
  /** Transcripts that were asked for and come as notifications: from which index on, by interaction. */
  readonly #asked = new Map<string, number>();

  constructor(options: TranscriptsOptions) {
    this.#options = options;
  }

  /** Only what was asked for begins at, or before, a line that is known: what is new comes after it. */
  isAnswer(notification: Notification): notification is TranscriptUpdated {
    if (notification.kind !== 'transcript') return false;
    const from = this.#asked.get(notification.interactionId);
    if (from === undefined || !notification.lines.some(({ index }) => index <= from)) return false;
    return this.#asked.delete(notification.interactionId);
  }

  #historyOf(interaction: Interaction, fromIndex: number): Operation {
    if (this.#options.isTold) {
      if (!this.#asked.has(interaction.id)) {
        interaction.ended$.subscribe(() => this.#asked.delete(interaction.id));
      }
      this.#asked.set(interaction.id, Math.max(fromIndex, 1));
    }
    const from = fromIndex > 1 ? { fromIndex } : {};
    return { name: 'requestHistory', ...from, interactionId: interaction.id, plugin: 'session' };
  }

  /** Past the gate: the session does not stand yet. */
  catchUp(interaction: LiveInteraction): Promise<unknown> {
    const operation = this.#historyOf(interaction, Math.max(interaction.lastIndex, 0));
    return firstValueFrom(this.#options.send(operation), { defaultValue: undefined });
  }

  ask(interaction: Interaction, fromIndex: number): Observable<Outcome> {
    return this.#options.direct(this.#historyOf(interaction, fromIndex));
  }

  /** Emits whether the transcript from this index on has been told. */
  read(interaction: Interaction, fromIndex: number): Observable<boolean> {
    const asked$ = this.ask(interaction, fromIndex).pipe(map(({ kind }) => kind === 'sent'));
    if (!this.#options.isTold) return asked$;
    // Only an answer begins at the line that was asked for: what is new comes after it.
    const arrived$ = interaction.notifications$.pipe(
      filter(
        (notification) =>
          notification.kind === 'transcript' &&
          notification.lines.some(({ index }) => index <= Math.max(fromIndex, 1)),
      ),
      map(() => true),
    );
    const failed$ = interaction.notifications$.pipe(
      filter((notification) => notification.kind === 'interaction' && notification.change === 'Error'),
      map(() => false),
    );
    const missed$ = asked$.pipe(
      mergeMap((asked) =>
        asked ? timer(transcriptPatience).pipe(tap(() => this.#options.onDeaf())) : of(0),
      ),
      map(() => false),
    );
    return merge(arrived$, failed$, missed$).pipe(take(1), defaultIfEmpty(false));
  }
}
