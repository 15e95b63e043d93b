import type { AgentEvent, Line, ParticipantRecord, PartSnapshot } from '../engine/records.ts';
import type { WireOptions } from '../options.ts';
import type { Dialect } from './dialect.ts';

/** What one dialect, its options and the server's address make of the engine's records. */
export interface Writer {
  readonly dialect: Dialect;
  readonly options: WireOptions;
  /** For instance http://127.0.0.1:40123 */
  readonly origin: string;
}

/** A chat or an interaction as a resource (8.5.2 "Chat Resources"). */
export function resource(part: PartSnapshot, writer: Writer): Record<string, unknown> {
  const { dialect, options } = writer;
  const names = dialect.capabilities(options);
  const kind = options.chatType === 'inbound' ? 'Inbound' : part.kind;
  const isOver = part.state === 'Completed' || part.state === 'Revoked';
  return {
    id: part.interactionId,
    state: part.state,
    [dialect.kindMember]: kind,
    ...(part.parentInteractionId !== undefined &&
      !dialect.sharedIds && { parentInteractionId: part.parentInteractionId }),
    receivedDate: dateText(part.receivedAt),
    ...addressOf(part.interactionId, writer),
    ...(!(isOver && dialect.sharedIds) && {
      capabilities: part.capabilities.flatMap((intent) => names[intent] ?? []),
    }),
    participants: part.participants.map((one) => participant(one, writer)),
    userData: part.userData,
  };
}

/** The resource in an event: a change of state comes with an empty list of participants (8.5.2, after Accept). */
export function resourceInEvent(
  { kind, part }: Extract<AgentEvent, { part: unknown }>,
  writer: Writer,
): Record<string, unknown> {
  const whole = {
    ...resource(part, writer),
    ...(kind === 'state' && { participants: [] }),
  };
  if (writer.options.eventResource === 'whole' || part.state === 'Invited') return whole;
  const partial = ['id', 'state', 'uri', 'path', ...(kind === 'properties' ? ['userData'] : talk)];
  return Object.fromEntries(Object.entries(whole).filter(([key]) => partial.includes(key)));
}

const talk = ['capabilities', 'participants'];

export function addressOf(id: string, { dialect, origin }: Writer): { uri: string; path: string } {
  const path = `/${dialect.collection}/${id}`;
  return { uri: `${origin}/api/v2${path}`, path };
}

/** The short shape of 2014, or the full one of 2015 ("Send Custom Notice To Agents"). */
function participant(
  { id, type, nickname, userId, visibility }: ParticipantRecord,
  { options, origin }: Writer,
): object {
  const short = { type, nickname, participantId: id };
  if (options.participantShape === 'short') return short;
  const path = `/users/${userId}`;
  return { ...short, id, visibility, ...(userId !== undefined && { uri: `${origin}/api/v2${path}`, path }) };
}

/** A line of the transcript. */
export function message(line: Line, writer: Writer): object {
  const { timestampUnit, includeMessageType } = writer.options;
  const { index, type, text, url, noticeText, visibility, at, messageType } = line;
  return {
    index,
    type,
    ...(text !== undefined && { text }),
    ...(url !== undefined && { url }),
    ...(noticeText !== undefined && { noticeText }),
    ...(includeMessageType && messageType !== undefined && { messageType }),
    visibility,
    timestamp: dateText(at),
    timestampSeconds: timestampUnit === 'ms' ? at : Math.floor(at / 1_000),
    from: participant(line.from, writer),
  };
}

/** `yyyy-MM-dd HH:mm:ss.SSSZ` with a numeric zone (8.5.2). */
function dateText(at: number): string {
  return new Date(at).toISOString().replace('T', ' ').replace('Z', '+0000');
}
