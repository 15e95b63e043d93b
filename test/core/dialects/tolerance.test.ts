import { describe, expect, it } from 'vitest';
import { decodeEvent } from '../../../core/dialects/events.ts';
import { decodeMe } from '../../../core/dialects/user.ts';
import type { Notification } from '../../../core/model/notification.ts';

const from = { type: 'Customer', nickname: 'Mia', participantId: '009A663B09F8001A' };
const text = { index: 4, type: 'Text', text: 'Help', visibility: 'All', from };
const invitation = { id: '0001Fa9Q7XKC003D', state: 'Invited' };
const log = { messageType: 'MessageLogUpdated', notificationType: 'NewMessages', interactionId: 'I7' };

const invited = (members: object): Notification =>
  decodeEvent({ messageType: 'InteractionStateChanged', interaction: { ...invitation, ...members } });
const lines = (...messages: object[]): Notification => decodeEvent({ ...log, messages });

describe('what the server leaves open', () => {
  it.each([
    ['userData'],
    ['participants'],
    ['capabilities'],
    ['chatType'],
    ['interactionType'],
    ['parentInteractionId'],
  ])('may be null, as %s of an invitation', (field) => {
    expect(invited({ [field]: null })).toMatchObject({
      kind: 'interaction',
      interactionId: invitation.id,
      update: { state: 'Invited' },
    });
  });

  it.each(['text', 'url', 'noticeText', 'timestamp', 'timestampSeconds', 'visibility'])(
    'may be null, as %s of a line',
    (field) => {
      expect(lines({ ...text, type: 'TypingStarted', [field]: null })).toMatchObject({
        kind: 'transcript',
        lines: [{ index: 4 }],
        problems: [],
      });
    },
  );

  it.each([
    ['no type', { participantId: 'X1', nickname: 'Mia' }, { id: 'X1', type: 'External', nickname: 'Mia' }],
    ['a new type', { participantId: 'X1', type: 'Monitor' }, { id: 'X1', type: 'External', nickname: '' }],
    ['a number for an id', { participantId: 7, type: 'Customer' }, { id: '7', type: 'Customer' }],
    [
      'an address of a user',
      { participantId: 'A1', type: 'Agent', uri: 'http://h/api/v2/users/u1' },
      { userId: 'u1' },
    ],
  ])('may be %s of a participant', (_what, participant, expected) => {
    expect(invited({ participants: [participant] })).toMatchObject({
      update: { participants: [expected] },
    });
  });

  it('is no user of an agent whose address names none', () => {
    const participants = [{ participantId: 'A1', type: 'Agent', path: '/participants/A1' }];
    expect(invited({ participants })).toMatchObject({
      update: { participants: [expect.not.objectContaining({ userId: expect.anything() })] },
    });
  });

  it('may be fields that nobody knows', () => {
    expect(invited({ colour: 'blue', chat: { id: 'x' }, suggestedQueueUris: [] })).toMatchObject({
      kind: 'interaction',
      interactionId: invitation.id,
    });
  });
});

describe('user data', () => {
  it.each([
    [
      { a: 'x', b: 1, c: true, d: null },
      { a: 'x', b: 1, c: true, d: null },
    ],
    [{ a: { b: [1] } }, { a: '{"b":[1]}' }],
    [[{ key: 'a', type: 'str', value: 'x' }], { a: 'x' }],
    [[{ key: 'a', type: 'kvlist', value: [{ key: 'b', value: 1 }] }], { a: '[{"key":"b","value":1}]' }],
    [[], {}],
  ])('%j is read as %j', (userData, expected) => {
    expect(invited({ userData })).toMatchObject({ update: { userData: expected } });
  });

  it('has no prototype of its own choosing', () => {
    const userData: unknown = JSON.parse('{"__proto__":{"FirstName":"sly"},"constructor":"x"}');
    const notification = invited({ userData });
    const found = notification.kind === 'interaction' ? notification.update.userData : undefined;
    expect(found?.['FirstName']).toBeUndefined();
  });
});

describe('a kind', () => {
  it.each(['constructor', 'toString', '__proto__', 'Callback', ''])('%j is none', (interactionType) => {
    const notification = invited({ interactionType });
    expect(notification).toMatchObject({ kind: 'interaction' });
    expect(notification.kind === 'interaction' && Object.hasOwn(notification.update, 'kind')).toBe(false);
  });

  it('is that of chatType where both are told', () => {
    expect(invited({ chatType: 'Transfer', interactionType: 'Inbound' })).toMatchObject({
      update: { kind: 'transfer' },
    });
  });
});

