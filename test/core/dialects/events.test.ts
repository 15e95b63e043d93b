import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeEvent } from '../../../core/dialects/events.ts';
import { decodeMe } from '../../../core/dialects/user.ts';

const chat = {
  id: '0001Fa9Q7XKC003D',
  state: 'Invited',
  chatType: 'Inbound',
  uri: 'http://host/api/v2/chats/0001Fa9Q7XKC003D',
  capabilities: ['Accept', 'Reject'],
  participants: [
    { type: 'Agent', nickname: 'Ada', participantId: 'A1', path: '/users/u1' },
    { type: 'Customer', nickname: 'Mia', participantId: 'C1' },
  ],
  userData: { FirstName: 'Mia', Visits: 3, Nothing: null },
};

const decoded = {
  kind: 'interaction',
  interactionId: '0001Fa9Q7XKC003D',
  change: 'StatusChange',
  update: {
    state: 'Invited',
    kind: 'inbound',
    capabilities: ['Accept', 'Reject'],
    participants: [
      { id: 'A1', type: 'Agent', nickname: 'Ada', userId: 'u1' },
      { id: 'C1', type: 'Customer', nickname: 'Mia' },
    ],
    userData: { FirstName: 'Mia', Visits: 3, Nothing: null },
  },
};

describe('an interaction event', () => {
  it.each([
    [
      '8.5.1',
      { messageType: 'InteractionStateChanged', notificationType: 'StatusChange', interaction: chat },
    ],
    ['8.5.2', { messageType: 'ChatStateChangeMessage', notificationType: 'StatusChange', chat }],
    ['8.5.0, flat', { messageType: 'InteractionStateChanged', notificationType: 'StatusChange', ...chat }],
    ['8.5.0, flat and without messageType', chat],
    ['8.5.1, without messageType', { interaction: chat }],
  ])('is read in the envelope of %s', (_version, data) => {
    expect(decodeEvent(data)).toEqual(decoded);
  });

  it.each(['ParticipantsUpdated', 'PropertiesUpdated'])('tells its change: %s', (notificationType) => {
    expect(decodeEvent({ messageType: 'ChatStateChangeMessage', notificationType, chat })).toMatchObject({
      change: notificationType,
    });
  });

  it('tells why an operation failed later', () => {
    const data = {
      messageType: 'ChatStateChangeMessage',
      notificationType: 'Error',
      errorMessage: 'busy',
      chat,
    };
    expect(decodeEvent(data)).toMatchObject({ change: 'Error', error: 'busy' });
  });

  it.each([
    ['Consult', 'consultation'],
    ['Internal', 'consultation'],
    ['Transfer', 'transfer'],
    ['Conference', 'conference'],
  ])('of type %s is a %s', (interactionType, kind) => {
    expect(decodeEvent({ interaction: { id: 'I', state: 'Invited', interactionType } })).toMatchObject({
      update: { kind },
    });
  });

  it('takes user data as a list of keys and values', () => {
    const userData = [{ key: 'FirstName', type: 'str', value: 'Mia' }];
    expect(decodeEvent({ interaction: { id: 'I', state: 'Invited', userData } })).toMatchObject({
      update: { userData: { FirstName: 'Mia' } },
    });
  });

  it('leaves out what it does not mention', () => {
    expect(decodeEvent({ interaction: { id: 'I' } })).toMatchObject({ update: {} });
  });
});

