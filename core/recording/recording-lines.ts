import type { Agent } from '../model/agent.ts';
import type { JournalEntry } from '../model/journal-entry.ts';
import {
  type RecordedEvent,
  type RecordingHeader,
  recordedKinds,
  recordingVersion,
  type TextPolicy,
} from './recording.ts';
import { Redaction } from './redaction.ts';

export interface RecordingOptions {
  readonly agent: Agent;
  /** Default: 'redacted'. */
  readonly texts?: TextPolicy;
  /** The secret of the tags. */
  readonly key: string;
  /** When the recording begins, in milliseconds since 1970. */
  readonly at: number;
}

const kinds: ReadonlySet<string> = new Set(recordedKinds);

/** Turns what one agent's session records into the lines of a recording, redacted as asked for. */
export class RecordingLines {
  readonly header: string;
  readonly #options: RecordingOptions;
  readonly #redaction: Redaction;

  constructor(options: RecordingOptions) {
    this.#options = options;
    const { agent, texts = 'redacted', key, at } = options;
    this.#redaction = new Redaction({ key, texts, agent });
    const header: RecordingHeader = {
      format: 'usher-recording',
      version: recordingVersion,
      agent,
      texts,
      at,
    };
    this.header = `${JSON.stringify(header)}\n`;
  }

  /** The line of an entry; `undefined` for what is not kept, or of another agent. */
  line({ agent, at, ...event }: JournalEntry): string | undefined {
    if (agent !== this.#options.agent.username || !kinds.has(event.kind)) return undefined;
    const { kind, ...members } = this.#redaction.event(event as RecordedEvent);
    return `${JSON.stringify({ t: at - this.#options.at, kind, ...members })}\n`;
  }
}
