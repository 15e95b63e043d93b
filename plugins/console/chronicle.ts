import { Subject, type Subscription } from 'rxjs';
import type { HostContext, JournalEntry } from '../../core/index.ts';

/** Entries of one chat that are kept; of longer ones, the first and the latest. */
const kept = 1_000;
const first = 20;
/** Chats that are kept after their end. */
const keptEnded = 200;

export function chatKey(agent: string, interactionId: string): string {
  return `${agent}/${interactionId}`;
}

/** What happened in the chats: those that are open, and those that ended lately. */
export class Chronicle {
  readonly #entries = new Map<string, JournalEntry[]>();
  readonly #ended: string[] = [];
  readonly #written = new Subject<{ readonly key: string; readonly entry: JournalEntry }>();
  readonly #forgotten = new Subject<string>();
  readonly #following: Subscription;

  readonly written$ = this.#written.asObservable();
  /** The keys of chats that are not kept any longer. */
  readonly forgotten$ = this.#forgotten.asObservable();

  constructor(host: Pick<HostContext, 'journal$'>) {
    this.#following = host.journal$.subscribe((entry) => this.#write(entry));
  }

  of(key: string): readonly JournalEntry[] {
    return this.#entries.get(key) ?? [];
  }

  close(): void {
    this.#following.unsubscribe();
    this.#written.complete();
  }

  #write(entry: JournalEntry): void {
    const id = interactionOf(entry);
    if (id === undefined) return;
    const key = chatKey(entry.agent, id);
    let entries = this.#entries.get(key);
    const isEnded = this.#ended.includes(key);
    if (entries === undefined || (isEnded && entry.kind === 'interaction-began')) {
      // What comes of a chat that is not known, as it may of one that is over, does not make it one.
      if (!begins(entry)) return;
      if (isEnded) this.#ended.splice(this.#ended.indexOf(key), 1);
      entries = [];
      this.#entries.set(key, entries);
    }
    entries.push(entry);
    if (entries.length > kept) entries.splice(first, entries.length - kept);
    this.#written.next({ key, entry });
    if (entry.kind === 'interaction-ended') this.#end(key);
  }

  #end(key: string): void {
    this.#ended.push(key);
    while (this.#ended.length > keptEnded) {
      const oldest = this.#ended.shift() ?? '';
      this.#entries.delete(oldest);
      this.#forgotten.next(oldest);
    }
  }
}

/** The first that is heard of a chat: it is offered, or the session finds it open. */
function begins(entry: JournalEntry): boolean {
  if (entry.kind === 'interaction-began') return true;
  if (entry.kind !== 'notification' || entry.notification.kind !== 'interaction') return false;
  return entry.notification.update.state === 'Invited';
}

function interactionOf(entry: JournalEntry): string | undefined {
  switch (entry.kind) {
    case 'notification':
      return 'interactionId' in entry.notification ? entry.notification.interactionId : undefined;
    case 'operation':
      return entry.operation.interactionId;
    case 'outcome':
      return entry.outcome.operation.interactionId;
    case 'interaction-began':
    case 'interaction-ended':
    case 'owner':
    case 'noted':
    case 'assigned':
    case 'exposed':
    case 'shadow-began':
    case 'would-have':
    case 'problem':
      return entry.interactionId;
    default:
      return undefined;
  }
}
