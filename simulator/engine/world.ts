import type { SimulatorClock } from '../clock.ts';
import type { SimulatorLogEntry } from '../options.ts';
import { Ids } from './ids.ts';
import type { Agent, Chat, Part } from './part.ts';
import type {
  AgentEvent,
  Line,
  LineContent,
  LineType,
  ParticipantRecord,
  Result,
  Visibility,
} from './records.ts';

export interface WorldListener {
  /** An agent is told something. */
  onAgentEvent(agent: Agent, event: AgentEvent): void;
  /** A customer sees a line of the own chat. */
  onCustomerLine(chat: Chat, line: Line): void;
  /** A line is about to be written: how many indexes go to lines that nobody here sees. */
  skippedBefore(chat: Chat): number;
  onLog(entry: SimulatorLogEntry): void;
}

/** What everything in the engine shares: who there is, and how they are told. */
export class World {
  readonly ids = new Ids();
  readonly clock: SimulatorClock;
  readonly agents: readonly Agent[];
  readonly chats = new Map<string, Chat>();
  readonly #listener: WorldListener;
  #lastReference = 0;
  #acting: { readonly part: Part; readonly reference: number } | undefined;

  constructor(clock: SimulatorClock, agents: readonly Agent[], listener: WorldListener) {
    this.clock = clock;
    this.agents = agents;
    this.#listener = listener;
  }

  log(event: string, details: Omit<SimulatorLogEntry, 'event'> = {}): void {
    this.#listener.onLog({ event, ...details });
  }

  /** Numbers a request: what its own agent is told because of it refers to the number (8.5.2 `referenceId`). */
  requested(part: Part, perform: () => Result): Result {
    this.#lastReference += 1;
    const reference = this.#lastReference;
    this.#acting = { part, reference };
    try {
      return { ...perform(), reference };
    } finally {
      this.#acting = undefined;
    }
  }

  tell(part: Part, kind: 'state' | 'participants' | 'properties'): void {
    // The participants come without it in every sample of 8.5.2.
    const reference = kind === 'participants' ? {} : this.#referenceOf(part);
    this.#listener.onAgentEvent(part.agent, { kind, part: part.snapshot(), ...reference });
  }

  tellError(part: Part, message: string): void {
    const event = { kind: 'error', part: part.snapshot(), message, ...this.#referenceOf(part) } as const;
    this.#listener.onAgentEvent(part.agent, event);
  }

  /** Adds a line to the transcript. */
  write(
    chat: Chat,
    type: LineType,
    from: ParticipantRecord,
    content: LineContent & { visibility?: Visibility } = {},
  ): Line {
    chat.skip(this.#listener.skippedBefore(chat));
    return chat.write(type, from, this.clock.now(), content);
  }

  /** Sends lines to one agent. */
  sendLines(part: Part, lines: readonly Line[]): void {
    if (lines.length === 0) return;
    const { interactionId, chat } = part;
    this.#listener.onAgentEvent(part.agent, { kind: 'lines', interactionId, chatId: chat.id, lines });
  }

  /** Shows a new line to everybody in the chat who may see it. */
  spread(chat: Chat, line: Line): void {
    for (const part of chat.active) this.sendLines(part, [line]);
    this.showCustomer(chat, line);
  }

  /** Shows a line to the customer, if it is not for agents only. */
  showCustomer(chat: Chat, line: Line): void {
    if (line.visibility === 'All') this.#listener.onCustomerLine(chat, line);
  }

  /** Tells every agent of the chat who is in it now. */
  tellParticipants(chat: Chat): void {
    for (const part of chat.active) this.tell(part, 'participants');
  }

  #referenceOf(part: Part): { reference?: number } {
    return this.#acting?.part === part ? { reference: this.#acting.reference } : {};
  }
}
