import { z } from 'zod';
import type { Operation, OperationName, Target } from '../model/operation.ts';
import type { WireRequest } from '../model/wire-request.ts';
import type { Dialect } from './dialect.ts';
import { decodeEvent } from './events.ts';
import { normaliseReply } from './reply.ts';
import { decodeMe } from './user.ts';

/**
 * What the 8.5.0 page leaves open or spells oddly. The defaults follow the page to the letter.
 * Source: GWS 8.5.0 "Interactions On Chat Channel".
 */
export const gws850Options = z.strictObject({
  /** The key of `SendNotification`; the page writes `notifcation`. Default: 'notifcation'. */
  notificationKey: z.enum(['notifcation', 'notification', 'both']).default('notifcation'),
  /** The wire name that starts a consultation; the page's heading says otherwise. Default: 'StartChatConsultation'. */
  consultationOp: z.enum(['StartChatConsultation', 'InitiateConsultation']).default('StartChatConsultation'),
  /** The wire name of `CompleteConference`, whose body on the page is another's. Default: 'LeaveChatConsultation'. */
  conferenceOp: z.enum(['LeaveChatConsultation', 'CompleteConference']).default('LeaveChatConsultation'),
  /** The members of the undocumented `Transfer` body (inference). Default: `agentId`, `skill`. */
  transferKeys: z
    .strictObject({ agent: z.string().min(1).default('agentId'), skill: z.string().min(1).default('skill') })
    .prefault({}),
  /** Where the events come from; 8.5.0 text writes `/me/interactions`, code `/v2/me/interactions`. Default: '/v2'. */
  topicPrefix: z.enum(['/v2', '']).default('/v2'),
  /** Below the origin of the server. Default: '/api/v2'. */
  basePath: z
    .string()
    .startsWith('/')
    .transform((path) => path.replace(/\/+$/, ''))
    .default('/api/v2'),
});

export type Gws850Options = z.input<typeof gws850Options>;

/** GWS 8.5.0. Requests are the page's; events are reconstructed, since 8.5.0 documents none for chat. */
export function gws850(options: Gws850Options = {}): Dialect {
  const wire = gws850Options.parse(options);
  return {
    name: 'gws-8.5.0',
    basePath: wire.basePath,
    notificationsPath: '/notifications',
    topics: [`${wire.topicPrefix}/me/interactions`],
    session: {
      version: { method: 'GET', path: '/diagnostics/version' },
      me: { method: 'GET', path: '/me?subresources=*' },
      start: (place) =>
        post('/me', 'StartContactCenterSession', { channels: ['chat'], ...(place && { place }) }),
      ready: post('/me/channels/chat', 'Ready'),
      notReady: post('/me/channels/chat', 'NotReady'),
      end: post('/me', 'EndContactCenterSession'),
    },
    encode: (operation) => encode(operation, wire),
    capabilities: (operation) => capabilitiesOf(operation, wire),
    reply: normaliseReply,
    me: decodeMe,
    decode: (_topic, data) => decodeEvent(data),
  };
}

type Wire = z.output<typeof gws850Options>;

function encode(operation: Operation, wire: Wire): WireRequest | undefined {
  const path = `/me/interactions/${encodeURIComponent(operation.interactionId.toWellFormed())}`;
  switch (operation.name) {
    case 'accept':
      return post(path, 'Accept', { nickname: operation.nickname });
    case 'reject':
      return post(path, 'Reject');
    case 'sendMessage':
      return post(path, 'SendMessage', { text: operation.text });
    case 'sendTyping':
      return post(path, 'SendNotification', typingMembers(operation.typing, wire.notificationKey));
    case 'transfer':
      return post(path, 'Transfer', transferMembers(operation.to, wire.transferKeys));
    case 'stopProcessing':
      return post(path, 'StopProcessing');
    case 'requestHistory':
      return post(path, 'RequestChatHistory', eventIdMember(operation.fromIndex));
    case 'startConsultation':
      // The page knows a consultation with an agent only, none with a skill.
      return 'agentId' in operation.to
        ? post(path, wire.consultationOp, { agentId: operation.to.agentId })
        : undefined;
    case 'completeTransfer':
      return post(path, 'CompleteTransfer');
    case 'completeConference':
      return post(path, wire.conferenceOp);
    case 'leaveConsultation':
      return post(path, 'LeaveChatConsultation');
  }
}

function post(path: string, operationName: string, members: Record<string, unknown> = {}): WireRequest {
  return { method: 'POST', path, body: { operationName, ...members } };
}

function typingMembers(typing: boolean, key: Wire['notificationKey']): Record<string, string> {
  const value = typing ? 'TypingStarted' : 'TypingStopped';
  return key === 'both' ? { notifcation: value, notification: value } : { [key]: value };
}

function transferMembers(to: Target, keys: Wire['transferKeys']): Record<string, string> {
  return 'agentId' in to ? { [keys.agent]: to.agentId } : { [keys.skill]: to.skill };
}

/** `eventId` is read as the later versions' index: where to start, included (inference). */
function eventIdMember(fromIndex: number | undefined): Record<string, string> {
  return fromIndex === undefined ? {} : { eventId: String(fromIndex) };
}

/** Capabilities are the wire names of the operations (8.5.2 "Chat Resources"; for 8.5.0 an inference). */
function capabilitiesOf(operation: OperationName, wire: Wire): readonly string[] {
  switch (operation) {
    case 'accept':
      return ['Accept'];
    case 'reject':
      return ['Reject'];
    case 'sendMessage':
      return ['SendMessage'];
    case 'sendTyping':
      return ['SendNotification', 'SendStartTypingNotification', 'SendStopTypingNotification'];
    case 'transfer':
      return ['Transfer'];
    case 'stopProcessing':
      return ['StopProcessing', 'Complete'];
    case 'startConsultation':
      return [wire.consultationOp, 'Consult'];
    case 'completeTransfer':
      return ['CompleteTransfer', 'Transfer'];
    case 'completeConference':
      return ['CompleteConference', wire.conferenceOp];
    case 'requestHistory':
    case 'leaveConsultation':
      return [];
  }
}
