import { describe, expect, it } from 'vitest';
import { type Gws852Options, gws852 } from '../../../core/dialects/gws-8.5.2.ts';
import type { OperationRequest } from '../../../core/model/operation.ts';

const origin = 'https://gws.example.test';

const encode = (request: OperationRequest, options: Gws852Options = {}) =>
  gws852(options).encode({ ...request, interactionId: 'C1', plugin: 'tested' }, { origin });

const bea = `${origin}/api/v2/users/bea`;

describe('gws-8.5.2 sends', () => {
  const bodies: readonly [OperationRequest, object][] = [
    [
      { name: 'accept', nickname: 'Ada' },
      { operationName: 'Accept', nickname: 'Ada' },
    ],
    [{ name: 'reject', reason: 'lunch' }, { operationName: 'Reject' }],
    [
      { name: 'sendMessage', text: 'Hé 👋' },
      { operationName: 'SendMessage', text: 'Hé 👋' },
    ],
    [
      { name: 'sendMessage', text: 'Hi', messageType: 'Greeting', treatAs: 'System' },
      { operationName: 'SendMessage', text: 'Hi', messageType: 'Greeting', treatAs: 'System' },
    ],
    [{ name: 'sendTyping', typing: true }, { operationName: 'SendStartTypingNotification' }],
    [{ name: 'sendTyping', typing: false }, { operationName: 'SendStopTypingNotification' }],
    [
      { name: 'sendToAgents', text: 'hm', treatAs: 'Normal' },
      { operationName: 'SendToAgents', text: 'hm', treatAs: 'Normal' },
    ],
    [{ name: 'sendTypingToAgents', typing: true }, { operationName: 'SendStartTypingToAgentsNotification' }],
    [{ name: 'sendTypingToAgents', typing: false }, { operationName: 'SendStopTypingToAgentsNotification' }],
    [
      { name: 'sendUrl', url: 'https://example.test/card' },
      { operationName: 'SendUrl', url: 'https://example.test/card' },
    ],
    [
      { name: 'sendNotice', notice: 'vip', audience: 'Agents' },
      { operationName: 'SendCustomNoticeToAgents', noticeText: 'vip' },
    ],
    [
      { name: 'sendNotice', notice: 'vip', audience: 'All' },
      { operationName: 'SendCustomNotice', noticeText: 'vip' },
    ],
    [
      { name: 'transfer', to: { agentId: 'bea' } },
      { operationName: 'Transfer', targetUri: bea },
    ],
    [
      { name: 'transfer', to: { queue: 'Cards' }, farewell: 'Goodbye' },
      { operationName: 'Transfer', queueName: 'Cards', text: 'Goodbye' },
    ],
    [
      { name: 'startConsultation', to: { agentId: 'bea' } },
      { operationName: 'Consult', targetUri: bea },
    ],
    [
      { name: 'startConsultation', to: { queue: 'Card desk' } },
      { operationName: 'Consult', targetUri: `${origin}/api/v2/queues/Card%20desk` },
    ],
    [
      { name: 'invite', to: { agentId: 'bea' } },
      { operationName: 'Invite', targetUri: bea },
    ],
    [
      { name: 'completeTransfer', colleagueId: 'bea' },
      { operationName: 'Transfer', targetUri: bea },
    ],
    [
      { name: 'completeConference', colleagueId: 'bea' },
      { operationName: 'Invite', targetUri: bea },
    ],
    [{ name: 'leaveConsultation' }, { operationName: 'Leave' }],
    [
      { name: 'leaveConsultation', colleagueId: 'bea' },
      { operationName: 'RemoveParticipantFromConference', targetUri: bea },
    ],
    [
      { name: 'removeParticipant', agentId: 'bea' },
      { operationName: 'RemoveParticipantFromConference', targetUri: bea },
    ],
    [{ name: 'leave' }, { operationName: 'Leave' }],
    [
      { name: 'leave', farewell: 'Bye' },
      { operationName: 'Leave', text: 'Bye' },
    ],
    [{ name: 'stopProcessing' }, { operationName: 'Complete' }],
    [
      { name: 'stopProcessing', farewell: 'Bye' },
      { operationName: 'Complete', text: 'Bye' },
    ],
    [
      { name: 'attachUserData', userData: { a: 1 } },
      { operationName: 'AttachUserData', userData: { a: 1 } },
    ],
    [
      { name: 'updateUserData', userData: { a: 'b' } },
      { operationName: 'UpdateUserData', userData: { a: 'b' } },
    ],
    [
      { name: 'deleteUserData', keys: ['a'] },
      { operationName: 'DeleteUserData', keys: ['a'] },
    ],
    [
      { name: 'setDisposition', disposition: 'Resolved' },
      { operationName: 'SetDisposition', disposition: 'Resolved' },
    ],
    [
      { name: 'setDisposition', disposition: 'Resolved', key: 'DispositionCode' },
      { operationName: 'SetDisposition', disposition: 'Resolved', dispositionKey: 'DispositionCode' },
    ],
    [{ name: 'setInFocus' }, { operationName: 'SetInFocus' }],
  ];

  it.each(bodies)('%o as its page shows it', (request, body) => {
    expect(encode(request)).toEqual({ method: 'POST', path: '/me/chats/C1', body });
  });

  it('a GET for the transcript, from an index on or whole', () => {
    expect(encode({ name: 'requestHistory', fromIndex: 12 })).toEqual({
      method: 'GET',
      path: '/me/chats/C1/messages?startIndex=12',
    });
    expect(encode({ name: 'requestHistory' })).toEqual({ method: 'GET', path: '/me/chats/C1/messages' });
  });

  it.each<[Gws852Options, OperationRequest, object]>([
    [{ targetKey: 'targetPath' }, { name: 'invite', to: { agentId: 'bea' } }, { targetPath: '/users/bea' }],
    [
      { queuePath: '/q/' },
      { name: 'startConsultation', to: { queue: 'A' } },
      { targetUri: `${origin}/api/v2/q/A` },
    ],
    [{ deleteKey: 'userData' }, { name: 'deleteUserData', keys: ['a'] }, { userData: { a: '' } }],
    [{ saveLastAgent: true }, { name: 'accept', nickname: 'Ada' }, { saveLAR: true }],
    [{ saveLastAgent: false }, { name: 'stopProcessing' }, { saveLAR: false }],
  ])('with %o, %o otherwise', (options, request, members) => {
    expect(encode(request, options)?.body).toMatchObject(members);
  });

  it.each<OperationRequest>([
    { name: 'transfer', to: { skill: 'Cards' } },
    { name: 'startConsultation', to: { skill: 'Cards' } },
    { name: 'completeTransfer' },
    { name: 'completeConference' },
  ])('nothing for %o: no skills, and no colleague without a name', (request) => {
    expect(encode(request)).toBeUndefined();
  });
});

