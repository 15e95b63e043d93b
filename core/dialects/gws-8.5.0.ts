import { z } from 'zod';
import type { Target } from '../model/operation.ts';
import type { WireRequest } from '../model/wire-request.ts';
import { basePath } from './base-path.ts';
import { type Dialect, defineDialect, type OperationTable } from './dialect.ts';
import { decodeEvent } from './events.ts';
import { normaliseReply } from './reply.ts';
import { given, post, segment, sessionRequests } from './requests.ts';
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
  basePath,
});

export type Gws850Options = z.input<typeof gws850Options>;

/** GWS 8.5.0. Requests are the page's; events are reconstructed, since 8.5.0 documents none for chat. */
export function gws850(options: Gws850Options = {}): Dialect {
  const wire = gws850Options.parse(options);
  return defineDialect({
    name: 'gws-8.5.0',
    basePath: wire.basePath,
    notificationsPath: '/notifications',
    topics: [`${wire.topicPrefix}/me/interactions`],
    session: sessionRequests,
    operations: operations(wire),
    reply: normaliseReply,
    me: decodeMe,
    decode: (_topic, data) => decodeEvent(data),
  });
}

type Wire = z.output<typeof gws850Options>;

/** Capabilities are the wire names of the operations (8.5.2 "Chat Resources"; for 8.5.0 an inference). */
function operations({ notificationKey, consultationOp, conferenceOp, transferKeys }: Wire): OperationTable {
  return {
    accept: {
      encode: ({ interactionId, nickname }) => on(interactionId, 'Accept', { nickname }),
      capabilities: ['Accept'],
    },
    reject: { encode: ({ interactionId }) => on(interactionId, 'Reject'), capabilities: ['Reject'] },
    sendMessage: {
      // The page knows no member but the text.
      encode: ({ interactionId, text, messageType, treatAs }) =>
        messageType === undefined && treatAs === undefined
          ? on(interactionId, 'SendMessage', { text })
          : undefined,
      capabilities: ['SendMessage'],
    },
    sendTyping: {
      encode: ({ interactionId, typing }) =>
        on(interactionId, 'SendNotification', typingMembers(typing, notificationKey)),
      capabilities: ['SendNotification', 'SendStartTypingNotification', 'SendStopTypingNotification'],
    },
    transfer: {
      encode: ({ interactionId, to, farewell }) => {
        const members = transferMembers(to, transferKeys);
        return members === undefined || farewell !== undefined
          ? undefined
          : on(interactionId, 'Transfer', members);
      },
      capabilities: ['Transfer'],
    },
    stopProcessing: {
      encode: ({ interactionId, farewell }) =>
        farewell === undefined ? on(interactionId, 'StopProcessing') : undefined,
      capabilities: ['StopProcessing', 'Complete'],
    },
    requestHistory: {
      // `eventId` is read as the later versions' index: where to start, included (inference).
      encode: ({ interactionId, fromIndex }) =>
        on(interactionId, 'RequestChatHistory', given({ eventId: fromIndex?.toString() })),
    },
    startConsultation: {
      // The page knows a consultation with an agent only.
      encode: ({ interactionId, to }) =>
        'agentId' in to ? on(interactionId, consultationOp, { agentId: to.agentId }) : undefined,
      capabilities: [consultationOp, 'Consult'],
    },
    completeTransfer: bare('CompleteTransfer', ['CompleteTransfer', 'Transfer']),
    completeConference: bare(conferenceOp, ['CompleteConference', conferenceOp]),
    leaveConsultation: bare('LeaveChatConsultation'),
  };
}

function bare(
  operationName: string,
  capabilities: readonly string[] = [],
): { encode: (operation: { interactionId: string }) => WireRequest; capabilities: readonly string[] } {
  return { encode: ({ interactionId }) => on(interactionId, operationName), capabilities };
}

function on(interactionId: string, operationName: string, members?: Record<string, unknown>): WireRequest {
  return post(`/me/interactions/${segment(interactionId)}`, operationName, members);
}

function typingMembers(typing: boolean, key: Wire['notificationKey']): Record<string, string> {
  const value = typing ? 'TypingStarted' : 'TypingStopped';
  return key === 'both' ? { notifcation: value, notification: value } : { [key]: value };
}

function transferMembers(to: Target, keys: Wire['transferKeys']): Record<string, string> | undefined {
  if ('agentId' in to) return { [keys.agent]: to.agentId };
  return 'skill' in to ? { [keys.skill]: to.skill } : undefined;
}
