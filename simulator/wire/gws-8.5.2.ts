import type { Command, Farewell } from '../engine/command.ts';
import type { Body } from './body.ts';
import { command, type Dialect, needing, type Reading } from './dialect.ts';
import { targetOf } from './target.ts';

/** GWS 8.5.2, which is also that of 8.6: the pages of the "Chat API", each operation as on its own page. */
export const gws852: Dialect = {
  name: 'gws-8.5.2',
  version: '8.5.200.50-simulated',
  topics: ['/v2/me/chats', '/me/chats'],
  collection: 'chats',
  resource: 'chat',
  stateMessage: 'ChatStateChangeMessage',
  kindMember: 'chatType',
  sharedIds: true,
  readable: true,
  defaults: { eventEnvelope: 'chat' },
  operations: {
    Accept: (body) => {
      body.flag('saveLAR');
      return needing(body.text('nickname'), 'nickname', (nickname) => ({ intent: 'accept', nickname }));
    },
    Reject: () => command({ intent: 'reject' }),
    SendMessage: (body) =>
      needing(saying(body), 'text', (content) => ({ intent: 'sendMessage', ...content })),
    SendToAgents: (body) =>
      needing(saying(body), 'text', (content) => ({ intent: 'sendToAgents', ...content })),
    SendStartTypingNotification: () => command({ intent: 'sendTyping', typing: true }),
    SendStopTypingNotification: () => command({ intent: 'sendTyping', typing: false }),
    SendStartTypingToAgentsNotification: () => command({ intent: 'sendTypingToAgents', typing: true }),
    SendStopTypingToAgentsNotification: () => command({ intent: 'sendTypingToAgents', typing: false }),
    SendUrl: (body) => needing(body.text('url'), 'url', (url) => ({ intent: 'sendUrl', url })),
    SendCustomNotice: (body) =>
      needing(body.text('noticeText'), 'noticeText', (noticeText) => ({ intent: 'sendNotice', noticeText })),
    SendCustomNoticeToAgents: (body) =>
      needing(body.text('noticeText'), 'noticeText', (noticeText) => ({
        intent: 'sendNoticeToAgents',
        noticeText,
      })),
    Consult: (body, { options }) =>
      needing(targetOf(body, options), 'targetUri or targetPath', (to) => ({ intent: 'consult', to })),
    Invite: (body, { options }) =>
      needing(targetOf(body, options), 'targetUri or targetPath', (to) => ({ intent: 'invite', to })),
    Transfer: (body, { options }) => {
      const [target, queue] = [targetOf(body, options), body.text('queueName')];
      if (target !== undefined && queue !== undefined)
        body.refuse('targetUri and queueName exclude each other');
      const to = queue === undefined ? target : { skill: queue };
      const farewell = farewellOf(body);
      return needing(to, 'targetUri or queueName', (found) => ({ intent: 'transfer', to: found, farewell }));
    },
    Leave: (body) => command({ intent: 'leave', farewell: farewellOf(body) }),
    Complete: (body) => {
      body.flag('saveLAR');
      const [queue, farewell] = [body.text('queueName'), farewellOf(body)];
      return command({ intent: 'finish', farewell, ...(queue !== undefined && { to: { skill: queue } }) });
    },
    SetInFocus: () => command({ intent: 'setInFocus' }),
    SetDisposition: (body) => {
      const key = body.text('dispositionKey') ?? 'DispositionCode';
      return needing(body.text('disposition'), 'disposition', (disposition) => ({
        intent: 'setDisposition',
        key,
        disposition,
      }));
    },
    AttachUserData: setting,
    UpdateUserData: setting,
    DeleteUserData: (body) => {
      // No page shows the member: an inference.
      const keys = body.texts('keys') ?? Object.keys(body.userData('userData') ?? {});
      return keys.length === 0 ? { missing: 'keys' } : command({ intent: 'userData', remove: keys });
    },
    RemoveParticipantFromConference: (body, { options }) => {
      const farewell = farewellOf(body);
      // The table of 2014 says userUri, its own sample and the table of 2017 say targetUri.
      const to = targetOf(body, options, options.strict ? [] : ['userUri']);
      if (to !== undefined && !('agentId' in to)) body.refuse('targetUri must be the address of a user');
      const agentId = to !== undefined && 'agentId' in to ? to.agentId : undefined;
      return needing(agentId, 'targetUri or targetPath', (found) => ({
        intent: 'removeParticipant',
        agentId: found,
        farewell,
      }));
    },
  },
  capabilities: () => ({
    accept: ['Accept'],
    reject: ['Reject'],
    transfer: ['Transfer'],
    leave: ['Leave'],
    invite: ['Invite'],
    consult: ['Consult'],
    setInFocus: ['SetInFocus'],
    setDisposition: ['SetDisposition'],
    userData: ['AttachUserData', 'DeleteUserData', 'UpdateUserData'],
    finish: ['Complete'],
    sendMessage: ['SendMessage'],
    sendTyping: ['SendStartTypingNotification', 'SendStopTypingNotification'],
    sendUrl: ['SendUrl'],
    sendNotice: ['SendCustomNotice'],
    sendToAgents: ['SendToAgents'],
    sendTypingToAgents: ['SendStartTypingToAgentsNotification', 'SendStopTypingToAgentsNotification'],
    sendNoticeToAgents: ['SendCustomNoticeToAgents'],
    removeParticipant: ['RemoveParticipantFromConference'],
  }),
  answersByStatus: { Reject: { failures: false } },
  answersWithReference: ['Consult', 'Invite'],
};

function setting(body: Body): Reading {
  return needing(body.userData('userData'), 'userData', (set): Command => ({ intent: 'userData', set }));
}

/** `text`, and what may only come with it: `messageType`, `treatAs` (8.5.2 "Send Message", "Transfer"). */
function saying(body: Body): Farewell | undefined {
  const [text, messageType] = [body.text('text'), body.text('messageType')];
  body.oneOf('treatAs', ['Normal', 'System']);
  return text === undefined ? undefined : { text, ...(messageType !== undefined && { messageType }) };
}

function farewellOf(body: Body): Farewell | undefined {
  const farewell = saying(body);
  if (farewell !== undefined) return farewell;
  for (const extra of ['messageType', 'treatAs'] as const) {
    if (body.text(extra) !== undefined) body.refuse(`${extra} comes only with text`);
  }
  return undefined;
}
