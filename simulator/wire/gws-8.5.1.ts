import { command, type Dialect, needing } from './dialect.ts';
import { gws850, transferring } from './gws-8.5.0.ts';

/**
 * GWS 8.5.1, "Interactions On Chat Channel": the names of the operations are known, their bodies are an inference
 * from the versions before and after; events as in 8.5.0.
 */
export const gws851: Dialect = {
  ...gws850,
  name: 'gws-8.5.1',
  version: '8.5.100.00-simulated',
  operations: {
    Accept: (body) =>
      needing(body.text('nickname'), 'nickname', (nickname) => ({ intent: 'accept', nickname })),
    Reject: () => command({ intent: 'reject' }),
    Send: (body) => needing(body.text('text'), 'text', (text) => ({ intent: 'sendMessage', text })),
    SendStartTypingNotification: () => command({ intent: 'sendTyping', typing: true }),
    SendStopTypingNotification: () => command({ intent: 'sendTyping', typing: false }),
    SingleStepTransfer: transferring,
    InviteUser: (body) =>
      needing(body.text('agentId'), 'agentId', (agentId) => ({ intent: 'invite', to: { agentId } })),
    LeaveConference: () => command({ intent: 'leaveConference' }),
    EndChatSession: () => command({ intent: 'leave' }),
    Complete: () => command({ intent: 'finish' }),
  },
  capabilities: () => ({
    accept: ['Accept'],
    reject: ['Reject'],
    sendMessage: ['Send'],
    sendTyping: ['SendStartTypingNotification', 'SendStopTypingNotification'],
    transfer: ['SingleStepTransfer'],
    invite: ['InviteUser'],
    leaveConference: ['LeaveConference'],
    leave: ['EndChatSession'],
    finish: ['Complete'],
  }),
  answersByStatus: {},
};
