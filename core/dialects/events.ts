import type { z } from 'zod';
import { messageOf } from '../errors.ts';
import type { InteractionKind, InteractionState, InteractionUpdate } from '../model/interaction.ts';
import type { TranscriptLine } from '../model/message.ts';
import type { InteractionChanged, MalformedNotification, Notification } from '../model/notification.ts';
import type { Participant } from '../model/participant.ts';
import { channelRecord, interactionRecord, messageRecord, type participantRecord } from './records.ts';

type Fields = Readonly<Record<string, unknown>>;

/**
 * Reads a notification of any of the documented envelopes: the interaction directly in `data` (8.5.0), under
 * `data.interaction` (8.5.1), or under `data.chat` (8.5.2). Dispatches on `messageType`, refines on
 * `notificationType` (8.5.2 "Chat Message Type"). Never throws.
 */
export function decodeEvent(data: unknown): Notification {
  try {
    return decode(data);
  } catch (thrown) {
    // Data so deep that reading it exhausts the stack.
    return malformed(`data cannot be read: ${messageOf(thrown)}`);
  }
}

function decode(data: unknown): Notification {
  if (!isFields(data)) return malformed(`data is ${describe(data)}, expected an object`);
  const messageType = data['messageType'];
  switch (messageType) {
    case 'InteractionStateChanged':
    case 'ChatStateChangeMessage':
      return decodeInteraction(data);
    case 'MessageLogUpdated':
      return decodeTranscript(data);
    case 'ChannelStateChangeMessageV2':
    case 'ChannelStateChanged':
      return decodeChannels(data);
    case undefined:
      // 8.5.0 and 8.5.1 samples carry no messageType at all.
      if (data['interaction'] !== undefined || data['state'] !== undefined) return decodeInteraction(data);
      if (data['messages'] !== undefined) return decodeTranscript(data);
      if (data['channels'] !== undefined) return decodeChannels(data);
      return malformed('messageType is missing');
    default:
      return { kind: 'unknown', messageType: describe(messageType) };
  }
}

/** Reads an interaction resource as if a notification had brought it; for snapshots. */
export function decodeInteraction(data: Fields): InteractionChanged | Notification {
  const place = ['interaction', 'chat'].find((key) => data[key] !== undefined);
  const resource = place === undefined ? data : data[place];
  const parsed = interactionRecord.safeParse(resource);
  if (!parsed.success) {
    const id = isFields(resource) ? resource['id'] : undefined;
    const problem = malformed(issueText(parsed.error, data, place));
    return typeof id === 'string' && id !== '' ? { ...problem, interactionId: id } : problem;
  }
  const record = parsed.data;
  const update: InteractionUpdate = {
    ...(record.state === undefined ? {} : { state: record.state as InteractionState }),
    ...kindOf(record.chatType ?? record.interactionType),
    ...(record.participants === undefined ? {} : { participants: record.participants.map(toParticipant) }),
    ...(record.capabilities === undefined ? {} : { capabilities: record.capabilities }),
    ...(record.userData === undefined ? {} : { userData: record.userData }),
    ...(record.parentInteractionId === undefined ? {} : { parentId: record.parentInteractionId }),
  };
  const change = changeOf(data['notificationType']);
  const referenceId = data['referenceId'];
  return {
    kind: 'interaction',
    interactionId: record.id,
    change,
    update,
    ...(change === 'Error' && { error: errorText(data) }),
    ...(typeof referenceId === 'number' && { referenceId }),
  };
}

function decodeTranscript(data: Fields): Notification {
  const interactionId = interactionIdOf(data);
  if (interactionId === undefined) {
    return malformed('none of interactionId, id, chatPath and chatUri names the interaction');
  }
  return transcript(interactionId, data);
}

/** Reads a transcript that was asked for by the interaction's own address. Never throws. */
export function decodeTranscriptOf(interactionId: string, body: unknown): Notification {
  try {
    return isFields(body)
      ? transcript(interactionId, body)
      : malformed(`the transcript is ${describe(body)}, expected an object`);
  } catch (thrown) {
    return malformed(`the transcript cannot be read: ${messageOf(thrown)}`);
  }
}

function transcript(interactionId: string, data: Fields): Notification {
  const messages = data['messages'];
  if (!Array.isArray(messages)) return malformed(`messages is ${describe(messages)}, expected an array`);
  const lines: TranscriptLine[] = [];
  const problems: string[] = [];
  for (const [at, message] of messages.entries()) {
    const parsed = messageRecord.safeParse(message);
    if (parsed.success) lines.push(toLine(parsed.data));
    else problems.push(`messages[${at}]${issueText(parsed.error, message)}`);
  }
  return { kind: 'transcript', interactionId, lines, problems };
}

