import type { Command } from '../engine/contact-centre.ts';
import {
  type AgentEvent,
  type Intent,
  type Line,
  type ParticipantRecord,
  type PartSnapshot,
  type Result,
  refused,
  status,
} from '../engine/records.ts';
import type { WireOptions } from '../options.ts';
import { Body } from './body.ts';
import type { ParsedCommand, Wire } from './wire.ts';

/** The operations that answer with `status` where the others use `statusCode` (8.5.0 page). */
const consultationTrio = new Set([
  'StartChatConsultation',
  'CompleteTransfer',
  'CompleteConference',
  'LeaveChatConsultation',
]);

/**
 * GWS 8.5.0, "Interactions On Chat Channel": requests as on the page. Events are an inference, since the page
 * shows none: the content of 8.5.2 in the envelope of 8.5.1.
 */
export function gws850(options: WireOptions): Wire {
  return {
    topics: ['/v2/me/interactions', '/me/interactions'],
    parse: (body, ringing) => parse(new Body(body), options, ringing),
    reply: (operationName, result) => reply(operationName, result, options.replyKey),
    event: (event, origin) => shape(event, options, origin),
    resource: (event, origin) => interaction(event.part, options, origin),
  };
}

function parse(body: Body, options: WireOptions, ringing: boolean): ParsedCommand {
  const operationName = body.text('operationName');
  if (operationName === undefined) {
    return {
      ok: false,
      operationName: '',
      result: refused(status.missingParameter, 'operationName is missing'),
    };
  }
  const known = commandOf(operationName, body, options, ringing);
  if (known === undefined) {
    const result = refused(status.missingParameter, `operation ${operationName} is not known`);
    return { ok: false, operationName, result };
  }
  const fault = body.fault(options.strict);
  if (fault !== undefined || 'missing' in known) {
    const message = fault ?? `${operationName}: ${'missing' in known ? known.missing : ''} is missing`;
    return { ok: false, operationName, result: refused(status.missingParameter, message) };
  }
  const { note, ...command } = known;
  return { ok: true, operationName, command: command as Command, ...(note !== undefined && { note }) };
}

type Read = (Command & { note?: string }) | { missing: string; note?: string };

function commandOf(
  operationName: string,
  body: Body,
  options: WireOptions,
  ringing: boolean,
): Read | undefined {
  switch (operationName) {
    case 'Accept':
      return needing(body.text('nickname'), 'nickname', (nickname) => ({ intent: 'accept', nickname }));
    case 'Reject':
      return { intent: 'reject' };
    case 'SendMessage':
      return needing(body.text('text'), 'text', (text) => ({ intent: 'sendMessage', text }));
    case 'SendNotification':
      return needing(
        typingOf(body, options),
        options.notificationKey === 'notification' ? 'notification' : 'notifcation',
        (typing) => ({
          intent: 'sendTyping',
          typing: typing === 'TypingStarted',
        }),
      );
    case 'Transfer': {
      const [agentId, skill] = [body.text('agentId'), body.text('skill')];
      if (agentId !== undefined) return { intent: 'transfer', to: { agentId } };
      return needing(skill, 'agentId or skill', (name) => ({ intent: 'transfer', to: { skill: name } }));
    }
    case 'StopProcessing':
      return { intent: 'finish' };
    case 'RequestChatHistory':
      return { intent: 'history', fromIndex: Number(body.optional('eventId') ?? 1) || 1 };
    case 'StartChatConsultation':
      return needing(body.text('agentId'), 'agentId', (agentId) => ({ intent: 'consult', agentId }));
    case 'CompleteTransfer':
      return { intent: 'completeTransfer' };
    case 'CompleteConference':
      return options.conferenceOp === 'CompleteConference' ? { intent: 'completeConference' } : undefined;
    case 'LeaveChatConsultation':
      return leaving(options, ringing);
    default:
      return undefined;
  }
}

/** The page gives CompleteConference this body: with a colleague there it means that, else it ends the consultation. */
function leaving({ conferenceOp }: WireOptions, ringing: boolean): Read {
  if (conferenceOp === 'CompleteConference') return { intent: 'leaveConsultation' };
  return ringing
    ? { intent: 'leaveConsultation', note: 'LeaveChatConsultation taken as the end of the consultation' }
    : { intent: 'completeConference', note: 'LeaveChatConsultation taken as CompleteConference' };
}

