import type { Command } from '../engine/contact-centre.ts';
import type { AgentEvent, Result } from '../engine/records.ts';

export type ParsedCommand =
  | { readonly ok: true; readonly operationName: string; readonly command: Command; readonly note?: string }
  | { readonly ok: false; readonly operationName: string; readonly result: Result };

/** How a version of GWS spells what the engine says and understands. */
export interface Wire {
  /** The topics an event may be delivered on, the preferred one first. */
  readonly topics: readonly string[];
  /** Reads the body of an operation. `ringing`: a consultation is running that nobody has joined. */
  parse(body: unknown, ringing: boolean): ParsedCommand;
  reply(operationName: string, result: Result): object;
  event(event: AgentEvent, origin: string): object;
  /** The interaction as a resource, for snapshots. */
  resource(event: Extract<AgentEvent, { part: unknown }>, origin: string): object;
}
