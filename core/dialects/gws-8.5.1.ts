import { z } from 'zod';
import type { WireRequest } from '../model/wire-request.ts';
import { basePath } from './base-path.ts';
import { type Dialect, defineDialect, type OperationTable } from './dialect.ts';
import { decodeEvent } from './events.ts';
import { normaliseReply } from './reply.ts';
import { given, post, segment, sessionRequests } from './requests.ts';
import { decodeMe } from './user.ts';

/** Where 8.5.1 is silent. Source: GWS 8.5.1 "Interactions On Chat Channel", whose bodies are not shown. */
export const gws851Options = z.strictObject({
  /** The member that names the colleague in `InviteUser` and `SingleStepTransfer` (inference). Default: 'agentId'. */
  agentKey: z.string().min(1).default('agentId'),
  /** The operation that has the transcript sent again, which the page does not name; 8.5.0's is tried. */
  historyOp: z.string().min(1).default('RequestChatHistory'),
  /** The text writes `/me/interactions`, code `/v2/me/interactions`. Default: '/v2'. */
  topicPrefix: z.enum(['/v2', '']).default('/v2'),
  /** Below the origin of the server. Default: '/api/v2'. */
  basePath,
});

export type Gws851Options = z.input<typeof gws851Options>;

/**
 * GWS 8.5.1: the names of the operations are documented, their bodies are not. What is marked "inference" below
 * has never been seen on a wire by anybody whose word is known.
 */
export function gws851(options: Gws851Options = {}): Dialect {
  const wire = gws851Options.parse(options);
  return defineDialect({
    name: 'gws-8.5.1',
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

function operations({ agentKey, historyOp }: z.output<typeof gws851Options>): OperationTable {
  return {
    // Inference: the nickname is 8.5.0's and 8.5.2's.
    accept: {
      encode: ({ interactionId, nickname }) => on(interactionId, 'Accept', { nickname }),
      capabilities: ['Accept'],
    },
    reject: { encode: ({ interactionId }) => on(interactionId, 'Reject'), capabilities: ['Reject'] },
    // Inference: `text`, as in 8.5.0 and 8.5.2; only the name `Send` is documented.
    sendMessage: {
      encode: ({ interactionId, text, messageType, treatAs }) =>
        messageType === undefined && treatAs === undefined ? on(interactionId, 'Send', { text }) : undefined,
      capabilities: ['Send', 'SendMessage'],
    },
    sendTyping: {
      encode: ({ interactionId, typing }) =>
        on(interactionId, typing ? 'SendStartTypingNotification' : 'SendStopTypingNotification'),
      capabilities: ['SendStartTypingNotification', 'SendStopTypingNotification'],
    },
    // Inference: the member that names the colleague.
    transfer: {
      encode: ({ interactionId, to, farewell }) =>
        'agentId' in to && farewell === undefined
          ? on(interactionId, 'SingleStepTransfer', { [agentKey]: to.agentId })
          : undefined,
      capabilities: ['SingleStepTransfer'],
    },
    // Inference: the member that names the colleague.
    invite: {
      encode: ({ interactionId, to }) =>
        'agentId' in to ? on(interactionId, 'InviteUser', { [agentKey]: to.agentId }) : undefined,
      capabilities: ['InviteUser'],
    },
    // Ends the session for the customer and keeps the interaction for after-work.
    leave: {
      encode: ({ interactionId, farewell }) =>
        farewell === undefined ? on(interactionId, 'EndChatSession') : undefined,
      capabilities: ['EndChatSession'],
    },
    // A colleague of 8.5.1 is in a conference, there is no consultation: leaving it goes by its name.
    leaveConsultation: { encode: ({ interactionId }) => on(interactionId, 'LeaveConference') },
    stopProcessing: {
      encode: ({ interactionId, farewell }) =>
        farewell === undefined ? on(interactionId, 'Complete') : undefined,
      capabilities: ['Complete'],
    },
    requestHistory: {
      encode: ({ interactionId, fromIndex }) =>
        on(interactionId, historyOp, given({ eventId: fromIndex?.toString() })),
    },
  };
}

function on(interactionId: string, operationName: string, members?: Record<string, unknown>): WireRequest {
  return post(`/me/interactions/${segment(interactionId)}`, operationName, members);
}
