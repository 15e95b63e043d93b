import { z } from 'zod';
import type { Target, TextTags } from '../model/operation.ts';
import type { WireRequest } from '../model/wire-request.ts';
import { basePath } from './base-path.ts';
import { type Dialect, defineDialect, type OperationTable } from './dialect.ts';
import { decodeEvent, decodeTranscriptOf } from './events.ts';
import { normaliseReply } from './reply.ts';
import { given, post, segment, sessionRequests } from './requests.ts';
import { decodeChats, decodeMe } from './user.ts';

/** Where the pages of 8.5.2 and 8.6 differ among themselves. The defaults follow the latest. */
export const gws852Options = z.strictObject({
  /** How a colleague or queue is named: by address, or by path (later pages). Default: 'targetUri'. */
  targetKey: z.enum(['targetUri', 'targetPath']).default('targetUri'),
  /** The path of a queue below the base, before its name (inference: only the parameter is documented). */
  queuePath: z.string().startsWith('/').default('/queues/'),
  /** What names the keys in `DeleteUserData` (inference). Default: 'keys'. */
  deleteKey: z.enum(['keys', 'userData']).default('keys'),
  /** Stores the agent for last-agent routing at Accept and Complete (`saveLAR`). Default: not said. */
  saveLastAgent: z.boolean().optional(),
  /** Below the origin of the server. Default: '/api/v2'. */
  basePath,
});

export type Gws852Options = z.input<typeof gws852Options>;

type Wire = z.output<typeof gws852Options>;

/** GWS 8.5.2 and 8.6.0, by far the best documented: "Chat Resources", "Chat Message Type" and a page per operation. */
export function gws852(options: Gws852Options = {}): Dialect {
  const wire = gws852Options.parse(options);
  return defineDialect({
    name: 'gws-8.5.2',
    basePath: wire.basePath,
    notificationsPath: '/notifications',
    topics: ['/v2/me/chats'],
    session: { ...sessionRequests, interactions: { method: 'GET', path: '/me/chats?fields=*' } },
    operations: { ...speaking, ...handing(wire), ...finishing(wire), ...annotating(wire) },
    reply: normaliseReply,
    me: decodeMe,
    interactions: decodeChats,
    history: decodeTranscriptOf,
    decode: (_topic, data) => decodeEvent(data),
  });
}

/** "Send Message", "Send Start Typing Notification", "Send To Agents", "Send URL", "Send Custom Notice To Agents". */
const speaking: OperationTable = {
  sendMessage: {
    encode: ({ interactionId, text, ...tags }) => on(interactionId, 'SendMessage', { text, ...tagsOf(tags) }),
    capabilities: ['SendMessage'],
  },
  sendTyping: {
    encode: ({ interactionId, typing }) =>
      on(interactionId, typing ? 'SendStartTypingNotification' : 'SendStopTypingNotification'),
    capabilities: ['SendStartTypingNotification', 'SendStopTypingNotification'],
  },
  sendToAgents: {
    encode: ({ interactionId, text, ...tags }) =>
      on(interactionId, 'SendToAgents', { text, ...tagsOf(tags) }),
    capabilities: ['SendToAgents'],
  },
  sendTypingToAgents: {
    encode: ({ interactionId, typing }) =>
      on(
        interactionId,
        typing ? 'SendStartTypingToAgentsNotification' : 'SendStopTypingToAgentsNotification',
      ),
    capabilities: ['SendStartTypingToAgentsNotification', 'SendStopTypingToAgentsNotification'],
  },
  // Some servers name no capability for it, so none is asked for.
  sendUrl: { encode: ({ interactionId, url }) => on(interactionId, 'SendUrl', { url }) },
  // The form to everybody is inferred from its twin.
  sendNotice: {
    encode: ({ interactionId, notice, audience }) =>
      on(interactionId, audience === 'All' ? 'SendCustomNotice' : 'SendCustomNoticeToAgents', {
        noticeText: notice,
      }),
  },
  /** The answer holds the lines ("Chat Resources"). */
  requestHistory: {
    encode: ({ interactionId, fromIndex }) => ({
      method: 'GET',
      path: `${chat(interactionId)}/messages${fromIndex === undefined ? '' : `?startIndex=${fromIndex}`}`,
    }),
  },
};