function needing<Value>(value: Value | undefined, missing: string, make: (value: Value) => Command): Read {
  return value === undefined ? { missing } : make(value);
}

function typingOf(body: Body, { notificationKey, strict }: WireOptions): string | undefined {
  const keys = notificationKey === 'both' || !strict ? ['notifcation', 'notification'] : [notificationKey];
  const value = keys.map((key) => body.text(key)).find((found) => found !== undefined);
  return value === 'TypingStarted' || value === 'TypingStopped' ? value : undefined;
}

function reply(
  operationName: string,
  { status: code, message }: Result,
  replyKey: WireOptions['replyKey'],
): object {
  const key =
    replyKey === 'mixed' ? (consultationTrio.has(operationName) ? 'status' : 'statusCode') : replyKey;
  return message === undefined ? { [key]: code } : { [key]: code, statusMessage: message };
}

function shape(event: AgentEvent, options: WireOptions, origin: string): object {
  if (event.kind === 'lines') {
    return {
      messageType: 'MessageLogUpdated',
      notificationType: 'NewMessages',
      interactionId: event.interactionId,
      messages: event.lines.map((line) => message(line, options)),
    };
  }
  const notificationType = { state: 'StatusChange', participants: 'ParticipantsUpdated', error: 'Error' }[
    event.kind
  ];
  const resource = interaction(event.part, options, origin, event.kind === 'state');
  const head = {
    messageType: 'InteractionStateChanged',
    notificationType,
    ...(event.kind === 'error' && { errorMessage: event.message }),
  };
  switch (options.eventEnvelope) {
    case 'flat':
      return { ...head, ...resource };
    case 'chat':
      return { ...head, chat: resource };
    case 'interaction':
      return { ...head, interaction: resource };
  }
}

/** A change of state comes with an empty list of participants (8.5.2, notifications after Accept). */
function interaction(
  part: PartSnapshot,
  options: WireOptions,
  origin: string,
  withoutParticipants = false,
): object {
  return {
    id: part.interactionId,
    state: part.state,
    interactionType: part.kind,
    ...(part.parentInteractionId !== undefined && { parentInteractionId: part.parentInteractionId }),
    receivedDate: dateText(part.receivedAt),
    uri: `${origin}/api/v2/interactions/${part.interactionId}`,
    path: `/interactions/${part.interactionId}`,
    capabilities: part.capabilities.flatMap((intent) => capability(intent, options)),
    participants: withoutParticipants ? [] : part.participants.map(participant),
    userData: part.userData,
  };
}

function capability(intent: Intent, { conferenceOp }: WireOptions): string[] {
  const names: Readonly<Record<Intent, string[]>> = {
    accept: ['Accept'],
    reject: ['Reject'],
    sendMessage: ['SendMessage'],
    sendTyping: ['SendNotification'],
    transfer: ['Transfer'],
    finish: ['StopProcessing'],
    history: ['RequestChatHistory'],
    consult: ['StartChatConsultation'],
    completeTransfer: ['CompleteTransfer'],
    completeConference: [conferenceOp],
    leaveConsultation: conferenceOp === 'LeaveChatConsultation' ? [] : ['LeaveChatConsultation'],
  };
  return names[intent];
}

function participant({ id, type, nickname, userId }: ParticipantRecord): object {
  return { type, nickname, participantId: id, ...(userId !== undefined && { path: `/users/${userId}` }) };
}

function message(line: Line, { timestampUnit }: WireOptions): object {
  return {
    index: line.index,
    type: line.type,
    ...(line.text !== undefined && { text: line.text }),
    visibility: line.visibility,
    timestamp: dateText(line.at),
    timestampSeconds: timestampUnit === 'ms' ? line.at : Math.floor(line.at / 1_000),
    from: { ...participant(line.from), visibility: line.from.visibility },
  };
}

/** `yyyy-MM-dd HH:mm:ss.SSSZ` with a numeric zone (8.5.2). */
function dateText(at: number): string {
  return new Date(at).toISOString().replace('T', ' ').replace('Z', '+0000');
}