function decodeChannels(data: Fields): Notification {
  const channels = Array.isArray(data['channels']) ? data['channels'] : [];
  const states = channels.flatMap((entry) => {
    const parsed = channelRecord.safeParse(entry);
    if (!parsed.success || parsed.data.userState === undefined) return [];
    return [{ channel: parsed.data.channel, state: parsed.data.userState.state }];
  });
  return { kind: 'channel', channels: states };
}

/** The log has no id of its own in 8.5.2: it is the last part of `chatPath` or `chatUri`. */
function interactionIdOf(data: Fields): string | undefined {
  for (const key of ['interactionId', 'id', 'chatPath', 'chatUri']) {
    const value = data[key];
    if (typeof value === 'string' && value !== '') return lastSegment(value);
  }
  return undefined;
}

function toParticipant(record: z.output<typeof participantRecord>): Participant {
  const address = record.path ?? record.uri;
  const userId = record.type === 'Agent' && address?.includes('/users/') ? lastSegment(address) : undefined;
  const { participantId: id, type, nickname } = record;
  return userId === undefined ? { id, type, nickname } : { id, type, nickname, userId };
}

function toLine(record: z.output<typeof messageRecord>): TranscriptLine {
  const at = instantOf(record.timestampSeconds, record.timestamp);
  return {
    index: record.index,
    type: record.type,
    from: toParticipant(record.from),
    text: record.text ?? record.url ?? record.noticeText ?? '',
    // Only what is said to be for all is for the customer.
    visibility: (record.visibility ?? 'All') === 'All' ? 'All' : 'Agents',
    ...(at === undefined ? {} : { at }),
  };
}

const latestInSeconds = 1e11;

/** `timestampSeconds` is milliseconds in 8.5.2 and seconds in Workspace 9: told apart by magnitude. */
function instantOf(timestampSeconds: number | undefined, timestamp: string | undefined): number | undefined {
  if (timestampSeconds !== undefined) {
    return timestampSeconds < latestInSeconds ? timestampSeconds * 1000 : timestampSeconds;
  }
  const iso = timestamp?.replace(' ', 'T').replace(/([+-]\d\d)(\d\d)$/, '$1:$2');
  const at = iso === undefined ? Number.NaN : Date.parse(iso);
  return Number.isNaN(at) ? undefined : at;
}

const kinds: Readonly<Record<string, InteractionKind>> = {
  Inbound: 'inbound',
  Consult: 'consultation',
  Internal: 'consultation',
  Transfer: 'transfer',
  Conference: 'conference',
};

function kindOf(type: string | undefined): { kind?: InteractionKind } {
  const kind = type !== undefined && Object.hasOwn(kinds, type) ? kinds[type] : undefined;
  return kind === undefined ? {} : { kind };
}

function changeOf(notificationType: unknown): InteractionChanged['change'] {
  switch (notificationType) {
    case 'ParticipantsUpdated':
    case 'PropertiesUpdated':
    case 'Error':
      return notificationType;
    default:
      return 'StatusChange';
  }
}

function errorText(data: Fields): string {
  const text = data['errorMessage'] ?? data['statusMessage'] ?? data['errorCode'];
  return text === undefined ? 'no reason given' : String(text);
}

function lastSegment(path: string): string {
  const trimmed = path.replace(/\/+$/, '');
  return trimmed.slice(trimmed.lastIndexOf('/') + 1);
}

function malformed(problem: string): MalformedNotification {
  return { kind: 'malformed', problem };
}

function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Names the field and what stood there, without quoting a customer's words. */
function issueText(error: z.ZodError, value: unknown, prefix = ''): string {
  const issue = error.issues[0];
  const path = (issue?.path ?? []).map((key) => (typeof key === 'number' ? `[${key}]` : `.${String(key)}`));
  const found = describe(valueAt(prefix === '' ? value : (value as Fields)[prefix], issue?.path ?? []));
  return `${prefix}${path.join('')} is ${found}: ${issue?.message ?? 'cannot be read'}`;
}

function valueAt(value: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>(
    (at, key) =>
      typeof at === 'object' && at !== null ? (at as Record<PropertyKey, unknown>)[key] : undefined,
    value,
  );
}

/** Longer texts may be a customer's words, which have no place in a log. */
const longestQuote = 40;

function describe(value: unknown): string {
  if (value === undefined) return 'missing';
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'an array';
  if (typeof value === 'object') return 'an object';
  if (typeof value === 'string' && value.length > longestQuote)
    return `a string of ${value.length} characters`;
  return JSON.stringify(value);
}