/** "Consult", "Invite", "Transfer", "Remove Participant From Conference". */
function handing(wire: Wire): OperationTable {
  return {
    invite: {
      encode: ({ interactionId, to }, { origin }) => withTarget(interactionId, 'Invite', to, wire, origin),
      capabilities: ['Invite'],
    },
    startConsultation: {
      encode: ({ interactionId, to }, { origin }) => withTarget(interactionId, 'Consult', to, wire, origin),
      capabilities: ['Consult'],
    },
    transfer: {
      encode: ({ interactionId, to, farewell }, { origin }) => {
        const members = 'queue' in to ? { queueName: to.queue } : targetMembers(to, wire, origin);
        return members && on(interactionId, 'Transfer', { ...members, ...given({ text: farewell }) });
      },
      capabilities: ['Transfer'],
    },
    // Two steps: after Consult, a Transfer to the colleague, or an Invite for a conference.
    completeTransfer: {
      encode: (operation, { origin, colleagueId }) =>
        toColleague('Transfer', operation, colleagueId, wire, origin),
      capabilities: ['Transfer'],
    },
    completeConference: {
      encode: (operation, { origin, colleagueId }) =>
        toColleague('Invite', operation, colleagueId, wire, origin),
      capabilities: ['Invite'],
    },
    // Leaving is for the colleague: whoever asked for the consultation and left would leave the customer too, and
    // sends the colleague away instead (inference).
    leaveConsultation: {
      encode: (operation, { origin, colleagueId }) =>
        toColleague('RemoveParticipantFromConference', operation, colleagueId, wire, origin) ??
        on(operation.interactionId, 'Leave'),
    },
    removeParticipant: {
      encode: ({ interactionId, agentId }, { origin }) =>
        withTarget(interactionId, 'RemoveParticipantFromConference', { agentId }, wire, origin),
    },
  };
}

/** "Accept", "Reject", "Leave", "Complete", "Set In Focus". */
function finishing({ saveLastAgent }: Wire): OperationTable {
  const last = given({ saveLAR: saveLastAgent });
  return {
    accept: {
      encode: ({ interactionId, nickname }) => on(interactionId, 'Accept', { nickname, ...last }),
      capabilities: ['Accept'],
    },
    reject: { encode: ({ interactionId }) => on(interactionId, 'Reject'), capabilities: ['Reject'] },
    leave: {
      encode: ({ interactionId, farewell }) => on(interactionId, 'Leave', given({ text: farewell })),
      capabilities: ['Leave'],
    },
    stopProcessing: {
      encode: ({ interactionId, farewell }) =>
        on(interactionId, 'Complete', { ...last, ...given({ text: farewell }) }),
      capabilities: ['Complete'],
    },
    setInFocus: {
      encode: ({ interactionId }) => on(interactionId, 'SetInFocus'),
      // Old samples write it short.
      capabilities: ['SetInFocus', 'InFocus'],
    },
  };
}

/** "Attach User Data", "Update User Data", "Delete User Data", "Set Disposition". */
function annotating({ deleteKey }: Wire): OperationTable {
  return {
    attachUserData: {
      encode: ({ interactionId, userData }) => on(interactionId, 'AttachUserData', { userData }),
      capabilities: ['AttachUserData'],
    },
    updateUserData: {
      encode: ({ interactionId, userData }) => on(interactionId, 'UpdateUserData', { userData }),
      capabilities: ['UpdateUserData'],
    },
    deleteUserData: {
      encode: ({ interactionId, keys }) =>
        on(interactionId, 'DeleteUserData', {
          [deleteKey]: deleteKey === 'keys' ? keys : Object.fromEntries(keys.map((key) => [key, ''])),
        }),
      capabilities: ['DeleteUserData'],
    },
    setDisposition: {
      encode: ({ interactionId, disposition, key }) =>
        on(interactionId, 'SetDisposition', { disposition, ...given({ dispositionKey: key }) }),
      capabilities: ['SetDisposition'],
    },
  };
}

function chat(interactionId: string): string {
  return `/me/chats/${segment(interactionId)}`;
}

function on(interactionId: string, operationName: string, members?: Record<string, unknown>): WireRequest {
  return post(chat(interactionId), operationName, members);
}

function tagsOf({ messageType, treatAs }: TextTags): Record<string, unknown> {
  return given({ messageType, treatAs });
}

function withTarget(
  interactionId: string,
  operationName: string,
  to: Target,
  wire: Wire,
  origin: string,
): WireRequest | undefined {
  const members = targetMembers(to, wire, origin);
  return members && on(interactionId, operationName, members);
}

/** To the colleague whom the operation names, else to the one who is there. */
function toColleague(
  operationName: string,
  { interactionId, colleagueId }: { interactionId: string; colleagueId?: string },
  present: string | undefined,
  wire: Wire,
  origin: string,
): WireRequest | undefined {
  const agentId = colleagueId ?? present;
  return agentId === undefined
    ? undefined
    : withTarget(interactionId, operationName, { agentId }, wire, origin);
}

/** 8.5.2 knows users and queues; a skill is a matter of the routing behind a queue. */
function targetMembers(
  to: Target,
  { targetKey, queuePath, basePath: base }: Wire,
  origin: string,
): Record<string, string> | undefined {
  if ('skill' in to) return undefined;
  const path = 'agentId' in to ? `/users/${segment(to.agentId)}` : `${queuePath}${segment(to.queue)}`;
  return { [targetKey]: targetKey === 'targetUri' ? `${origin}${base}${path}` : path };
}
