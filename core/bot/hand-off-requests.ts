import { type Observable, Subject } from 'rxjs';
import type { HandOffRequest } from '../model/hand-off.ts';
import type { Interaction } from '../ports.ts';

/** What the plugins of a bot wish to hand over, chat by chat. */
export class HandOffRequests {
  readonly #chats = new WeakMap<Interaction, Subject<HandOffRequest>>();

  of(interaction: Interaction): Observable<HandOffRequest> {
    return this.#subject(interaction).asObservable();
  }

  /** Tells whether anybody hears it. */
  request(interaction: Interaction, request: HandOffRequest): boolean {
    const subject = this.#subject(interaction);
    subject.next(request);
    return subject.observed;
  }

  #subject(interaction: Interaction): Subject<HandOffRequest> {
    const known = this.#chats.get(interaction);
    if (known !== undefined) return known;
    const subject = new Subject<HandOffRequest>();
    this.#chats.set(interaction, subject);
    return subject;
  }
}
