import { describe, expect, it } from 'vitest';
import { gws851 } from '../../../core/dialects/gws-8.5.1.ts';
import type { OperationRequest } from '../../../core/model/operation.ts';

const encode = (request: OperationRequest, options = {}) =>
  gws851(options).encode({ ...request, interactionId: 'I1', plugin: 'tested' }, { origin: 'http://gws' });

describe('gws-8.5.1 sends', () => {
  it.each<[OperationRequest, object]>([
    [
      { name: 'accept', nickname: 'Ada' },
      { operationName: 'Accept', nickname: 'Ada' },
    ],
    [{ name: 'reject' }, { operationName: 'Reject' }],
    [
      { name: 'sendMessage', text: 'Hi' },
      { operationName: 'Send', text: 'Hi' },
    ],
    [{ name: 'sendTyping', typing: true }, { operationName: 'SendStartTypingNotification' }],
    [{ name: 'sendTyping', typing: false }, { operationName: 'SendStopTypingNotification' }],
    [
      { name: 'transfer', to: { agentId: 'bea' } },
      { operationName: 'SingleStepTransfer', agentId: 'bea' },
    ],
    [
      { name: 'invite', to: { agentId: 'bea' } },
      { operationName: 'InviteUser', agentId: 'bea' },
    ],
    [{ name: 'leave' }, { operationName: 'EndChatSession' }],
    [{ name: 'leaveConsultation' }, { operationName: 'LeaveConference' }],
    [{ name: 'stopProcessing' }, { operationName: 'Complete' }],
    [
      { name: 'requestHistory', fromIndex: 3 },
      { operationName: 'RequestChatHistory', eventId: '3' },
    ],
  ])('%o', (request, body) => {
    expect(encode(request)).toEqual({ method: 'POST', path: '/me/interactions/I1', body });
  });

  it.each<OperationRequest>([
    { name: 'startConsultation', to: { agentId: 'bea' } },
    { name: 'completeTransfer', colleagueId: 'bea' },
    { name: 'transfer', to: { skill: 'Cards' } },
    { name: 'transfer', to: { agentId: 'bea' }, farewell: 'Bye' },
    { name: 'sendMessage', text: 'Hi', treatAs: 'System' },
    { name: 'sendToAgents', text: 'Hi' },
  ])('nothing for %o, which it does not know', (request) => {
    expect(encode(request)).toBeUndefined();
  });

  it('what it only guesses under other names when told', () => {
    expect(encode({ name: 'invite', to: { agentId: 'bea' } }, { agentKey: 'userId' })?.body).toEqual({
      operationName: 'InviteUser',
      userId: 'bea',
    });
    expect(encode({ name: 'requestHistory' }, { historyOp: 'GetHistory' })?.body).toEqual({
      operationName: 'GetHistory',
    });
    expect(gws851({ topicPrefix: '' }).topics).toEqual(['/me/interactions']);
  });
});
