import type { WireOptions } from '../options.ts';
import type { Body } from './body.ts';
import { command, type Dialect, needing, type Reading } from './dialect.ts';

/**
 * GWS 8.5.0, "Interactions On Chat Channel": requests as on the page. Events are an inference, since the page
 * shows none: the content of 8.5.2 in the envelope of 8.5.1.
 */
export const gws850: Dialect = {
  name: 'gws-8.5.0',
  version: '8.5.000.00-simulated',
  topics: ['/v2/me/interactions', '/me/interactions'],
  collection: 'interactions',
  resource: 'interaction',
  stateMessage: 'InteractionStateChanged',
  kindMember: 'interactionType',
  sharedIds: false,
  readable: false,
  operations: {
    Accept: (body) =>
      needing(body.text('nickname'), 'nickname', (nickname) => ({ intent: 'accept', nickname })),
    Reject: () => command({ intent: 'reject' }),
    SendMessage: (body) => needing(body.text('text'), 'text', (text) => ({ intent: 'sendMessage', text })),
    SendNotification: (body, { options }) =>
      needing(
        typingOf(body, options),
        options.notificationKey === 'notification' ? 'notification' : 'notifcation',
        (typing) => ({ intent: 'sendTyping', typing: typing === 'TypingStarted' }),
      ),
    Transfer: transferring,
    StopProcessing: () => command({ intent: 'finish' }),
    RequestChatHistory: (body) =>
      command({ intent: 'history', fromIndex: Number(body.optional('eventId') ?? 1) || 1 }),
    StartChatConsultation: (body) =>
      needing(body.text('agentId'), 'agentId', (agentId) => ({ intent: 'consult', to: { agentId } })),
    CompleteTransfer: () => command({ intent: 'completeTransfer' }),
    CompleteConference: (_body, { options }) =>
      options.conferenceOp === 'CompleteConference' ? command({ intent: 'completeConference' }) : undefined,
    LeaveChatConsultation: (_body, { options, ringing }) => leaving(options, ringing),
  },
  capabilities: ({ conferenceOp }) => ({
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
  }),
  answersByStatus: {
    StartChatConsultation: { failures: true },
    CompleteTransfer: { failures: true },
    CompleteConference: { failures: true },
    LeaveChatConsultation: { failures: true },
  },
  answersWithReference: [],
};

/** No page shows the body of a transfer before 8.5.2: its members are an inference. */
export function transferring(body: Body): Reading {
  const [agentId, skill] = [body.text('agentId'), body.text('skill')];
  if (agentId !== undefined) return command({ intent: 'transfer', to: { agentId } });
  return needing(skill, 'agentId or skill', (name) => ({ intent: 'transfer', to: { skill: name } }));
}

/** The page gives CompleteConference this body: with a colleague there it means that, else it ends the consultation. */
function leaving({ conferenceOp }: WireOptions, ringing: boolean): Reading {
  if (conferenceOp === 'CompleteConference') return command({ intent: 'leaveConsultation' });
  return ringing
    ? command({ intent: 'leaveConsultation' }, 'LeaveChatConsultation taken as the end of the consultation')
    : command({ intent: 'completeConference' }, 'LeaveChatConsultation taken as CompleteConference');
}

function typingOf(body: Body, { notificationKey, strict }: WireOptions): string | undefined {
  const keys = notificationKey === 'both' || !strict ? ['notifcation', 'notification'] : [notificationKey];
  const value = keys.map((key) => body.text(key)).find((found) => found !== undefined);
  return value === 'TypingStarted' || value === 'TypingStopped' ? value : undefined;
}
