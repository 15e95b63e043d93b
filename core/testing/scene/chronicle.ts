import type { Operation } from '../../model/operation.ts';

/** One thing that happened, as failures tell it. */
export interface Event {
  /** Milliseconds since the beginning. */
  readonly at: number;
  readonly who: string;
  readonly what: string;
  /** Which plugin it was, or why it came to nothing. */
  readonly note?: string | undefined;
}

/** What happened in a test, in order. */
export class Chronicle {
  readonly #now: () => number;
  readonly #events: Event[] = [];

  /** `now`: milliseconds since the beginning. */
  constructor(now: () => number) {
    this.#now = now;
  }

  get events(): readonly Event[] {
    return this.#events;
  }

  tell(who: string, what: string, note?: string): void {
    this.#events.push({ at: this.#now(), who, what, note });
  }

  /** A line for each event, in columns. */
  get text(): string {
    if (this.#events.length === 0) return '  nothing happened';
    const width = Math.max(...this.#events.map(({ who }) => who.length));
    return this.#events
      .map(({ at, who, what, note }) => {
        const time = (at / 1_000).toFixed(3).padStart(9);
        return `${time}  ${who.padEnd(width)}  ${what}${note === undefined ? '' : `  [${note}]`}`;
      })
      .join('\n');
  }
}

/** What the agent does, as a transcript would tell it. */
export function deedText(operation: Operation): string {
  switch (operation.name) {
    case 'sendMessage':
      return JSON.stringify(operation.text);
    case 'sendTyping':
      return operation.typing ? 'types …' : 'stops typing';
    case 'accept':
      return 'accepts';
    case 'reject':
      return 'rejects the invitation';
    case 'stopProcessing':
      return 'finishes';
    default: {
      const { name, interactionId: _id, plugin: _plugin, once: _once, ...members } = operation;
      const details = JSON.stringify(members);
      return details === '{}' ? name : `${name} ${details}`;
    }
  }
}
