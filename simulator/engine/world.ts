import type { SimulatorClock } from '../clock.ts';
import type { SimulatorLogEntry } from '../options.ts';
import { Ids } from './ids.ts';
import type { Agent, Chat, Part } from './part.ts';
import type { AgentEvent, Line } from './records.ts';

export interface WorldListener {
  /** An agent is told something. */
  onAgentEvent(agent: Agent, event: AgentEvent): void;
  /** A customer sees a line of the own chat. */
  onCustomerLine(chat: Chat, line: Line): void;
  onLog(entry: SimulatorLogEntry): void;
}

/** What everything in the engine shares: who there is, and how they are told. */
export class World {
  readonly ids = new Ids();
  readonly clock: SimulatorClock;
  readonly agents: readonly Agent[];
  readonly chats = new Map<string, Chat>();
  readonly #listener: WorldListener;

  constructor(clock: SimulatorClock, agents: readonly Agent[], listener: WorldListener) {
    this.clock = clock;
    this.agents = agents;
    this.#listener = listener;
  }

  log(event: string, details: Omit<SimulatorLogEntry, 'event'> = {}): void {
    this.#listener.onLog({ event, ...details });
  }

  tell(part: Part, kind: 'state' | 'participants'): void {
    this.#listener.onAgentEvent(part.agent, { kind, part: part.snapshot() });
  }

  tellError(part: Part, message: string): void {
    this.#listener.onAgentEvent(part.agent, { kind: 'error', part: part.snapshot(), message });
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
}
