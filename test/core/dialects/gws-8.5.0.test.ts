import { describe, expect, it } from 'vitest';
import { type Gws850Options, gws850 } from '../../../core/dialects/gws-8.5.0.ts';
import type { OperationRequest } from '../../../core/model/operation.ts';

const encode = (request: OperationRequest, options: Gws850Options = {}) =>
  gws850(options).encode({ ...request, interactionId: 'I1', plugin: 'tested' }, { origin: 'http://gws' });

describe('gws-8.5.0 sends', () => {
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
      { name: 'sendTyping', typing: true },
      { operationName: 'SendNotification', notifcation: 'TypingStarted' },
    ],
    [
      { name: 'sendTyping', typing: false },
      { operationName: 'SendNotification', notifcation: 'TypingStopped' },
    ],
    [
      { name: 'transfer', to: { agentId: 'u1' } },
      { operationName: 'Transfer', agentId: 'u1' },
    ],
    [
      { name: 'transfer', to: { skill: 'Cards' } },
      { operationName: 'Transfer', skill: 'Cards' },
    ],
    [{ name: 'stopProcessing' }, { operationName: 'StopProcessing' }],
    [{ name: 'requestHistory' }, { operationName: 'RequestChatHistory' }],
    [
      { name: 'requestHistory', fromIndex: 12 },
      { operationName: 'RequestChatHistory', eventId: '12' },
    ],
    [
      { name: 'startConsultation', to: { agentId: 'u1' } },
      { operationName: 'StartChatConsultation', agentId: 'u1' },
    ],
    [{ name: 'completeTransfer' }, { operationName: 'CompleteTransfer' }],
    [{ name: 'completeConference' }, { operationName: 'LeaveChatConsultation' }],
    [{ name: 'leaveConsultation' }, { operationName: 'LeaveChatConsultation' }],
  ];

  it.each(bodies)('%o as the page shows it', (request, body) => {
    expect(encode(request)).toEqual({ method: 'POST', path: '/me/interactions/I1', body });
  });

  const variants: readonly [Gws850Options, OperationRequest, object][] = [
    [
      { notificationKey: 'notification' },
      { name: 'sendTyping', typing: true },
      { notification: 'TypingStarted' },
    ],
    [
      { notificationKey: 'both' },
      { name: 'sendTyping', typing: true },
      { notifcation: 'TypingStarted', notification: 'TypingStarted' },
    ],
    [
      { consultationOp: 'InitiateConsultation' },
      { name: 'startConsultation', to: { agentId: 'u1' } },
      { operationName: 'InitiateConsultation' },
    ],
    [
      { conferenceOp: 'CompleteConference' },
      { name: 'completeConference' },
      { operationName: 'CompleteConference' },
    ],
    [{ transferKeys: { agent: 'userId' } }, { name: 'transfer', to: { agentId: 'u1' } }, { userId: 'u1' }],
    [{ transferKeys: { skill: 'group' } }, { name: 'transfer', to: { skill: 'Cards' } }, { group: 'Cards' }],
  ];

  it.each(variants)('with %o, %o otherwise', (options, request, members) => {
    expect(encode(request, options)?.body).toMatchObject(members);
  });

  it('no consultation with a skill, which the page does not know', () => {
    expect(encode({ name: 'startConsultation', to: { skill: 'Cards' } })).toBeUndefined();
  });

  it('an id that is no path of its own', () => {
    const request = gws850().encode(
      { name: 'reject', interactionId: '../me', plugin: 'tested' },
      { origin: 'http://gws' },
    );
    expect(request?.path).toBe('/me/interactions/..%2Fme');
  });

  it('the session requests of the page', () => {
    const { session } = gws850();
    expect(session.start()).toMatchObject({
      path: '/me',
      body: { operationName: 'StartContactCenterSession', channels: ['chat'] },
    });
    expect(session.start('Desk 7').body).toMatchObject({ place: 'Desk 7' });
    expect(session.ready).toMatchObject({ path: '/me/channels/chat', body: { operationName: 'Ready' } });
    expect(session.notReady).toMatchObject({
      path: '/me/channels/chat',
      body: { operationName: 'NotReady' },
    });
    expect(session.end).toMatchObject({ path: '/me', body: { operationName: 'EndContactCenterSession' } });
  });

  it('the topic with or without its prefix', () => {
    expect(gws850().topics).toEqual(['/v2/me/interactions']);
    expect(gws850({ topicPrefix: '' }).topics).toEqual(['/me/interactions']);
  });
});