describe('a notification without a messageType', () => {
  it('is a transcript where it has messages', () => {
    expect(decodeEvent({ interactionId: 'I7', messages: [text] })).toMatchObject({
      kind: 'transcript',
      interactionId: 'I7',
      lines: [{ index: 4 }],
    });
  });

  it('tells channels where it has channels', () => {
    const channels = [{ channel: 'chat', userState: { state: 'Ready' } }];
    expect(decodeEvent({ channels })).toEqual({
      kind: 'channel',
      channels: [{ channel: 'chat', state: 'Ready' }],
    });
  });
});

describe('the state of channels', () => {
  const ready = { id: '9430250E', state: 'Ready', displayName: 'Ready' };

  it.each([
    [[{ channel: 'chat', dndState: 'Off', userState: ready }], [{ channel: 'chat', state: 'Ready' }]],
    [
      [
        { channel: 'chat', userState: ready },
        { channel: 'voice', userState: { state: 'OutToLunch' } },
      ],
      [
        { channel: 'chat', state: 'Ready' },
        { channel: 'voice', state: 'OutToLunch' },
      ],
    ],
    [[{ dndState: 'On' }], []],
    [[{ channel: 'chat' }, null, 7, { channel: 'chat', userState: null }], []],
    [undefined, []],
  ])('%j is read', (channels, expected) => {
    expect(decodeEvent({ messageType: 'ChannelStateChangeMessageV2', channels })).toEqual({
      kind: 'channel',
      channels: expected,
    });
  });
});

describe('a line', () => {
  it.each([
    ['All', 'All'],
    [undefined, 'All'],
    ['Agents', 'Agents'],
    ['Agent', 'Agents'],
    ['Supervisor', 'Agents'],
    ['Nobody knows', 'Agents'],
  ])('visible to %s is for %s', (visibility, expected) => {
    expect(lines({ ...text, visibility })).toMatchObject({ lines: [{ visibility: expected }] });
  });

  it.each([-1, 1.5, '4', null, 2 ** 53])('with the index %j is malformed', (index) => {
    expect(lines({ ...text, index })).toMatchObject({
      lines: [],
      problems: [expect.stringMatching(/index/)],
    });
  });

  it("does not quote a customer's long text when it is malformed", () => {
    const words = 'my card number is 4711 '.repeat(20);
    const notification = lines({ ...text, text: { said: words } }, { ...text, index: words }, words as never);
    expect(JSON.stringify(notification)).not.toContain('4711');
    expect(notification).toHaveProperty('problems.length', 3);
  });
});

describe('an interaction of a transcript', () => {
  it.each([
    [{ chatUri: 'http://host/api/v2/chats/I7/' }],
    [{ interactionId: '', chatPath: '/chats/I7' }],
    [{ interactionId: null, id: 'I7' }],
  ])('is I7 for %j', (address) => {
    const data = { messageType: 'MessageLogUpdated', ...address, messages: [text] };
    expect(decodeEvent(data)).toMatchObject({ kind: 'transcript', interactionId: 'I7' });
  });
});

describe('an Error', () => {
  it.each([
    [{ errorMessage: 'busy' }, 'busy'],
    [{ statusMessage: 'not now' }, 'not now'],
    [{ errorMessage: null, errorCode: 4 }, '4'],
    [{}, 'no reason given'],
  ])('with %j reads %j', (members, error) => {
    const data = {
      messageType: 'ChatStateChangeMessage',
      notificationType: 'Error',
      chat: invitation,
      ...members,
    };
    expect(decodeEvent(data)).toMatchObject({ change: 'Error', error });
  });
});

describe('/me', () => {
  const user = { id: 'u1', firstName: 'Ada', lastName: 'Stone' };

  it('lists chats of either name, those that cannot be read as malformed', () => {
    const me = decodeMe({
      user: { ...user, interactions: [invitation, { id: 7 }], chats: [{ id: 'I7', state: 'Chatting' }] },
    });
    expect(me?.interactions).toMatchObject([
      { kind: 'interaction', interactionId: invitation.id },
      { kind: 'malformed' },
      { kind: 'interaction', interactionId: 'I7', change: 'StatusChange' },
    ]);
  });

  it('lists nothing where it has addresses only', () => {
    expect(decodeMe({ user: { ...user, chats: ['/chats/I7'] } })).toMatchObject({ interactions: undefined });
  });

  it('survives names that are none', () => {
    expect(decodeMe({ user: { id: 'u1', firstName: null, lastName: 7 } })).toMatchObject({
      id: 'u1',
      firstName: '',
      lastName: '',
    });
  });
});