describe('gws-8.5.2 reads', () => {
  const { decode, interactions, history } = gws852();
  const from = { type: 'Customer', nickname: 'Mia', participantId: '009A663B09F8001A' };

  it.each([
    [{ chatUri: 'http://host/api/v2/chats/0001Fa2K7QX9003C' }],
    [{ chatPath: '/chats/0001Fa2K7QX9003C' }],
    [{ chatUri: 'http://host/api/v2/chats/other', chatPath: '/chats/0001Fa2K7QX9003C' }],
  ])('the chat of a transcript from %o', (where) => {
    const messages = [{ index: 4, type: 'Text', text: 'Hi', from, visibility: 'All' }];
    const data = { messageType: 'MessageLogUpdated', notificationType: 'NewMessages', ...where, messages };
    expect(decode('/v2/me/chats', data)).toMatchObject({
      kind: 'transcript',
      interactionId: '0001Fa2K7QX9003C',
      lines: [{ index: 4, text: 'Hi' }],
    });
  });

  it('the transcript that a GET answers with', () => {
    const body = { statusCode: 0, messages: [{ index: 1, type: 'ParticipantJoined', from }] };
    expect(history?.('C1', body)).toMatchObject({
      kind: 'transcript',
      interactionId: 'C1',
      lines: [{ index: 1 }],
    });
    expect(history?.('C1', 'no')).toMatchObject({ kind: 'malformed' });
    expect(history?.('C1', { statusCode: 0 })).toMatchObject({ kind: 'malformed' });
  });

  it('the open chats, and says when the answer lists none', () => {
    const chat = { id: 'C1', state: 'Chatting', participants: [from], capabilities: ['SendMessage'] };
    expect(interactions?.({ statusCode: 0, chats: [chat] })).toMatchObject([
      { kind: 'interaction', interactionId: 'C1', update: { state: 'Chatting' } },
    ]);
    expect(interactions?.({ statusCode: 0, uris: [] })).toBeUndefined();
  });

  it('the reference to the request that caused a notification', () => {
    const data = {
      messageType: 'ChatStateChangeMessage',
      notificationType: 'Error',
      referenceId: 35,
      errorMessage: 'no such agent',
      chat: { id: 'C1', state: 'Chatting' },
    };
    expect(decode('/v2/me/chats', data)).toMatchObject({
      change: 'Error',
      referenceId: 35,
      error: 'no such agent',
    });
    expect(gws852().reply({ statusCode: 0, referenceId: 35 })).toEqual({ status: 0, referenceId: 35 });
  });

  it.each([
    [{ participantId: 'P1', type: 'Agent', nickname: 'Bea' }, undefined],
    [{ participantId: 'P1', type: 'Agent', nickname: 'Bea', uri: bea, visibility: 'Agents' }, 'bea'],
    [{ participantId: 'P1', id: 'P1', type: 'Agent', nickname: 'Bea', path: '/users/bea' }, 'bea'],
  ])('a participant written as %o', (participant, userId) => {
    const chat = { id: 'C1', state: 'Chatting', participants: [participant] };
    expect(
      decode('', { messageType: 'ChatStateChangeMessage', notificationType: 'ParticipantsUpdated', chat }),
    ).toMatchObject({
      update: { participants: [{ id: 'P1', type: 'Agent', nickname: 'Bea', ...(userId && { userId }) }] },
    });
  });

  it.each([
    [1_714_731_331_120, 1_714_731_331_120],
    [1_714_731_331, 1_714_731_331_000],
  ])('timestampSeconds %d in whichever unit it is', (timestampSeconds, at) => {
    const messages = [{ index: 4, type: 'Text', text: 'Hi', from, timestampSeconds }];
    expect(decode('', { messageType: 'MessageLogUpdated', chatPath: '/chats/C1', messages })).toMatchObject({
      lines: [{ at }],
    });
  });

  it('a line for agents only as such', () => {
    const messages = [{ index: 4, type: 'CustomNotice', noticeText: 'vip', from, visibility: 'Agents' }];
    expect(decode('', { messageType: 'MessageLogUpdated', chatPath: '/chats/C1', messages })).toMatchObject({
      lines: [{ visibility: 'Agents', text: 'vip' }],
    });
  });
});