describe('a transcript event', () => {
  const from = { type: 'Customer', nickname: 'Mia', participantId: 'C1' };
  const line = {
    index: 4,
    type: 'Text',
    text: 'Help',
    visibility: 'All',
    timestampSeconds: 1_714_731_331_120,
    from,
  };
  const read = (message: object) => {
    const notification = decodeEvent({
      messageType: 'MessageLogUpdated',
      interactionId: 'I',
      messages: [message],
    });
    return notification.kind === 'transcript' ? notification.lines[0] : notification;
  };

  it('is read line by line', () => {
    expect(read(line)).toEqual({
      index: 4,
      type: 'Text',
      text: 'Help',
      visibility: 'All',
      at: 1_714_731_331_120,
      from: { id: 'C1', type: 'Customer', nickname: 'Mia' },
    });
  });

  it.each([
    [{ interactionId: 'I7' }],
    [{ id: 'I7' }],
    [{ chatPath: '/chats/I7' }],
    [{ chatUri: 'http://host/api/v2/chats/I7' }],
  ])('belongs to the interaction that %o names', (address) => {
    const data = { messageType: 'MessageLogUpdated', ...address, messages: [line] };
    expect(decodeEvent(data)).toMatchObject({ kind: 'transcript', interactionId: 'I7' });
  });

  it.each([
    [{ timestampSeconds: 1_714_731_331 }, 1_714_731_331_000],
    [{ timestampSeconds: undefined, timestamp: '2024-05-03 10:15:31.120+0000' }, 1_714_731_331_120],
    [{ timestampSeconds: undefined, timestamp: '2024-05-03 12:15:31.120+0200' }, 1_714_731_331_120],
    [{ timestampSeconds: undefined, timestamp: '2024-05-03T10:15:31.120Z' }, 1_714_731_331_120],
    [{ timestampSeconds: undefined, timestamp: 'yesterday' }, undefined],
    [{ timestampSeconds: undefined }, undefined],
  ])('has the instant of %o', (time, at) => {
    const found = read({ ...line, ...time });
    expect(found !== undefined && 'at' in found ? found.at : undefined).toBe(at);
  });

  it.each([
    [
      { type: 'PushUrl', text: undefined, url: 'https://example.test' },
      { type: 'PushUrl', text: 'https://example.test' },
    ],
    [
      { type: 'CustomNotice', text: undefined, noticeText: 'vip' },
      { type: 'CustomNotice', text: 'vip' },
    ],
    [
      { type: 'TypingStarted', text: undefined },
      { type: 'TypingStarted', text: '' },
    ],
    [{ visibility: 'Agents' }, { visibility: 'Agents' }],
    [{ visibility: 'Agent' }, { visibility: 'Agents' }],
    [{ from: { ...from, type: 'Robot' } }, { from: { type: 'External' } }],
  ])('reads %o', (members, expected) => {
    expect(read({ ...line, ...members })).toMatchObject(expected);
  });

  it('keeps the lines that can be read, and names the others', () => {
    const messages = [
      line,
      { ...line, index: 'five' },
      null,
      { ...line, index: 6, type: 'Dance' },
      { ...line, index: 7 },
    ];
    const notification = decodeEvent({ messageType: 'MessageLogUpdated', interactionId: 'I', messages });
    expect(notification).toMatchObject({ lines: [{ index: 4 }, { index: 7 }] });
    expect(notification).toHaveProperty('problems.length', 3);
    expect(notification).toHaveProperty(
      'problems.0',
      expect.stringMatching(/^messages\[1\]\.index is "five": /),
    );
  });
});

describe('what cannot be read', () => {
  it.each([
    [undefined, 'data is missing, expected an object'],
    [null, 'data is null, expected an object'],
    [[], 'data is an array, expected an object'],
    ['text', 'data is "text", expected an object'],
    [{}, 'messageType is missing'],
    [{ messageType: 'MessageLogUpdated', interactionId: 'I' }, 'messages is missing, expected an array'],
    [
      { messageType: 'MessageLogUpdated', messages: [] },
      'none of interactionId, id, chatPath and chatUri names the interaction',
    ],
  ])('%o is malformed', (data, problem) => {
    expect(decodeEvent(data)).toEqual({ kind: 'malformed', problem });
  });

  it('names the field, and quotes no long text', () => {
    const notification = decodeEvent({ interaction: { id: 'I', state: 'x'.repeat(200) } });
    expect(notification).toHaveProperty(
      'problem',
      expect.stringMatching(/^interaction\.state is a string of 200 characters: /),
    );
  });

  it('is unknown where the type is', () => {
    expect(decodeEvent({ messageType: 'WeatherReport' })).toEqual({
      kind: 'unknown',
      messageType: '"WeatherReport"',
    });
  });

  it('never throws, whatever comes', () => {
    const kinds = ['interaction', 'transcript', 'channel', 'unknown', 'malformed'];
    const name = fc.constantFrom(
      'InteractionStateChanged',
      'MessageLogUpdated',
      'ChannelStateChangeMessageV2',
      'Else',
    );
    const keys = fc.constantFrom(
      'id',
      'state',
      'interaction',
      'chat',
      'messages',
      'userData',
      'participants',
      '__proto__',
      'from',
    );
    const values = [
      fc.string(),
      fc.integer(),
      fc.boolean(),
      fc.constant(null),
      fc.constantFrom('Text', 'Invited', 'Agent'),
    ];
    const value = fc.anything({ key: keys, values, maxDepth: 4, maxKeys: 4, withNullPrototype: true });
    fc.assert(
      fc.property(value, name, (data, messageType) => {
        const nested = typeof data === 'object' && data !== null ? { ...data, messageType } : data;
        expect(kinds).toContain(decodeEvent(nested).kind);
        expect(kinds).toContain(decodeEvent(data).kind);
      }),
      { numRuns: 2_000 },
    );
  });
});

describe('/me', () => {
  it('tells who the agent is and what is open', () => {
    const user = { id: 'u1', firstName: 'Ada', lastName: 'Stone', interactions: [chat] };
    expect(decodeMe({ statusCode: 0, user })).toMatchObject({
      id: 'u1',
      firstName: 'Ada',
      lastName: 'Stone',
      interactions: [{ kind: 'interaction', interactionId: chat.id }],
    });
  });

  it('tells that it does not list what is open', () => {
    expect(decodeMe({ user: { id: 'u1' } })).toMatchObject({ firstName: '', interactions: undefined });
  });

  it.each([[undefined], ['<html>'], [{ user: {} }], [{ user: { id: '' } }], [{ statusCode: 0 }]])(
    '%o is none',
    (body) => {
      expect(decodeMe(body)).toBeUndefined();
    },
  );
});
